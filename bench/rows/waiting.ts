import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { movableClock } from '../../src/kernel/clock.ts'
import { openStore } from '../../src/store/connect.ts'
import type { Row } from '../support/row.ts'
import { addSchedules, createSchedules } from '../support/schedules.ts'
import { measureWaiting } from '../support/waiting.ts'

const messenger = { serves: async () => true, post: async () => ({ n: '1' }), update: async () => {} }

export const waiting: Row = {
  bot: '10,000 check-ins in the store, nothing due, a tick every second',
  against: 'the same process with an empty store',
  target: 'memory + <= 20 MiB; processor <= 1 %',
  async measure({ of }) {
    const [seconds, count] = [of(20), of(10_000)]
    const [empty, full] = [await temporary(), await temporary()]
    try {
      await fill(full, count)
      const base = await measureWaiting({ folder: empty, count: 0, seconds })
      const ours = await measureWaiting({ folder: full, count: 0, seconds })
      const others: string[] = []
      for (const timers of ['node-cron', 'croner'] as const) {
        const { megabytes } = await measureWaiting({ folder: empty, timers, count, seconds: 1 })
        others.push(`${timers} timers + ${Math.round(megabytes - base.megabytes)}`)
      }
      const more = Math.round(ours.megabytes - base.megabytes)
      return {
        measured: `+ ${more} MiB (${others.join(', ')}); processor ${ours.cpuPercent.toFixed(1)} % (empty ${base.cpuPercent.toFixed(1)} %)`,
        met: more <= 20 && ours.cpuPercent <= 1,
      }
    } finally {
      await Promise.all([empty, full].map((folder) => rm(folder, { recursive: true })))
    }
  },
}

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), 'linkpin-bench-'))

async function fill(folder: string, count: number): Promise<void> {
  const store = await openStore({ dataFolder: folder })
  const clock = movableClock('2026-11-24T07:00:00Z')
  await createSchedules(store, clock, messenger)
  await addSchedules(store, count, clock)
  await store.close()
}
