import type { Connection, Model } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import type { Texts } from '../i18n/texts.ts'
import { toDate, toInstant, type Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Logger } from '../kernel/logger.ts'
import { inParallel } from '../kernel/parallel.ts'
import type { Networks } from '../networks/types.ts'
import { createDeliver, type Recheck } from './deliver.ts'
import { createInProcessDispatcher, type CreateDispatcher } from './dispatcher.ts'
import { createLedger } from './ledger.ts'
import { createObserve, type Meter } from './meter.ts'
import { deliveryId, deliveryModel, memberOf, targetOf, type DeliveryDoc } from './model.ts'
import { createOperating, type Operating } from './operating.ts'
import { createPace, laneOf } from './pacing.ts'
import type { Deliveries, DeliveryState, Draft, Messenger } from './port.ts'
import { createReach, type Way } from './reach.ts'

/** What operators and tests may see of a delivery: everything but its content. */
export type Delivery = Pick<
  DeliveryDoc,
  '_id' | 'cause' | 'purpose' | 'to' | 'state' | 'reason' | 'notBefore' | 'sentAt' | 'attempts'
>

const KEPT = { hours: 24 * 365 }
const AT_ONCE = 200
// Enough for a thousand messages a second at 100 ms each. With more, answers come too late to be known as such.
const LANES_AT_ONCE = 100

/**
 * The delivery ledger.
 * @param deps.messengers the ways out; looked at anew each time, so that adapters may be added later
 * @param deps.recheck asked about each request to a member right before it is sent
 */
