import { fork } from 'node:child_process'
import { once } from 'node:events'

/** What a process is to wait with. */
export interface Waiting {
  /** Its store. */
  folder: string
  /** Timers of another library, one for each schedule. */
  timers?: 'node-cron' | 'croner'
  count: number
  /** For how long. */
  seconds: number
}

/** What a process takes that waits: resident memory, and processor time. */
export async function measureWaiting(what: Waiting): Promise<{ megabytes: number; cpuPercent: number }> {
  const child = fork(new URL('./idle.ts', import.meta.url), { execArgv: ['--expose-gc', '--import', 'tsx'] })
  child.send(what)
  const [result] = (await once(child, 'message')) as [{ megabytes: number; cpuPercent: number }]
  await once(child, 'exit')
  return result
}
