import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Time } from './clock.ts'
import { program } from './program.ts'

const UP_WITHIN_MS = 300_000
const LINES_KEPT = 400

/** A running process of Linkpin. */
export interface Replica {
  pid: number
  /** Resolves with the address it listens at; rejects where it ends before. */
  up: Promise<string>
  /** Resolves when it has ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  isAlive(): boolean
  signal(signal: NodeJS.Signals): void
  jump(seconds: number): void
  /** Its last lines of the log. */
  log(): string[]
}

/** @param env what differs from the world's settings */
export async function startReplica(time: Time, env: Record<string, string>): Promise<Replica> {
  const { replica, killedAtCommit } = await program()
  const before = env.CHAOS_KILL ? ['--import', killedAtCommit] : []
  const child = spawn(process.execPath, [...before, replica], {
    env: { PATH: process.env.PATH, CHAOS_TIME: JSON.stringify(time), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines = linesOf(child)
  const ended = once(child, 'exit').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }))
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null
  const up = new Promise<string>((resolve, reject) => {
    lines.watch((line) => {
      const port = /"port":(\d+).*Linkpin is up/.exec(line)?.[1]
      if (port) resolve(`http://127.0.0.1:${port}`)
    })
    void ended.then(() => reject(new Error(`a replica ended:\n${lines.last.slice(-5).join('\n')}`)))
    setTimeout(() => reject(new Error('a replica is not up')), UP_WITHIN_MS).unref()
  })
  // Some are killed before they are up, and nobody waits for those.
  up.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    up,
    ended,
    isAlive,
    signal: (signal) => void child.kill(signal),
    jump: (seconds) => void (isAlive() && child.connected && child.send({ jump: seconds })),
    log: () => lines.last,
  }
}

function linesOf(child: ChildProcess): { last: string[]; watch(look: (line: string) => void): void } {
  const last: string[] = []
  const watchers: ((line: string) => void)[] = []
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) {
        last.push(line)
        for (const look of watchers) look(line)
      }
      last.splice(0, last.length - LINES_KEPT)
    })
  }
  return { last, watch: (look) => void watchers.push(look) }
}
