import { Schema, type Connection } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import { addressKey, type Address, type Platform } from '../kernel/address.ts'
import { toDate, toInstant, type Clock } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'
import { askTogether, byId, endOfTurn } from '../kernel/together.ts'

interface PaceDoc {
  _id: string
  /** From then on the next message may go. */
  openAt: Date
  /** The pace is divided by this: 1 is full speed. Doubles when the platform says "too fast", shrinks in quiet minutes. */
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

// The published limits; where nothing is published, what practice says. Slack: 1 message a second and channel, about 3.8 a
// second in a workspace. Teams: 60 in 30 seconds and thread (half of it is left to people's own presses), 50 a second and
// tenant. Where that is too fast for a tenant, it says so and gets half.
const RATES: Record<Platform, { lane: Rate; space: Rate }> = {
  slack: { lane: { gap: 1000 / 3.8, ahead: 1000 }, space: { gap: 1000, ahead: 0 } },
  teams: { lane: { gap: 1000 / 40, ahead: 1000 }, space: { gap: 1000, ahead: 0 } },
}

const SLOWEST = 16
const CALM_MS = 60_000
/** By this the slowness shrinks with each calm minute: back to full speed far more slowly than away from it. */
const EASING = 0.75
const HOUR_MS = 3_600_000
const KEPT_HOURS = 24

/** Whether a message may go now; if not, who has to wait until when. */
type Turn = { free: true } | { free: false; who: 'lane' | 'space'; until: Temporal.Instant }

/** The lane of an address: its platform and tenant. */
export const laneOf = ({ platform, tenant }: Pick<Address, 'platform' | 'tenant'>): string =>
  derivedId(platform, tenant)

/** How many turns of a counter were had, and when it opens again. */
interface Taken {
  turns: number
  until: Temporal.Instant
}

/** Turns of one lane that are asked for together. */
interface Round {
  wanted: number
  taken: Promise<Taken>
}

// To the hour: a date that changes with each message would be an index entry that does.
const forgottenAfter = (at: number): Date => new Date((Math.ceil(at / HOUR_MS) + KEPT_HOURS) * HOUR_MS)

/** Keeps to the platforms' pace, with counters in the store that all replicas share. */
export function createPace(db: Connection, clock: Clock) {
  const model = db.model<PaceDoc>('Pace', schema, 'paces')
  const rounds = new Map<string, Round>()
  const spaceOf = (address: Address): string => derivedId('space', addressKey(address))

  const read = askTogether(async (ids) => byId(await model.find({ _id: { $in: ids } }).lean<PaceDoc[]>()))
  const closedUntil = (found: PaceDoc | undefined): Temporal.Instant | undefined =>
    found && found.openAt > toDate(clock.now()) ? toInstant(found.openAt) : undefined

  /** Takes up to so many turns of a counter, which was just read. */
  async function take(id: string, rate: Rate, wanted: number, found: PaceDoc | undefined): Promise<Taken> {
    const now = clock.now().epochMilliseconds
    const isCalm = found !== undefined && found.slowness > 1 && found.calmAt.getTime() <= now
    const slowness = isCalm ? Math.max(found.slowness * EASING, 1) : (found?.slowness ?? 1)
    const calmAt = isCalm || !found ? new Date(now + CALM_MS) : found.calmAt
    let [turns, openAt] = [0, found?.openAt.getTime() ?? 0]
    for (; turns < wanted && openAt <= now; turns++)
      openAt = Math.max(openAt, now - rate.ahead) + rate.gap * slowness
    const until = toInstant(new Date(openAt))
    if (turns === 0) return { turns, until }
    const next = { openAt: new Date(openAt), slowness, calmAt, forgetAt: forgottenAfter(now) }
    return (await replaced(id, found, next)) ? { turns, until } : take(id, rate, wanted, await read(id))
  }

  /** One turn of a lane. Those asked for in one turn of the event loop are taken in one write. */
  async function takeOfLane(
    lane: string,
    rate: Rate,
    found: PaceDoc | undefined,
  ): Promise<Temporal.Instant | undefined> {
    let round = rounds.get(lane)
    if (!round) {
      const begun: Round = {
        wanted: 0,
        taken: endOfTurn().then(() => {
          rounds.delete(lane)
          return take(lane, rate, begun.wanted, found)
        }),
      }
      rounds.set(lane, (round = begun))
    }
    const place = round.wanted++
    const { turns, until } = await round.taken
    return place < turns ? undefined : until
  }

  async function replaced(
    id: string,
    found: PaceDoc | undefined,
    next: Omit<PaceDoc, '_id'>,
  ): Promise<boolean> {
    if (found)
      return (await model.updateOne({ _id: id, openAt: found.openAt }, { $set: next })).modifiedCount === 1
    const { upsertedCount } = await model.updateOne({ _id: id }, { $setOnInsert: next }, { upsert: true })
    return upsertedCount === 1
  }

  /** Closes an address and its lane. Afterwards they go at half the pace. @param pause seconds, by the slowness so far */
  async function close(address: Address, pause: (slowness: number) => number): Promise<void> {
    const now = clock.now().epochMilliseconds
    for (const id of [laneOf(address), spaceOf(address)]) {
      const found = await read(id)
      // Several messages in flight are refused together: that is one refusal.
      const isSlowed = found !== undefined && found.calmAt.getTime() > now + CALM_MS
      const before = (found?.slowness ?? 1) / (isSlowed ? 2 : 1)
      const openAt = new Date(now + pause(before) * 1000)
      const set = {
        slowness: isSlowed ? found.slowness : Math.min(before * 2, SLOWEST),
        calmAt: new Date(openAt.getTime() + CALM_MS),
        forgetAt: forgottenAfter(openAt.getTime()),
      }
      await model.updateOne({ _id: id }, { $max: { openAt }, $set: set }, { upsert: true })
    }
  }

  return {
    /** Takes a turn for one message to an address. */
    async turn(address: Address): Promise<Turn> {
      const rates = RATES[address.platform]
      const [space, lane] = [spaceOf(address), laneOf(address)]
      const [before, ofLane] = await Promise.all([read(space), read(lane)])
      // Looked at first: a turn of the lane should not be lost for a space that has to wait.
      const spaceUntil = closedUntil(before)
      if (spaceUntil) return { free: false, who: 'space', until: spaceUntil }
      const laneUntil = await takeOfLane(lane, rates.lane, ofLane)
      if (laneUntil) return { free: false, who: 'lane', until: laneUntil }
      const { turns, until } = await take(space, rates.space, 1, before)
      return turns === 1 ? { free: true } : { free: false, who: 'space', until }
    },

    /** The platform asks for patience: nothing goes to the address or through its lane for a while, then at half the pace. */
    slow: (address: Address, seconds: number): Promise<void> => close(address, () => seconds),

    /** The platform does not answer, and the next message may be lost as well: each pause is twice as long as the one before. */
    doubt: (address: Address, seconds: number): Promise<void> =>
      close(address, (slowness) => seconds * slowness),

    /** When a lane opens again; undefined where it is open. */
    opensAt: async (lane: string): Promise<Temporal.Instant | undefined> => closedUntil(await read(lane)),
  }
}
