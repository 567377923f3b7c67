import type { Connection } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import type { Feature } from '../conversation/port.ts'
import type { Deliveries } from '../delivery/port.ts'
import type { Texts } from '../i18n/texts.ts'
import { localDate, toDate, toInstant, type Clock } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { groupBy, inParallel } from '../kernel/parallel.ts'
import type { Networks } from '../networks/types.ts'
import { createCheckinsFeature } from './actions.ts'
import type { Checkins, Kind } from './kind.ts'
import { checkinModel, nominalText, occurrenceModel, ruleOf, type CheckinDoc } from './model.ts'
import { createMoving } from './moving.ts'
import { createOccurrences, insertedBy, type Due } from './occurrences.ts'
import { dueAt, upcoming, type Rule } from './recurrence.ts'
import { createScheduling, fieldsOf, followingIn, moveOn } from './scheduling.ts'

// A one-off is remembered for a while after it is over, so that asking for it again stays harmless.
const KEPT = { hours: 24 * 90 }
// Networks have nothing to do with one another; what is due in one goes in order.
const NETWORKS_AT_ONCE = 100

/** What is due, and the coordinators' side of it. */
export function createCheckins(deps: {
  db: Connection
  clock: Clock
  networks: Networks
  deliveries: Deliveries
  texts: Texts
  log: Logger
}): Checkins & {
  /** Makes a kind known. A check-in of a kind that nobody registered is recorded as failed when it is due. */
  register(kind: Kind): void
  feature: Feature
} {
  const { clock, log, networks } = deps
  const model = checkinModel(deps.db)
  const kinds = new Map<string, Kind>()
  const occurrences = createOccurrences({ ...deps, model: occurrenceModel(deps.db), kinds })
  const scheduling = createScheduling({ model, clock, networks, occurrences })
  const moving = createMoving({ model, clock, networks })

  /** Its schedule; a one-off needs no calendar. */
  async function ruleIn(checkin: CheckinDoc): Promise<Rule> {
    if (checkin.recurrence.every === 'once') return ruleOf(checkin, () => false)
    const network = await networks.network(checkin.network)
    return ruleOf(checkin, (date) => networks.isDayOff(network, date))
  }

  /** The latest date that is due; the earlier ones are recorded as overtaken. */
  async function latestDue(checkin: CheckinDoc, rule: Rule): Promise<Due | undefined> {
    if (!checkin.nextNominal || !checkin.nextDueAt) return undefined
    const due = (nominal: Temporal.PlainDateTime, at: Temporal.Instant): Due => ({
      checkin,
      nominal,
      dueAt: at,
      byHand: false,
    })
    let latest = due(Temporal.PlainDateTime.from(checkin.nextNominal), toInstant(checkin.nextDueAt))
    for (;;) {
      const nominal = followingIn(rule, checkin, latest.nominal)
      const at = nominal && dueAt(rule, nominal)
      if (!nominal || !at || Temporal.Instant.compare(at, clock.now()) > 0) return latest
      await occurrences.skip(latest, 'overtaken')
      latest = due(nominal, at)
    }
  }

  const isTooLate = ({ checkin, dueAt: at }: Due): boolean => {
    const minutesLate = (clock.now().epochMilliseconds - at.epochMilliseconds) / 60_000
    return minutesLate > (kinds.get(checkin.kind)?.graceMinutes ?? Infinity)
  }

  async function handle(checkin: CheckinDoc): Promise<boolean> {
    const rule = await ruleIn(checkin)
    const due = await latestDue(checkin, rule)
    if (!due) return false
    const outcome = isTooLate(due) ? await occurrences.skip(due, 'too-late') : await occurrences.perform(due)
    if (outcome.state === 'waiting') {
      const { _id, revision } = checkin
      await model.updateOne({ _id, revision }, { $set: { wakeAt: outcome.until } })
      return false
    }
    await moveOn(model, checkin, rule, due.nominal)
    return true
  }

  async function handleOrLog(checkin: CheckinDoc): Promise<boolean> {
    try {
      return await handle(checkin)
    } catch (error) {
      log.error({ checkin: checkin._id, err: error }, 'a check-in could not be looked at')
      return false
    }
  }

  return {
    register: (kind) => void kinds.set(kind.name, kind),
    feature: createCheckinsFeature({ scheduling, moving, kinds, networks, texts: deps.texts }),
    async once(network, kind, subject, at) {
      const nominal = at
        .toZonedDateTimeISO(network.zone)
        .toPlainDateTime()
        .round({ smallestUnit: 'second', roundingMode: 'floor' })
      const due = toDate(at)
      const oneOff: CheckinDoc = {
        _id: derivedId(network.id, kind, subject),
        network: network.id,
        kind,
        subject,
        recurrence: { every: 'once' },
        localTime: nominal.toPlainTime().toString(),
        zone: network.zone,
        anchor: nominal.toPlainDate().toString(),
        nextNominal: nominalText(nominal),
        nextDueAt: due,
        wakeAt: due,
        paused: false,
        revision: 0,
        forgetAt: toDate(at.add(KEPT)),
      }
      await insertedBy(() => model.create(oneOff))
    },
    async cancel(network, kind, subject) {
      await model.deleteOne({ _id: derivedId(network, kind, subject) })
    },
    async ensure(network, kind, recurrence, localTime) {
      const { id, zone } = network
      const anchor = localDate(clock.now(), zone).toString()
      const plan = { recurrence, localTime, zone, anchor }
      const rule = ruleOf(plan, (date) => networks.isDayOff(network, date))
      const next = fieldsOf(rule, upcoming(rule, clock.now()))
      const _id = derivedId(id, kind)
      await insertedBy(() =>
        model.create({ _id, network: id, kind, ...plan, ...next, paused: false, revision: 0 }),
      )
    },
    everyWeeks: scheduling.everyWeeks,
    async next(network, kind) {
      const found = await model.findById(derivedId(network, kind)).lean<CheckinDoc>()
      return found?.nextDueAt && toInstant(found.nextDueAt)
    },
    async tick() {
      const due = await model
        .find({ wakeAt: { $lte: toDate(clock.now()) } })
        .sort({ wakeAt: 1 })
        .lean<CheckinDoc[]>()
      let handled = 0
      await inParallel(
        groupBy(due, ({ network }) => network),
        NETWORKS_AT_ONCE,
        async (ofOne) => {
          for (const checkin of ofOne) if (await handleOrLog(checkin)) handled++
        },
      )
      return handled
    },
    async nextDueAt() {
      const first = await model
        .findOne({ wakeAt: { $exists: true } })
        .sort({ wakeAt: 1 })
        .lean<CheckinDoc>()
      return first?.wakeAt && toInstant(first.wakeAt)
    },
  }
}