export function createDeliveries(deps: {
  db: Connection
  clock: Clock
  networks: Networks
  texts: Texts
  events: EventBus
  log: Logger
  messengers: Messenger[]
  recheck?: Recheck
  meter?: Meter
  /** In this process, if left out. */
  createDispatcher?: CreateDispatcher
  /** Milliseconds between tries to record what became of a message, while the store fails. */
  recordAgainAfterMs?: number[]
}): Deliveries & {
  /** Every few seconds: settles abandoned claims, tells what was not told, removes old contents. */
  reconcile(): Promise<void>
  list(filter: { network: string; cause?: string; state?: DeliveryState }): Promise<Delivery[]>
  /** After a backup was put back: what may have been sent since becomes unknown. Returns how many. */
  restored(since: Date): Promise<number>
  /** Begins nothing new; resolves when what the dispatcher's workers have on their way has ended. */
  stop(): Promise<void>
  operating: Operating
} {
  const { clock, networks, events } = deps
  const model = deliveryModel(deps.db)
  const observe = createObserve(deps.log, deps.meter)
  const ledger = createLedger(model, clock, observe, deps.recordAgainAfterMs)
  const pace = createPace(deps.db, clock)
  const reach = createReach(deps)
  const tell = createTeller(model, events, clock)
  let stopping = false
  const isStopping = (): boolean => stopping
  const deliver = createDeliver({ ...deps, model, ledger, pace, reach, tell, observe, isStopping })
  const dispatcher = (deps.createDispatcher ?? createInProcessDispatcher)(deliver)
  /** Lanes at work in this process: a later call does not wait for them. */
  const busy = new Set<string>()

  // Whoever leaves takes along everything that was or would have been sent to them.
  events.on('member.left', async ({ network, member }) => {
    await model.deleteMany({ network, 'to.member': member })
  })

  /** Whose hours count where nothing can be reached now. */
  async function whose({ network, to }: Draft): Promise<Pick<Way, 'network' | 'member'>> {
    const id = memberOf(to)
    return {
      network: await networks.network(network),
      member: id === undefined ? undefined : await networks.member(network, id),
    }
  }

  /** The document of a draft; nothing where its member has left, so that no trace of them is written again. */
  async function docOf(draft: Draft, place: number): Promise<DeliveryDoc | undefined> {
    const { network: id, cause, purpose, to, view } = draft
    const now = clock.now()
    const way = await reach.wayTo(id, to)
    if (way === 'member-left') return undefined
    const { network, member } = typeof way === 'string' ? await whose(draft) : way
    const good = member ? networks.nextGoodHourFor(member, network, now) : networks.nextGoodHour(network, now)
    const address = typeof way === 'string' ? undefined : way.address
    return {
      _id: deliveryId(draft),
      network: id,
      cause,
      purpose,
      to,
      lane: address ? laneOf(address) : 'nowhere',
      view,
      ask: draft.ask ?? 0,
      immediate: draft.immediate ?? false,
      ...(draft.expiresAt && { expiresAt: toDate(draft.expiresAt) }),
      state: 'pending',
      notBefore: toDate(draft.immediate ? now : good),
      owedAt: toDate(now),
      place,
      attempts: 0,
      fence: 0,
      version: 0,
      forgetAt: toDate(now.add(KEPT)),
    }
  }

  /** Goes on with one lane until nothing is due in it or it has to pause. */
  async function runLane(lane: string): Promise<number> {
    try {
      let total = 0
      for (;;) {
        const found = await model
          .find({ lane, notBefore: { $lte: toDate(clock.now()) } }, { to: 1 })
          .sort({ immediate: -1, owedAt: 1, place: 1 })
          .limit(AT_ONCE)
          .lean<DeliveryDoc[]>()
        const due = found.map(({ _id, to }) => ({
          id: _id,
          lane,
          target: targetOf(to),
        }))
        const steps = due.length > 0 ? await dispatcher.handOver(due) : 0
        total += steps
        if (steps < due.length || due.length < AT_ONCE) return total
      }
    } finally {
      busy.delete(lane)
    }
  }

  return {
    async owe(drafts) {
      const docs = await Promise.all(drafts.map(docOf))
      const inserted = await insertAll(
        model,
        docs.filter((doc) => doc !== undefined),
      )
      for (const doc of inserted) observe(doc, 'owed')
    },

    async revise(id, view) {
      const now = toDate(clock.now())
      const _id = deliveryId(id)
      const revised = await model
        .findOneAndUpdate(
          { _id, state: { $in: ['pending', 'retry', 'claimed', 'sent'] } },
          { $set: { view }, $inc: { version: 1 } },
          { returnDocument: 'after' },
        )
        .lean<DeliveryDoc>()
      if (revised?.state !== 'sent') return
      await model.updateOne({ _id, state: 'sent' }, { $set: { notBefore: now }, $unset: { bodyUntil: 1 } })
      await deliver(_id)
    },

    withdraw: (network, cause) => ledger.withdraw(network, cause),

    async runDue() {
      const lanes = await model.distinct('lane', { notBefore: { $lte: toDate(clock.now()) } })
      const idle = lanes.filter((lane) => !busy.has(lane))
      for (const lane of idle) busy.add(lane)
      let steps = 0
      await inParallel(idle, LANES_AT_ONCE, async (lane) => {
        const taken = await runLane(lane)
        steps += taken
      })
      return steps
    },

    async nextDueAt() {
      const lanes = await model.distinct('lane', { notBefore: { $exists: true } })
      const nexts = await Promise.all(
        lanes.map(async (lane) => {
          const first = await model
            .findOne({ lane, notBefore: { $exists: true } }, { notBefore: 1 })
            .sort({ notBefore: 1 })
            .lean<DeliveryDoc>()
          const due = first?.notBefore && toInstant(first.notBefore)
          const opens = await pace.opensAt(lane)
          return due && opens && Temporal.Instant.compare(opens, due) > 0 ? opens : due
        }),
      )
      return nexts.filter((at) => at !== undefined).toSorted(Temporal.Instant.compare)[0]
    },

    async reconcile() {
      await ledger.abandon()
      for (const delivery of await model.find({ untold: true }).lean<DeliveryDoc[]>()) await tell(delivery)
      await ledger.tidy()
    },

    restored: (since) => ledger.restored(since),
    stop() {
      stopping = true
      return dispatcher.close()
    },
    operating: createOperating(model, ledger, clock),

    list: (filter) =>
      model.find(filter, { view: 0, ref: 0, address: 0 }).sort({ owedAt: 1, place: 1 }).lean<Delivery[]>(),
  }
}

/** Tells the other rooms that a member got something, and remembers that they know. */
function createTeller(model: Model<DeliveryDoc>, events: EventBus, clock: Clock) {
  return async ({ _id, network, cause, to, ask, sentAt }: DeliveryDoc): Promise<void> => {
    const member = memberOf(to)
    if (!member) return
    const at = sentAt ?? toDate(clock.now())
    await events.emit('delivery.sent', { network, member, cause, ask: ask > 0, weight: ask, at })
    await model.updateOne({ _id }, { $unset: { untold: 1 } })
  }
}

/** Inserts what is not there yet, and returns that. */
async function insertAll(model: Model<DeliveryDoc>, docs: DeliveryDoc[]): Promise<DeliveryDoc[]> {
  try {
    // Made here and complete: mongoose need not look at each once more.
    if (docs.length > 0) await model.insertMany(docs, { ordered: false, lean: true })
    return docs
  } catch (error) {
    const { writeErrors } = error as { writeErrors?: { code?: number; index: number }[] }
    if (!writeErrors?.length || writeErrors.some(({ code }) => code !== 11000)) throw error
    const known = new Set(writeErrors.map(({ index }) => index))
    return docs.filter((_doc, index) => !known.has(index))
  }
}
