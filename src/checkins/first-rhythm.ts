import { Schema, type Connection } from 'mongoose'
import type { Network, Networks } from '../networks/types.ts'
import type { Checkins, Recurrence } from './kind.ts'

// What a new network begins with, so that something happens in its first week. Coordinators change it as they like.
// Starting values from practice: mornings, never Monday for the team, never two on the same day.
const FIRST: { kind: string; recurrence: Exclude<Recurrence, { every: 'once' }>; localTime: string }[] = [
  { kind: 'nudge', recurrence: { every: 'week', interval: 1, weekdays: [2] }, localTime: '09:30' },
  { kind: 'pulse', recurrence: { every: 'week', interval: 2, weekdays: [3] }, localTime: '10:00' },
  { kind: 'goal-review', recurrence: { every: 'week', interval: 4, weekdays: [4] }, localTime: '10:00' },
  { kind: 'care-digest', recurrence: { every: 'week', interval: 1, weekdays: [1] }, localTime: '09:00' },
  { kind: 'introduction', recurrence: { every: 'month', interval: 1, day: 15 }, localTime: '11:00' },
]

// A network that consolidates is asked half as often; the pulse's plans start from the same figure.
const EVERY_WHERE_CONSOLIDATING: Record<string, number> = { pulse: 4 }

const schema = new Schema<{ _id: string }>({ _id: { type: String, required: true } }, { versionKey: false })

/**
 * Gives every network that has none yet its first rhythm, once: what coordinators delete later stays deleted.
 * Call it at start and now and then; networks may be imported by another process.
 */
export function createFirstRhythm(
  db: Connection,
  networks: Networks,
  checkins: Checkins,
): () => Promise<void> {
  const model = db.model<{ _id: string }>('Rhythm', schema, 'rhythms')
  async function begin(network: Network): Promise<void> {
    if (await model.exists({ _id: network.id })) return
    for (const { kind, recurrence, localTime } of FIRST) {
      const slower = network.phase === 'consolidating' ? EVERY_WHERE_CONSOLIDATING[kind] : undefined
      const own = slower ? { ...recurrence, interval: slower } : recurrence
      await checkins.ensure(network, kind, own, localTime)
    }
    await model.updateOne({ _id: network.id }, { $setOnInsert: { _id: network.id } }, { upsert: true })
  }
  return async () => {
    for (const network of await networks.list()) await begin(network)
  }
}
