import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RequestHandler } from 'express'
import { z } from 'zod'
import { randomId } from './kernel/ids.ts'

/** What a command printed, and its exit code. */
export interface Ran {
  code: number
  text: string
}

const EVERYWHERE = ['0.0.0.0', '::']
// A server that does not answer by then would not soon.
const PATIENCE_MS = 30_000

const fileOf = (folder: string): string => join(folder, 'operate.json')
const doorSchema = z.object({ url: z.url(), token: z.string() })
const requestSchema = z.object({ args: z.array(z.string()).max(20) })
const ranSchema = z.object({ code: z.number(), text: z.string() })

/**
 * Lets operators' commands in while the data folder is in use: whoever may read the folder finds the address and a token
 * that is new with every start.
 * @param run runs a command
 */
export function createDoor(folder: string, run: (args: string[]) => Promise<Ran>) {
  const token = randomId() + randomId()
  const handler: RequestHandler = async (request, response) => {
    const parsed = requestSchema.safeParse(request.body)
    if (!parsed.success) return void response.status(400).end()
    response.json(await run(parsed.data.args))
  }
  return {
    token,
    handler,
    /** @param host what the server listens on */
    open(host: string, port: number): void {
      const address = EVERYWHERE.includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
      const url = `http://${address}:${port}`
      rmSync(fileOf(folder), { force: true })
      writeFileSync(fileOf(folder), JSON.stringify({ url, token }), { mode: 0o600, flag: 'wx' })
    },
    close: () => rmSync(fileOf(folder), { force: true }),
  }
}

/**
 * Has a command run by the Linkpin that works in the folder.
 * @returns nothing where none is there
 */
export async function knock(folder: string, args: string[]): Promise<Ran | undefined> {
  try {
    const { url, token } = doorSchema.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')))
    const response = await fetch(`${url}/operate/deliveries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ args }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return ranSchema.parse(await response.json())
  } catch {
    // No door, or one that a crash left behind: the folder can be opened, or says itself why not.
    return undefined
  }
}
