import { Schema, type Connection } from 'mongoose'
import { toDate, type Clock } from '../kernel/clock.ts'
import { fingerprint } from '../kernel/ids.ts'
import type { Incoming } from './port.ts'

interface InboxDoc {
  _id: string
  expiresAt: Date
}

const schema = new Schema<InboxDoc>(
  { _id: { type: String, required: true }, expiresAt: { type: Date, required: true } },
  { versionKey: false },
)
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

// Slack repeats a request for up to an hour, Teams for seconds; a week leaves room for a long outage.
const KEPT_DAYS = 7

export interface Inbox {
  /** True for the first of all requests with the same id, on whichever replica. */
  isNew(incoming: Incoming): Promise<boolean>
  /** Takes it back: nothing was done, so the platform's repetition is welcome. */
  release(incoming: Incoming): Promise<void>
}

/** Recognises the platforms' repeated requests. Holds fingerprints, no contents. */
export function createInbox(db: Connection, clock: Clock): Inbox {
  const model = db.model<InboxDoc>('InboxEntry', schema, 'inbox')
  const idOf = ({ account, requestId }: Incoming): string =>
    fingerprint([account.platform, account.tenant, requestId].join('|'))
  return {
    async isNew(incoming) {
      const expiresAt = toDate(clock.now().add({ hours: 24 * KEPT_DAYS }))
      try {
        await model.create({ _id: idOf(incoming), expiresAt })
        return true
      } catch (error) {
        if ((error as { code?: unknown }).code === 11000) return false
        throw error
      }
    },
    async release(incoming) {
      await model.deleteOne({ _id: idOf(incoming) })
    },
  }
}
