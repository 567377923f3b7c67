import { Schema, type Connection } from 'mongoose'
import { toDate, type Clock } from '../kernel/clock.ts'
import { fingerprint } from '../kernel/ids.ts'
import type { Incoming } from './port.ts'

interface InboxDoc {
  _id: string
  /** There while somebody is at it; past, where whoever was at it has died. */
  underwayUntil?: Date
  expiresAt: Date
}

const schema = new Schema<InboxDoc>(
  { _id: { type: String, required: true }, underwayUntil: Date, expiresAt: { type: Date, required: true } },
  { versionKey: false },
)
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

// Slack repeats a request for up to an hour, Teams for seconds; a week leaves room for a long outage.
const KEPT_DAYS = 7
/** Longer than anything takes, and over before Slack asks again after a minute. */
export const LEASE_SECONDS = 30

/** A request's own id, the same on every replica. */
export const requestKey = ({ account, requestId }: Incoming): string =>
  fingerprint([account.platform, account.tenant, requestId].join('|'))

export interface Inbox {
  /** `new`: for the caller to do, on one replica alone. `underway`: another is at it, or has just died. */
  begin(incoming: Incoming): Promise<'new' | 'underway' | 'done'>
  /** It has had its effect: written down soon, and not waited for. */
  finish(incoming: Incoming): void
  /** Takes it back: nothing was done, so the platform's repetition is welcome. */
  release(incoming: Incoming): Promise<void>
}

/** Recognises the platforms' repeated requests. Holds fingerprints, no contents. */
export function createInbox(db: Connection, clock: Clock): Inbox {
  const model = db.model<InboxDoc>('InboxEntry', schema, 'inbox')
  const inFuture = (seconds: number): Date => toDate(clock.now().add({ seconds }))
  // The start of a day: a precise time would keep for a week when somebody pressed something, an answer to a pulse too.
  const someDay = (): Date =>
    toDate(
      clock
        .now()
        .toZonedDateTimeISO('UTC')
        .startOfDay()
        .add({ days: KEPT_DAYS + 1 })
        .toInstant(),
    )
  const finished = new Set<string>()
  let writing: Promise<void> | undefined

  // Many at once share a write. What cannot be written waits for the next: at worst a repetition has its effect again.
  async function write(): Promise<void> {
    while (finished.size > 0) {
      const ids = [...finished]
      await model.updateMany({ _id: { $in: ids } }, { $unset: { underwayUntil: 1 } })
      for (const id of ids) finished.delete(id)
    }
  }

  async function takeOver(_id: string): Promise<'new' | 'underway' | 'done'> {
    const now = toDate(clock.now())
    const abandoned = await model
      .findOneAndUpdate(
        { _id, underwayUntil: { $lte: now } },
        { $set: { underwayUntil: inFuture(LEASE_SECONDS) } },
      )
      .lean()
    if (abandoned && !finished.has(_id)) return 'new'
    const found = await model.findById(_id).lean()
    return found?.underwayUntil && !finished.has(_id) ? 'underway' : 'done'
  }

  return {
    async begin(incoming) {
      const _id = requestKey(incoming)
      const times = { underwayUntil: inFuture(LEASE_SECONDS), expiresAt: someDay() }
      try {
        await model.create({ _id, ...times })
        return 'new'
      } catch (error) {
        if ((error as { code?: unknown }).code === 11000) return takeOver(_id)
        throw error
      }
    },
    finish(incoming) {
      finished.add(requestKey(incoming))
      writing ??= write()
        .catch(() => undefined)
        .finally(() => (writing = undefined))
    },
    async release(incoming) {
      await model.deleteOne({ _id: requestKey(incoming) })
    },
  }
}
