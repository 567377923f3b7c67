import type { Model } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import type { Texts } from '../i18n/texts.ts'
import type { Address } from '../kernel/address.ts'
import { localDate, toDate, toInstant, type Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import { groupBy } from '../kernel/parallel.ts'
import { askTogether, byId } from '../kernel/together.ts'
import type { Member, Networks } from '../networks/types.ts'
import { LEASE_SECONDS, type createLedger } from './ledger.ts'
import { platformOf, type Meter, type Observe } from './meter.ts'
import { memberOf, targetOf, type DeliveryDoc } from './model.ts'
import { laneOf, type createPace } from './pacing.ts'
import { Refused, type MessageRef } from './port.ts'
import { inReadersLanguage, type createReach, type Way } from './reach.ts'

/** What is asked of a member, when the app looks once more whether it should be asked now. */
export interface Ask {
  network: string
  member: string
  cause: string
  /** 1 to 3 */
  weight: number
}

/** `send` it, `drop` it because the partner has been asked enough, or look again then. */
export type Recheck = (ask: Ask) => Promise<'send' | 'drop' | Date>

/**
 * `done`: it left the queue. `later`: it waits for a later instant. `lane-closed`: so does all that goes the same way.
 * `in-flight`: another process is posting to the same target; nothing may overtake that.
 */
export type Step = 'done' | 'later' | 'lane-closed' | 'in-flight'

// The platform's answer got lost or never came: it may be in trouble, and each further try may be lost as well.
const PATIENCE_SECONDS = 30
const LONGEST_PAUSE_SECONDS = 600
const MOST_ATTEMPTS = 30

/** One delivery, once: rechecked, paced, claimed, posted, recorded. The same for every dispatcher. */
export function createDeliver(deps: {
  model: Model<DeliveryDoc>
  ledger: ReturnType<typeof createLedger>
  pace: ReturnType<typeof createPace>
  reach: ReturnType<typeof createReach>
  tell(delivery: DeliveryDoc): Promise<void>
  clock: Clock
  networks: Networks
  texts: Texts
  log: Logger
  observe: Observe
  meter?: Meter
  recheck?: Recheck
  /** True once the process is about to end: nothing new is begun. */
  isStopping(): boolean
}) {
  const { model, ledger, pace, reach, clock, networks, texts, log, observe, recheck } = deps

  const find = askTogether(async (ids) => byId(await model.find({ _id: { $in: ids } }).lean<DeliveryDoc[]>()))

  /** What is on its way in a lane, claims of processes that have died left out. */
  const inFlight = askTogether(async (lanes) => {
    const valid = { lane: { $in: lanes }, leaseUntil: { $gt: toDate(clock.now()) } }
    const fields = { lane: 1, to: 1, immediate: 1, owedAt: 1, place: 1 }
    const claims = await model.find(valid, fields).lean<DeliveryDoc[]>()
    return new Map(groupBy(claims, ({ lane }) => lane).map((some) => [some[0]?.lane ?? '', some]))
  })

  /** Why it should not go now: never any more, or not before an instant. */
  async function obstacle(delivery: DeliveryDoc, way: Way): Promise<string | Temporal.Instant | undefined> {
    const now = clock.now()
    if (way.member && !delivery.immediate && isMuted(way.member, now)) return 'muted'
    const good = way.member
      ? networks.nextGoodHourFor(way.member, way.network, now)
      : networks.nextGoodHour(way.network, now)
    if (!delivery.immediate && Temporal.Instant.compare(good, now) > 0) return good
    if (!recheck || !way.member || delivery.ask === 0) return undefined
    const { network, cause, ask: weight } = delivery
    const answer = await recheck({ network, member: way.member.id, cause, weight })
    if (answer === 'drop') return 'over-limit'
    return answer === 'send' || answer <= toDate(now) ? undefined : toInstant(answer)
  }

  async function send(delivery: DeliveryDoc): Promise<Step> {
    const { _id, expiresAt } = delivery
    const ended = async (state: 'failed' | 'dropped', reason: string): Promise<Step> => {
      await ledger.end(delivery, state, reason)
      return 'done'
    }
    if (expiresAt && expiresAt <= toDate(clock.now())) return ended('dropped', 'expired')
    const way = await reach.wayTo(delivery.network, delivery.to)
    if (way === 'not-reachable') return ended('failed', way)
    if (typeof way === 'string') return ended('dropped', way)
    const against = await obstacle(delivery, way)
    if (typeof against === 'string') return ended('dropped', against)
    if (against) return later(delivery, against)
    if (laneOf(way.address) !== delivery.lane) {
      await ledger.reroute(delivery, laneOf(way.address))
      return 'later'
    }
    const turn = await pace.turn(way.address)
    if (!turn.free) {
      observe(delivery, 'paced')
      return turn.who === 'lane' ? 'lane-closed' : later(delivery, turn.until)
    }
    const claimed = await ledger.claim(_id)
    if (!claimed) return 'in-flight'
    if (await isOvertaking(claimed)) {
      await ledger.release(claimed)
      return 'in-flight'
    }
    await post(claimed, way, delivery.notBefore)
    return 'done'
  }

  /**
   * Whether something that comes before it is on its way to the same target, by another process. Asked with the claim in
   * hand: of two at the same moment, the later sees the earlier.
   */
  async function isOvertaking(claimed: DeliveryDoc): Promise<boolean> {
    const target = targetOf(claimed.to)
    const others = (await inFlight(claimed.lane)) ?? []
    return others.some((other) => targetOf(other.to) === target && isBefore(other, claimed))
  }

  async function post(claimed: DeliveryDoc, way: Way, dueAt?: Date): Promise<void> {
    const { _id, view, leaseUntil } = claimed
    const left = (leaseUntil?.getTime() ?? 0) - clock.now().epochMilliseconds
    // A process that slept on its claim must not post: others may think it is gone.
    if (left < (LEASE_SECONDS * 1000) / 2) return void (await ledger.release(claimed))
    if (!view) return void (await ledger.failed(claimed, 'no-content'))
    let ref: MessageRef
    try {
      ref = await way.messenger.post(way.address, inReadersLanguage(view, way, texts), { deliveryId: _id })
    } catch (error) {
      return refused(claimed, way, error)
    }
    await ledger.sent(claimed, way.address, ref)
    const now = clock.now().epochMilliseconds
    deps.meter?.late(platformOf(claimed.lane), (now - (dueAt?.getTime() ?? now)) / 1000)
    await deps.tell(claimed)
  }

  async function refused(claimed: DeliveryDoc, { address }: Way, error: unknown): Promise<void> {
    const { _id: delivery } = claimed
    if (!(error instanceof Refused)) {
      await ledger.unknown(claimed, 'no-answer')
      await pace.doubt(address, PATIENCE_SECONDS)
      return log.warn({ delivery, err: error }, 'nobody knows whether a delivery arrived')
    }
    const { reason, retryAfterSeconds } = error
    if (retryAfterSeconds === undefined || claimed.attempts >= MOST_ATTEMPTS) {
      await ledger.failed(claimed, reason)
      return log.warn({ delivery, reason }, 'a delivery was refused')
    }
    const seconds = pauseAfter(claimed.attempts, retryAfterSeconds)
    await ledger.retry(claimed, reason, clock.now().add({ seconds }))
    await pace.slow(address, seconds)
  }

  /** Brings a message that was sent up to date. Repeating it is harmless, so here a lost answer is no riddle. */
  async function update(delivery: DeliveryDoc): Promise<Step> {
    const { address, ref, view, to, network } = delivery
    const messenger = address && (await reach.messengerFor(address))
    const memberId = memberOf(to)
    const member = memberId === undefined ? undefined : await networks.member(network, memberId)
    const isPossible = address && ref && view && messenger && (memberId === undefined || member)
    if (isPossible) {
      const turn = await pace.turn(address)
      if (!turn.free) return turn.who === 'lane' ? 'lane-closed' : later(delivery, turn.until)
      const space = await networks.spaceAt(address)
      const home = await networks.network(network)
      const way = {
        network: home,
        language: member?.language ?? space?.language ?? home.languages[0] ?? 'en',
      }
      try {
        await messenger.update(address, ref, inReadersLanguage(view, way, texts))
      } catch (error) {
        const wait = error instanceof Refused ? error.retryAfterSeconds : PATIENCE_SECONDS
        log.warn({ delivery: delivery._id, err: error }, 'a message could not be brought up to date')
        if (wait !== undefined) return tryUpdateAgain(delivery, address, wait)
      }
    }
    await ledger.revised(delivery)
    return 'done'
  }

  async function tryUpdateAgain(delivery: DeliveryDoc, address: Address, wait: number): Promise<Step> {
    if (delivery.attempts >= MOST_ATTEMPTS) {
      await ledger.revised(delivery)
      return 'done'
    }
    const seconds = pauseAfter(delivery.attempts, wait)
    await pace.slow(address, seconds)
    await model.updateOne({ _id: delivery._id }, { $inc: { attempts: 1 } })
    return later(delivery, clock.now().add({ seconds }))
  }

  async function later(delivery: DeliveryDoc, until: Temporal.Instant): Promise<Step> {
    await ledger.postpone(delivery, until)
    return 'later'
  }

  /**
   * Takes the next step with one delivery: sends it, or brings it up to date. Calling it twice, or on several replicas,
   * is harmless.
   */
  return async function deliver(id: string): Promise<Step> {
    if (deps.isStopping()) return 'lane-closed'
    const delivery = await find(id)
    if (delivery?.state === 'claimed') return 'in-flight'
    if (!delivery?.notBefore || delivery.notBefore > toDate(clock.now())) return 'done'
    try {
      return delivery.state === 'sent' ? await update(delivery) : await send(delivery)
    } catch (error) {
      // Not the platform but something of ours: the others go on, this one waits a little.
      log.error({ delivery: id, err: error }, 'a delivery could not be handled')
      return later(delivery, clock.now().add({ seconds: PATIENCE_SECONDS }))
    }
  }
}

const isMuted = ({ mutedUntil, zone }: Member, now: Temporal.Instant): boolean =>
  mutedUntil !== undefined && localDate(now, zone).toString() < mutedUntil

const pauseAfter = (attempts: number, asked: number): number =>
  Math.max(asked, Math.min(2 ** (attempts - 1), LONGEST_PAUSE_SECONDS))

/** The order in which deliveries go. */
function isBefore(one: DeliveryDoc, other: DeliveryDoc): boolean {
  if (one.immediate !== other.immediate) return one.immediate
  const later = one.owedAt.getTime() - other.owedAt.getTime()
  return later === 0 ? one.place < other.place : later < 0
}
