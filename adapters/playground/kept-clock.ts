import { Schema, type Connection } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import { movableClock, toDate, toInstant, type MovableClock } from '../../src/kernel/clock.ts'

interface ClockDoc {
  _id: string
  at: Date
}

const schema = new Schema<ClockDoc>(
  { _id: { type: String, required: true }, at: { type: Date, required: true } },
  { versionKey: false },
)

/**
 * The playground's clock: it stands still, and where it stands is kept with the data, because what was sent in the
 * network's future cannot be unsent by a restart. At the very first start it is this week's Monday, early, so that the
 * first day that is let pass brings the first messages.
 */
export async function keptClock(db: Connection): Promise<MovableClock> {
  const model = db.model<ClockDoc>('PlaygroundClock', schema, 'playground_clock')
  await model.init()
  const keep = (instant: Temporal.Instant) =>
    model.updateOne({ _id: 'clock' }, { $set: { at: toDate(instant) } }, { upsert: true })
  const kept = await model.findById('clock').lean<ClockDoc>()
  const clock = movableClock(kept ? toInstant(kept.at) : mondayOf(Temporal.Now.plainDateISO('UTC')))
  if (!kept) await keep(clock.now())
  return {
    now: () => clock.now(),
    async moveTo(instant) {
      // First kept, then shown: after a crash the clock may be ahead of what was done, never behind what was sent.
      await keep(instant)
      await clock.moveTo(instant)
    },
  }
}

const mondayOf = (date: Temporal.PlainDate): Temporal.Instant =>
  date
    .subtract({ days: date.dayOfWeek - 1 })
    .toZonedDateTime({ timeZone: 'UTC', plainTime: '06:00' })
    .toInstant()
