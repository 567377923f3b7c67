import type { Messenger } from '../../src/delivery/port.ts'
import { movableClock } from '../../src/kernel/clock.ts'
import { median, type Row } from '../support/row.ts'
import { addSchedules, createSchedules } from '../support/schedules.ts'
import { openTemporaryStore } from '../support/world.ts'
import type { Store } from '../../src/store/connect.ts'

const TICK_MS = 1000

/** What one run of it showed, in milliseconds. */
interface Run {
  expanded: number
  firstSend: number
  inserted: number
}

export const dueAtOnce: Row = {
  bot: '10,000 check-ins due in one second: all occurrences composed, their deliveries owed',
  against: 'one bulk insert of the same documents',
  target: '<= 3 x; first send <= 2 s',
  async measure({ rounds, of }) {
    const runs: Run[] = []
    for (let round = 0; round < Math.min(rounds, 3); round++) runs.push(await run(of(10_000)))
    const times = runs.map(({ expanded, inserted }) => expanded / inserted)
    const first = median(runs.map(({ firstSend }) => firstSend)) / 1000
    const seconds = median(runs.map(({ expanded }) => expanded)) / 1000
    return {
      measured: `${median(times).toFixed(1)} x (${seconds.toFixed(1)} s); first send ${first.toFixed(1)} s`,
      met: median(times) <= 3 && first <= 2,
    }
  },
}

async function run(count: number): Promise<Run> {
  const { store, close } = await openTemporaryStore()
  const clock = movableClock('2026-11-24T08:59:59Z')
  let firstSentAt: number | undefined
  const messenger: Messenger = {
    serves: async () => true,
    async post() {
      firstSentAt ??= performance.now()
      return { n: '1' }
    },
    update: async () => {},
  }
  try {
    const { checkins, deliveries } = await createSchedules(store, clock, messenger)
    await addSchedules(store, count, clock)
    clock.moveTo(clock.now().add({ seconds: 1 }))
    const start = performance.now()
    // As the app does it: what is owed goes out while the rest is still being composed.
    const runs: Promise<number>[] = []
    const sending = setInterval(() => runs.push(deliveries.runDue()), TICK_MS)
    const composed = await checkins.tick()
    const expanded = performance.now() - start
    clearInterval(sending)
    if (composed !== count) throw new Error(`${composed} of ${count} were composed`)
    await Promise.all(runs)
    while (firstSentAt === undefined) await deliveries.runDue()
    return {
      expanded,
      firstSend: (firstSentAt ?? NaN) - start,
      inserted: await bulkInsert(store, ['Occurrence', 'Delivery']),
    }
  } finally {
    await close()
  }
}

/** How long it takes to insert the same documents again, under other ids. */
async function bulkInsert(store: Store, names: string[]): Promise<number> {
  const sets = await Promise.all(
    names.map(async (name) => {
      const model = store.db.model<{ _id: string }>(name)
      const docs = await model.find().lean()
      return { model, docs: docs.map((doc) => ({ ...doc, _id: `again|${doc._id}` })) }
    }),
  )
  const start = performance.now()
  for (const { model, docs } of sets) await model.insertMany(docs, { ordered: false })
  return performance.now() - start
}
