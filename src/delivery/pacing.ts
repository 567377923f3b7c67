import { Schema, type Connection } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import { addressKey, type Address, type Platform } from '../kernel/address.ts'
import { toDate, toInstant, type Clock } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'

interface PaceDoc {
  _id: string
  /** From then on the next message may go. */
  openAt: Date
  /** The pace is divided by this: 1 is full speed. Doubles when the platform says "too fast", halves in quiet minutes. */
  slowness: number
  calmAt: Date
  forgetAt: Date
}

const schema = new Schema<PaceDoc>({
  _id: { type: String, required: true },
  openAt: { type: Date, required: true },
  slowness: { type: Number, required: true },
  calmAt: { type: Date, required: true },
  forgetAt: { type: Date, required: true, expires: 0 },
})

/** Milliseconds between two messages, and how far a lane that was idle may run ahead. */
interface Rate {
  gap: number
  ahead: number
}

// The published limits. Slack: 1 message a second and channel, about 3.8 a second in a workspace. Teams: 60 in 30 seconds
// and thread (half of it is left to people's own presses), 50 a second and tenant.
const RATES: Record<Platform, { lane: Rate; space: Rate }> = {
  slack: { lane: { gap: 1000 / 3, ahead: 1000 }, space: { gap: 1000, ahead: 0 } },
  teams: { lane: { gap: 1000 / 40, ahead: 1000 }, space: { gap: 1000, ahead: 0 } },
}

const SLOWEST = 16
const CALM_MS = 60_000
const KEPT_MS = 24 * 3_600_000

/** Whether a message may go now; if not, who has to wait until when. */
type Turn = { free: true } | { free: false; who: 'lane' | 'space'; until: Temporal.Instant }

/** The lane of an address: its platform and tenant. */
export const laneOf = ({ platform, tenant }: Pick<Address, 'platform' | 'tenant'>): string =>
  derivedId(platform, tenant)

/** Keeps to the platforms' pace, with counters in the store that all replicas share. */
export function createPace(db: Connection, clock: Clock) {
  const model = db.model<PaceDoc>('Pace', schema, 'paces')
  const spaceOf = (address: Address): string => derivedId('space', addressKey(address))

  const read = async (id: string): Promise<PaceDoc | null> => model.findById(id).lean<PaceDoc>()
  const closedUntil = (found: PaceDoc | null): Temporal.Instant | undefined =>
    found && found.openAt > toDate(clock.now()) ? toInstant(found.openAt) : undefined

  /** One message's worth of a counter, which was just read; the instant it opens, where it is used up. */
  async function take(id: string, rate: Rate, found: PaceDoc | null): Promise<Temporal.Instant | undefined> {
    const until = closedUntil(found)
    if (until) return until
    const now = clock.now().epochMilliseconds
    const isCalm = found !== null && found.slowness > 1 && found.calmAt.getTime() <= now
    const slowness = isCalm ? found.slowness / 2 : (found?.slowness ?? 1)
    const calmAt = isCalm || !found ? new Date(now + CALM_MS) : found.calmAt
    const idle = Math.max(found?.openAt.getTime() ?? 0, now - rate.ahead)
    const openAt = new Date(idle + rate.gap * slowness)
    const next = { openAt, slowness, calmAt, forgetAt: new Date(now + KEPT_MS) }
    return (await replaced(id, found, next)) ? undefined : take(id, rate, await read(id))
  }

  async function replaced(id: string, found: PaceDoc | null, next: Omit<PaceDoc, '_id'>): Promise<boolean> {
    if (found)
      return (await model.updateOne({ _id: id, openAt: found.openAt }, { $set: next })).modifiedCount === 1
    const { upsertedCount } = await model.updateOne({ _id: id }, { $setOnInsert: next }, { upsert: true })
    return upsertedCount === 1
  }

  return {
    /** Takes a turn for one message to an address. */
    async turn(address: Address): Promise<Turn> {
      const rates = RATES[address.platform]
      const space = spaceOf(address)
      // Looked at first: a turn of the lane should not be lost for a space that has to wait.
      const before = await read(space)
      const spaceUntil = closedUntil(before)
      if (spaceUntil) return { free: false, who: 'space', until: spaceUntil }
      const lane = laneOf(address)
      const laneUntil = await take(lane, rates.lane, await read(lane))
      if (laneUntil) return { free: false, who: 'lane', until: laneUntil }
      const until = await take(space, rates.space, before)
      return until ? { free: false, who: 'space', until } : { free: true }
    },

    /** The platform asks for patience: nothing goes to the address or through its lane for a while, then at half the pace. */
    async slow(address: Address, seconds: number): Promise<void> {
      const now = clock.now().epochMilliseconds
      const openAt = new Date(now + seconds * 1000)
      for (const id of [laneOf(address), spaceOf(address)]) {
        const found = await read(id)
        // Several messages in flight are refused together: that is one refusal.
        const isSlowed = found !== null && found.calmAt.getTime() > now + CALM_MS
        const slowness = isSlowed ? found.slowness : Math.min((found?.slowness ?? 1) * 2, SLOWEST)
        const set = { slowness, calmAt: new Date(openAt.getTime() + CALM_MS) }
        const forgetAt = new Date(openAt.getTime() + KEPT_MS)
        await model.updateOne({ _id: id }, { $max: { openAt }, $set: { ...set, forgetAt } }, { upsert: true })
      }
    },

    /** When a lane opens again; undefined where it is open. */
    opensAt: async (lane: string): Promise<Temporal.Instant | undefined> => closedUntil(await read(lane)),
  }
}
