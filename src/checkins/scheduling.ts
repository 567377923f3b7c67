import type { Model } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import { toDate, toInstant, type Clock } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/errors.ts'
import type { Network, Networks } from '../networks/types.ts'
import type { Recurrence } from './kind.ts'
import { nominalText, ruleOf, type CheckinDoc } from './model.ts'
import type { createOccurrences, Outcome } from './occurrences.ts'
import { dueAt, nextNominal, upcoming, type Rule } from './recurrence.ts'

/** What a coordinator decides about a check-in. */
export interface Plan {
  recurrence: Recurrence
  /** `09:00` */
  localTime: string
  /** `2026-11-24` */
  anchor: string
}

/** One date to come. */
export interface Coming {
  nominal: Temporal.PlainDateTime
  at: Temporal.Instant
}

/** A check-in as coordinators and members see it. */
export interface Scheduled extends Plan {
  kind: string
  paused: boolean
  next?: Coming
}

/** The use cases of coordinators. Each is one durable write and may be repeated. */
export function createScheduling(deps: {
  model: Model<CheckinDoc>
  clock: Clock
  networks: Pick<Networks, 'isDayOff'>
  occurrences: ReturnType<typeof createOccurrences>
}) {
  const { model, clock, networks, occurrences } = deps
  const idOf = (network: string, kind: string): string => derivedId(network, kind)
  const ruleIn = (network: Network, plan: Plan & { zone: string }): Rule =>
    ruleOf(plan, (date) => networks.isDayOff(network, date))

  /** The fields that say when it is due next, after all that has been dealt with. */
  function after(rule: Rule, last: string | undefined): ReturnType<typeof fieldsOf> {
    const done = last === undefined ? undefined : Temporal.PlainDateTime.from(last).toPlainDate()
    return fieldsOf(rule, upcoming(rule, clock.now(), done))
  }

  const existing = (network: string, kind: string): Promise<CheckinDoc> => existingIn(model, network, kind)

  /** Creates the check-in of a kind or changes it; a paused one goes on. No day gets a second occurrence by it. */
  async function schedule(network: Network, kind: string, plan: Plan): Promise<Scheduled> {
    const _id = idOf(network.id, kind)
    const before = await model.findById(_id).lean<CheckinDoc>()
    const set = { network: network.id, kind, ...plan, zone: network.zone, paused: false }
    const next = after(ruleIn(network, set), before?.lastNominal)
    const change = { $set: { ...set, ...next }, $unset: { movedFrom: 1 }, $inc: { revision: 1 } } as const
    await model.updateOne({ _id }, change, { upsert: true })
    return scheduled({ ...set, ...next })
  }

  async function pause(network: string, kind: string): Promise<void> {
    const { _id } = await existing(network, kind)
    const unset = { nextNominal: 1, nextDueAt: 1, wakeAt: 1, movedFrom: 1 } as const
    const stop = { $set: { paused: true }, $unset: unset } as const
    await model.updateOne({ _id, paused: false }, { ...stop, $inc: { revision: 1 } })
  }

  /** Goes on with the next date to come; what fell into the pause stays undone. */
  async function resume(network: Network, kind: string): Promise<Scheduled> {
    const found = await existing(network.id, kind)
    if (!found.paused) return scheduled(found)
    const next = after(ruleIn(network, found), found.lastNominal)
    const { _id, revision } = found
    await model.updateOne({ _id, revision }, { $set: { paused: false, ...next }, $inc: { revision: 1 } })
    return scheduled({ ...found, paused: false, ...next })
  }

  /**
   * Leaves out one date. Leaving out the same date again changes nothing.
   * @param nominal the date that was shown; without it the next one
   * @returns the check-in as it is then
   */
  async function skip(network: Network, kind: string, nominal?: string): Promise<Scheduled> {
    const found = await existing(network.id, kind)
    if (found.paused) throw new Refusal('checkins:errors.paused')
    const isNext = nominal === undefined || nominal === found.nextNominal
    if (!isNext || !found.nextNominal || !found.nextDueAt || found.nextDueAt <= toDate(clock.now()))
      return scheduled(found)
    const left = Temporal.PlainDateTime.from(found.nextNominal)
    const due = { checkin: found, nominal: left, dueAt: toInstant(found.nextDueAt), byHand: false }
    await occurrences.skip(due, 'by-hand')
    return scheduled({ ...found, ...(await moveOn(model, found, ruleIn(network, found), left)) })
  }

  /** Another interval, counted from the last date; weekday and hour stay. */
  async function everyWeeks(network: Network, kind: string, weeks: number): Promise<void> {
    const found = await model.findById(idOf(network.id, kind)).lean<CheckinDoc>()
    if (!found) return
    const { recurrence, nextNominal: next, nextDueAt, lastNominal } = found
    if (recurrence.every === 'week' && recurrence.interval === weeks) return
    // One that is due, or being composed at this moment, still takes place; the rhythm goes on from there.
    const isDue = nextDueAt !== undefined && nextDueAt <= toDate(clock.now())
    const last = isDue ? next : lastNominal
    const from = Temporal.PlainDateTime.from(
      last ?? next ?? `${found.anchor}T${found.localTime}`,
    ).toPlainDate()
    const weekdays = recurrence.every === 'week' ? recurrence.weekdays : [from.dayOfWeek]
    const plan = {
      recurrence: { every: 'week' as const, interval: weeks, weekdays },
      anchor: from.toString(),
    }
    const coming = isDue || found.paused ? {} : after(ruleIn(network, { ...found, ...plan }), last)
    const unset = isDue ? {} : { $unset: { movedFrom: 1 as const } }
    const change = { $set: { ...plan, ...coming }, ...unset, $inc: { revision: 1 } }
    await model.updateOne({ _id: found._id }, change)
  }

  async function remove(network: string, kind: string): Promise<void> {
    const { _id } = await existing(network, kind)
    await model.deleteOne({ _id })
  }

  /** Once now, beside the rhythm. A second time within the same minute has no further effect. */
  async function runNow(network: string, kind: string): Promise<Outcome> {
    const checkin = await existing(network, kind)
    const now = clock.now()
    const nominal = now
      .toZonedDateTimeISO(checkin.zone)
      .toPlainDateTime()
      .round({ smallestUnit: 'minute', roundingMode: 'floor' })
    return occurrences.perform({ checkin, nominal, dueAt: now, byHand: true })
  }

  async function list(network: string): Promise<Scheduled[]> {
    const found = await model
      .find({ network, subject: { $exists: false } })
      .sort({ kind: 1 })
      .lean<CheckinDoc[]>()
    return found.map(scheduled)
  }

  return { schedule, pause, resume, skip, everyWeeks, remove, runNow, list }
}

