import { setTimeout as pause } from 'node:timers/promises'
import type { Model, QueryFilter } from 'mongoose'
import type { Temporal } from 'temporal-polyfill'
import type { Address } from '../kernel/address.ts'
import { toDate, type Clock } from '../kernel/clock.ts'
import type { Observe } from './meter.ts'
import { memberOf, type DeliveryDoc } from './model.ts'
import type { DeliveryState, MessageRef } from './port.ts'

/** For how long a claim is good. Whoever holds one longer may have crashed. */
export const LEASE_SECONDS = 60

/** What a holder knows and the store cannot take is tried again after these; then the claim ends by itself. */
const RECORD_AGAIN_AFTER_MS = [100, 300, 1000, 3000, 10_000, 30_000]

const BODY_KEPT = { hours: 24 * 30 }
const WAITING: DeliveryState[] = ['pending', 'retry']

/**
 * The state machine: pending → claimed → sent | retry | failed | unknown, or dropped while it waits. Every step is one
 * atomic write that only the holder of the claim can make.
 */
export function createLedger(
  model: Model<DeliveryDoc>,
  clock: Clock,
  observe: Observe,
  recordAgainAfterMs = RECORD_AGAIN_AFTER_MS,
) {
  const ended = () => ({ bodyUntil: toDate(clock.now().add(BODY_KEPT)) })

  /** Takes a due delivery for this process alone; nothing where somebody else was first. */
  async function claim(id: string): Promise<DeliveryDoc | null> {
    const now = clock.now()
    const claimed = await model
      .findOneAndUpdate(
        { _id: id, state: { $in: WAITING }, notBefore: { $lte: toDate(now) } },
        {
          $set: { state: 'claimed', leaseUntil: toDate(now.add({ seconds: LEASE_SECONDS })) },
          $unset: { notBefore: 1, reason: 1 },
          $inc: { fence: 1, attempts: 1 },
        },
        { returnDocument: 'after' },
      )
      .lean<DeliveryDoc>()
    if (claimed) observe(claimed, 'claimed')
    return claimed
  }

  /**
   * What the holder of a claim knows about it. It may also correct `unknown`, which the reconciler wrote when the holder
   * was slow: nobody else has tried since.
   */
  async function settle({ _id, fence }: DeliveryDoc, set: Partial<DeliveryDoc>): Promise<DeliveryDoc | null> {
    const settled = await insistently(() =>
      model
        .findOneAndUpdate(
          { _id, fence, state: { $in: ['claimed', 'unknown'] } },
          { $set: set, $unset: { leaseUntil: 1 } },
          { returnDocument: 'after' },
        )
        .lean<DeliveryDoc>(),
    )
    const { state } = set
    if (settled && state && state !== 'claimed')
      observe(settled, state === 'pending' ? 'released' : state, set.reason)
    return settled
  }

  /** Nobody else knows what became of a claim: a store that is away or full may be back in a moment. */
  async function insistently<T>(write: () => Promise<T>): Promise<T> {
    for (const milliseconds of recordAgainAfterMs) {
      try {
        return await write()
      } catch {
        await pause(milliseconds)
      }
    }
    return write()
  }

  /** Ends what still waits, without a claim. */
  async function end(
    delivery: Pick<DeliveryDoc, '_id' | 'lane'>,
    state: 'failed' | 'dropped',
    reason: string,
  ): Promise<void> {
    const { modifiedCount } = await model.updateOne(
      { _id: delivery._id, state: { $in: WAITING } },
      { $set: { state, reason, ...ended() }, $unset: { notBefore: 1 } },
    )
    if (modifiedCount > 0) observe(delivery, state, reason)
  }

  /** Nobody knows whether they arrived. Returns how many. */
  async function doubt(filter: QueryFilter<DeliveryDoc>, reason: string): Promise<number> {
    let count = 0
    for (const one of await model.find(filter, { lane: 1 }).lean()) {
      const { modifiedCount } = await model.updateOne(
        { $and: [{ _id: one._id }, filter] },
        { $set: { state: 'unknown', reason, ...ended() }, $unset: { leaseUntil: 1, notBefore: 1 } },
      )
      if (modifiedCount === 0) continue
      observe(one, 'unknown', reason)
      count++
    }
    return count
  }

  return {
    claim,

    /** The platform has it. What was revised meanwhile is brought up to date next. */
    async sent(claimed: DeliveryDoc, address: Address, ref: MessageRef): Promise<void> {
      const now = toDate(clock.now())
      const untold = memberOf(claimed.to) ? { untold: true } : {}
      const after = await settle(claimed, { state: 'sent', address, ref, sentAt: now, ...untold, ...ended() })
      if (after && after.version !== claimed.version)
        await model.updateOne({ _id: claimed._id, state: 'sent' }, { $set: { notBefore: now } })
    },

    /** A clean refusal: nothing arrived, so it may be tried again then. */
    retry: (claimed: DeliveryDoc, reason: string, at: Temporal.Instant) =>
      settle(claimed, { state: 'retry', reason, notBefore: toDate(at) }),

    failed: (claimed: DeliveryDoc, reason: string) =>
      settle(claimed, { state: 'failed', reason, ...ended() }),

    /** It may have arrived. Never sent again. */
    unknown: (claimed: DeliveryDoc, reason: string) =>
      settle(claimed, { state: 'unknown', reason, ...ended() }),

    /** Gives a claim back before anything was sent. */
    release: (claimed: DeliveryDoc) => settle(claimed, { state: 'pending', notBefore: toDate(clock.now()) }),

    end,

    /** Looks at it again later: what waits to be sent, or to be brought up to date. */
    async postpone({ _id, state }: DeliveryDoc, until: Temporal.Instant): Promise<void> {
      await model.updateOne({ _id, state }, { $set: { notBefore: toDate(until) } })
    },

    /** Moves it to the lane of another account or platform; it is due there as it was here. */
    async reroute({ _id, state }: DeliveryDoc, lane: string): Promise<void> {
      await model.updateOne({ _id, state }, { $set: { lane } })
    },

    /** The new content is on the platform, or can never be; unless a newer one has come. */
    async revised({ _id, version }: DeliveryDoc): Promise<void> {
      await model.updateOne({ _id, version, state: 'sent' }, { $unset: { notBefore: 1 }, $set: ended() })
    },

    /** Drops all that waits for a cause. */
    async withdraw(network: string, cause: string): Promise<void> {
      const waiting = await model.find({ network, cause, state: { $in: WAITING } }, { lane: 1 }).lean()
      for (const one of waiting) await end(one, 'dropped', 'withdrawn')
    },

    /** Claims whose holder has vanished: the request may have been made. */
    async abandon(): Promise<void> {
      await doubt({ state: 'claimed', leaseUntil: { $lt: toDate(clock.now()) } }, 'lease-expired')
    },

    /**
     * After a backup was put back: what was on its way in it, what was due by now, and what was owed since may all have
     * been sent by the Linkpin that went on after the backup.
     * @param since when the backup was put back
     * @returns how many are unknown for that reason
     */
    restored: (since: Date): Promise<number> =>
      doubt(
        {
          $or: [
            { state: 'claimed' },
            { state: { $in: WAITING }, notBefore: { $lte: since } },
            { state: { $in: WAITING }, owedAt: { $gte: since } },
          ],
        },
        'restored',
      ),

    /** An operator's decision: it waits again, as if it had never been tried. False where it cannot. */
    async again(id: string, from: DeliveryState[]): Promise<boolean> {
      const waiting = await model
        .findOneAndUpdate(
          { _id: id, state: { $in: from }, view: { $exists: true } },
          {
            $set: { state: 'pending', notBefore: toDate(clock.now()), attempts: 0 },
            $unset: { reason: 1, bodyUntil: 1, leaseUntil: 1 },
          },
          { returnDocument: 'after' },
        )
        .lean<DeliveryDoc>()
      if (waiting) observe(waiting, 'again')
      return waiting !== null
    },

    /** Removes the contents of what was settled long ago; that it was sent stays on record. */
    async tidy(): Promise<void> {
      await model.updateMany(
        { bodyUntil: { $lte: toDate(clock.now()) } },
        { $unset: { view: 1, bodyUntil: 1 } },
      )
    },
  }
}
