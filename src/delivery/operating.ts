import type { Model } from 'mongoose'
import { toDate, type Clock } from '../kernel/clock.ts'
import type { createLedger } from './ledger.ts'
import { platformOf } from './meter.ts'
import type { DeliveryDoc } from './model.ts'
import type { DeliveryState } from './port.ts'

/** What an operator may see of a delivery: where it stands, never what it says. */
export type Operated = Omit<DeliveryDoc, 'view' | 'to' | 'address' | 'ref'>

const HIDDEN = { view: 0, to: 0, address: 0, ref: 0 }
const MOST_LISTED = 100

/** What waits on a platform. */
export interface Waiting {
  platform: string
  /** How many might go now. */
  due: number
  /** Since when the oldest of them might have gone, in seconds. */
  oldestSeconds: number
}

/** The operator's view of the ledger. */
export function createOperating(
  model: Model<DeliveryDoc>,
  ledger: Pick<ReturnType<typeof createLedger>, 'again'>,
  clock: Clock,
) {
  return {
    /** The latest hundred, the newest first, and how many there are in all. */
    async list(filter: { network?: string; state: DeliveryState[] }): Promise<{
      total: number
      latest: Operated[]
    }> {
      const query = { ...(filter.network && { network: filter.network }), state: { $in: filter.state } }
      const latest = model.find(query, HIDDEN).sort({ owedAt: -1, place: -1 }).limit(MOST_LISTED)
      return { total: await model.countDocuments(query), latest: await latest.lean<Operated[]>() }
    },

    show: (id: string): Promise<Operated | null> => model.findById(id, HIDDEN).lean<Operated>(),

    /**
     * Lets one that ended without success wait again.
     * @param sure also one that may have arrived
     */
    async retry(
      id: string,
      sure: boolean,
    ): Promise<'waits' | 'unknown-id' | 'may-have-arrived' | 'no-content' | DeliveryState> {
      if (await ledger.again(id, sure ? ['failed', 'unknown'] : ['failed'])) return 'waits'
      const found = await model.findById(id, { state: 1, view: 1 }).lean<DeliveryDoc>()
      if (!found) return 'unknown-id'
      if (found.state === 'unknown' && !sure) return 'may-have-arrived'
      const mightWait = found.state === 'unknown' || found.state === 'failed'
      return mightWait && !found.view ? 'no-content' : found.state
    },

    /** What is due now, by platform. */
    async waiting(): Promise<Waiting[]> {
      const now = toDate(clock.now())
      const found = new Map<string, Waiting>()
      for (const lane of await model.distinct('lane', { notBefore: { $lte: now } })) {
        const query = { lane, notBefore: { $lte: now } }
        const due = await model.countDocuments(query)
        const first = await model.findOne(query, { notBefore: 1 }).sort({ notBefore: 1 }).lean<DeliveryDoc>()
        const seconds = (now.getTime() - (first?.notBefore ?? now).getTime()) / 1000
        const platform = platformOf(lane)
        const before = found.get(platform) ?? { platform, due: 0, oldestSeconds: 0 }
        const oldestSeconds = Math.max(before.oldestSeconds, seconds)
        found.set(platform, { platform, due: before.due + due, oldestSeconds })
      }
      return [...found.values()]
    },
  }
}

export type Operating = ReturnType<typeof createOperating>