/** @throws Refusal where the check-in has been deleted, or never was */
export async function existingIn(
  model: Model<CheckinDoc>,
  network: string,
  kind: string,
): Promise<CheckinDoc> {
  const found = await model.findById(derivedId(network, kind)).lean<CheckinDoc>()
  if (!found) throw new Refusal('checkins:errors.notScheduled')
  return found
}

/** The dates that follow one another from the next on. */
export function nextDates(rule: Rule, next: Coming | undefined, count: number): Coming[] {
  const dates: Coming[] = []
  for (let nominal = next?.nominal; nominal && dates.length < count; nominal = nextNominal(rule, nominal))
    dates.push({ nominal, at: dueAt(rule, nominal) })
  return dates
}

/** Goes on to what follows a nominal date-time, unless somebody has changed the check-in meanwhile. */
export async function moveOn(
  model: Model<CheckinDoc>,
  checkin: CheckinDoc,
  rule: Rule,
  done: Temporal.PlainDateTime,
): Promise<Partial<CheckinDoc>> {
  const next = fieldsOf(rule, followingIn(rule, checkin, done))
  const { _id, revision } = checkin
  const set = { ...next, lastNominal: nominalText(done) }
  const over = next.nextNominal ? {} : { nextNominal: 1 as const, nextDueAt: 1 as const, wakeAt: 1 as const }
  const unset = { movedFrom: 1 as const, ...over }
  await model.updateOne({ _id, revision }, { $set: set, $unset: unset, $inc: { revision: 1 } })
  return set
}

/** What follows a date in the rhythm; one that was moved to an earlier time does not come again at its own. */
export function followingIn(
  rule: Rule,
  { movedFrom }: Pick<CheckinDoc, 'movedFrom'>,
  done: Temporal.PlainDateTime,
): Temporal.PlainDateTime | undefined {
  const own = movedFrom === undefined ? done : Temporal.PlainDateTime.from(movedFrom)
  return nextNominal(rule, Temporal.PlainDateTime.compare(own, done) > 0 ? own : done)
}

/** The fields that say when it is due next, for a nominal date-time. */
export function fieldsOf(
  rule: Rule,
  nominal: Temporal.PlainDateTime | undefined,
): Pick<CheckinDoc, 'nextNominal' | 'nextDueAt' | 'wakeAt'> {
  if (!nominal) return {}
  const nextDueAt = toDate(dueAt(rule, nominal))
  return { nextNominal: nominalText(nominal), nextDueAt, wakeAt: nextDueAt }
}

/** As coordinators and members see it. */
export const scheduled = (checkin: Omit<CheckinDoc, '_id' | 'revision'>): Scheduled => ({
  kind: checkin.kind,
  recurrence: checkin.recurrence,
  localTime: checkin.localTime,
  anchor: checkin.anchor,
  paused: checkin.paused,
  next:
    checkin.nextNominal && checkin.nextDueAt && !checkin.paused
      ? { nominal: Temporal.PlainDateTime.from(checkin.nextNominal), at: toInstant(checkin.nextDueAt) }
      : undefined,
})
