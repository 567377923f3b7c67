import { Schema, type Connection, type Model } from 'mongoose'
import { addressKey, type Address } from '../kernel/address.ts'
import { derivedId, fingerprint } from '../kernel/ids.ts'
import type { View } from '../views/view.ts'
import type { DeliveryState, Draft, MessageRef } from './port.ts'

/** One message that is owed, and what became of it. */
export interface DeliveryDoc {
  _id: string
  network: string
  cause: string
  purpose: string
  to: Draft['to']
  /** Platform and tenant it will go through: `slack|T0CITY`. Lanes never wait for one another. */
  lane: string
  /** Removed thirty days after it was settled. */
  view?: View
  ask: number
  immediate: boolean
  expiresAt?: Date
  state: DeliveryState
  /** Why it failed, was dropped or is unknown: one word, no names. */
  reason?: string
  /** When there is something to do for it: a first try, a next try, or a new content. Absent when all is done. */
  notBefore?: Date
  /** With `place` the order in which they go. */
  owedAt: Date
  place: number
  attempts: number
  /** Goes up with every claim: who holds an older one cannot write any more. */
  fence: number
  leaseUntil?: Date
  /** Where it went, and what the platform calls it. */
  address?: Address
  ref?: MessageRef
  sentAt?: Date
  /** True until the other rooms have been told that it was sent. */
  untold?: boolean
  /** Goes up with every new content. */
  version: number
  bodyUntil?: Date
  forgetAt: Date
}

const address = { platform: String, tenant: String, kind: { type: String }, id: String }
const addressSchema = new Schema<Address>(address as never, { _id: false, id: false })

const schema = new Schema<DeliveryDoc>({
  _id: { type: String, required: true },
  network: { type: String, required: true },
  cause: { type: String, required: true },
  purpose: { type: String, required: true },
  to: new Schema({ space: addressSchema, member: String }, { _id: false }),
  lane: { type: String, required: true },
  view: Schema.Types.Mixed,
  ask: { type: Number, required: true },
  immediate: { type: Boolean, required: true },
  expiresAt: Date,
  state: { type: String, required: true },
  reason: String,
  notBefore: Date,
  owedAt: { type: Date, required: true },
  place: { type: Number, required: true },
  attempts: { type: Number, required: true },
  fence: { type: Number, required: true },
  leaseUntil: Date,
  address: addressSchema,
  ref: Schema.Types.Mixed,
  sentAt: Date,
  untold: Boolean,
  version: { type: Number, required: true },
  bodyUntil: Date,
  forgetAt: { type: Date, required: true, expires: 0 },
})
  .index({ notBefore: 1 })
  .index({ lane: 1, notBefore: 1 })
  .index({ leaseUntil: 1 })
  .index({ untold: 1 }, { partialFilterExpression: { untold: true } })
  .index({ bodyUntil: 1 })
  .index({ network: 1, cause: 1 })

export const deliveryModel = (db: Connection): Model<DeliveryDoc> =>
  db.model<DeliveryDoc>('Delivery', schema, 'deliveries')

// Longer ids do not fit beside a message everywhere.
const LONGEST_ID = 200

/** The member of a private message. */
export const memberOf = (to: Draft['to']): string | undefined => ('member' in to ? to.member : undefined)

/** Channel or member as one key. */
export const targetOf = (to: Draft['to']): string => ('member' in to ? to.member : addressKey(to.space))

/** The id of what is owed: the same cause, purpose and target give the same. */
export function deliveryId({ cause, purpose, to }: Pick<Draft, 'cause' | 'purpose' | 'to'>): string {
  const id = derivedId(cause, purpose, targetOf(to))
  return id.length <= LONGEST_ID ? id : fingerprint(id)
}
