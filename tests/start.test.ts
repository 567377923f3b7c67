import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

// The process itself: `npm start` on a bare machine, with right and with wrong settings.

let folder: string
let children: ChildProcess[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linkpin-'))
  children = []
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Started {
  child: ChildProcess
  output(): string
  /** Resolves with the address once the output tells it. */
  address: Promise<string>
  ended: Promise<number | null>
}

function start(settings: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { PATH: process.env.PATH, PORT: '0', DATA_FOLDER: folder, LOG_LEVEL: 'info', ...settings },
  })
  children.push(child)
  let text = ''
  const address = new Promise<string>((resolve) => {
    const listen = (chunk: Buffer): void => {
      text += chunk.toString()
      const found = /http:\/\/[\d.]+:\d+/.exec(text)
      if (found) resolve(found[0])
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
  })
  return {
    child,
    output: () => text,
    address,
    ended: once(child, 'exit').then(([code]) => code as number | null),
  }
}

describe('npm start', () => {
  test('brings up the playground with an embedded store, and stops when asked', async () => {
    const { address, child, ended } = start()
    const page = await fetch(await address)
    expect(page.url).toMatch(/\/playground\/$/)
    expect(await page.text()).toContain('<!doctype html>')
    expect(await (await fetch(`${await address}/readyz`)).json()).toEqual({ ok: true })
    expect(await (await fetch(`${await address}/privacy`)).text()).toContain('What is not stored')
    expect((await fetch(`${await address}/slack/events`, { method: 'POST' })).status).toBe(404)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('comes back after kill -9 with everything it had', async () => {
    const first = start()
    const state = async (address: string): Promise<unknown> =>
      (await fetch(`${address}/playground/api/network`)).json()
    const before = await state(await first.address)
    first.child.kill('SIGKILL')
    await first.ended
    expect(await state(await start().address)).toEqual(before)
  })

  test('refuses a folder that another Linkpin uses', async () => {
    const first = start()
    await first.address
    const second = start()
    expect(await second.ended).toBe(1)
    expect(second.output()).toMatch(/in use/)
  })

  test('names every wrong setting in a line of its own, and does not start', async () => {
    const { ended, output } = start({ PORT: 'http', SLACK_BOT_TOKEN: 'token' })
    expect(await ended).toBe(1)
    expect(output()).toContain('PORT: expected a port number from 0 to 65535\n')
    expect(output()).toContain('SLACK_BOT_TOKEN: expected a bot token, which begins with xoxb-\n')
  })

  test('says which line of the network file is wrong', async () => {
    const file = join(folder, 'network.yaml')
    writeFileSync(file, 'id: a\nname: A\nzone: Europe/Berln\n')
    const { ended, output } = start({ PLAYGROUND_NETWORK: file })
    expect(await ended).toBe(1)
    expect(output()).toMatch(/line 3: .*Europe\/Berlin/)
  })
})
