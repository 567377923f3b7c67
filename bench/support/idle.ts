/** A process that waits: with nothing, with check-ins in the store, or with timers. Tells what that takes. */
import { schedule } from 'node-cron'
import { Cron } from 'croner'
import { setTimeout as wait } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import { movableClock } from '../../src/kernel/clock.ts'
import { openStore } from '../../src/store/connect.ts'
import type { Waiting } from './waiting.ts'
import { createSchedules } from './schedules.ts'

process.on('message', (what: Waiting) => {
  void measure(what).then((result) => process.send?.(result, () => process.exit()))
})

const messenger = { serves: async () => true, post: async () => ({ n: '1' }), update: async () => {} }

async function measure({ folder, timers, count, seconds }: Waiting) {
  const store = await openStore({ dataFolder: folder })
  const clock = movableClock('2026-11-24T07:00:00Z')
  const { checkins, deliveries } = await createSchedules(store, clock, messenger)
  for (let n = 0; n < count; n++) {
    const [minute, hour] = [n % 60, (n % 24) + 0]
    // Never today, so that none runs while it is measured.
    const pattern = `${minute} ${hour} 1 1 *`
    if (timers === 'node-cron') schedule(pattern, () => undefined, { timezone: 'Europe/Berlin' })
    if (timers === 'croner') new Cron(pattern, { timezone: 'Europe/Berlin' }, () => undefined)
  }
  const tick = async (): Promise<void> => {
    await checkins.tick()
    await deliveries.runDue()
  }
  for (let warm = 0; warm < 5; warm++) await tick()
  globalThis.gc?.()
  const [before, start] = [process.cpuUsage(), Temporal.Now.instant().epochMilliseconds]
  for (let second = 0; second < seconds; second++) {
    await tick()
    await wait(1000)
  }
  const used = process.cpuUsage(before)
  const passed = Temporal.Now.instant().epochMilliseconds - start
  globalThis.gc?.()
  return {
    megabytes: process.memoryUsage().rss / 2 ** 20,
    cpuPercent: (used.user + used.system) / 1000 / passed / 0.01,
  }
}
