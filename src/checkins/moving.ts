import type { Model } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Ctx } from '../conversation/port.ts'
import { toDate, type Clock } from '../kernel/clock.ts'
import { FormRefusal, Refusal } from '../kernel/errors.ts'
import type { Network, Networks } from '../networks/types.ts'
import type { Form } from '../views/view.ts'
import { isQuiet, localTime } from './form.ts'
import { nominalText, ruleOf, type CheckinDoc } from './model.ts'
import { dueAt, nextNominal } from './recurrence.ts'
import { existingIn, scheduled, type Scheduled } from './scheduling.ts'
import { kindName } from './words.ts'

/** What the form sends. */
export const moveValues = z.object({
  date: z.string('checkins:errors.date').pipe(z.iso.date('checkins:errors.date')),
  time: localTime,
})

/** One date to another day or hour. Each move is one durable write and may be repeated. */
export function createMoving(deps: {
  model: Model<CheckinDoc>
  clock: Clock
  networks: Pick<Networks, 'isDayOff'>
}) {
  const { model, clock, networks } = deps
  const isOver = (date: Date): boolean => date <= toDate(clock.now())

  /**
   * Moves one date; the rhythm goes on as if it had not been moved. Moving the same date to the same time again changes
   * nothing.
   * @param nominal the date that was shown
   * @param to local to the network
   * @throws Refusal where there is no such date any more; FormRefusal where it cannot be moved there
   */
  async function move(
    network: Network,
    kind: string,
    nominal: string,
    to: Temporal.PlainDateTime,
  ): Promise<Scheduled> {
    const found = await existingIn(model, network.id, kind)
    if (found.paused) throw new Refusal('checkins:errors.paused')
    if (nominalText(to) === found.nextNominal) return scheduled(found)
    if (found.nextNominal !== nominal || !found.nextDueAt || isOver(found.nextDueAt))
      throw new Refusal('checkins:errors.passed')
    const movedFrom = found.movedFrom ?? found.nextNominal
    const due = toDate(instantOf(network, found, movedFrom, to))
    const next = { nextNominal: nominalText(to), nextDueAt: due, wakeAt: due, movedFrom }
    const { _id, revision } = found
    const { matchedCount } = await model.updateOne({ _id, revision }, { $set: next, $inc: { revision: 1 } })
    if (matchedCount === 0) throw new Refusal('checkins:errors.passed')
    return scheduled({ ...found, ...next })
  }

  /** @throws FormRefusal with the mistake beside its field */
  function instantOf(
    network: Network,
    checkin: CheckinDoc,
    movedFrom: string,
    to: Temporal.PlainDateTime,
  ): Temporal.Instant {
    const rule = ruleOf(checkin, (date) => networks.isDayOff(network, date))
    const date = to.toPlainDate()
    const following = nextNominal(rule, Temporal.PlainDateTime.from(movedFrom))
    const at = dueAt(rule, to)
    if (isQuiet(network, to.toPlainTime().toString({ smallestUnit: 'minute' })))
      throw new FormRefusal({ time: { key: 'checkins:errors.quiet', params: { ...network.quietHours } } })
    if (isOver(toDate(at))) throw new FormRefusal({ date: { key: 'checkins:errors.over' } })
    if (networks.isDayOff(network, date)) throw new FormRefusal({ date: { key: 'checkins:errors.dayOff' } })
    if (following && Temporal.PlainDate.compare(date, following.toPlainDate()) >= 0)
      throw new FormRefusal({ date: { key: 'checkins:errors.beyondNext' } })
    return at
  }

  return { move }
}

/**
 * Where one date is to go, filled in with where it stands.
 * @throws Refusal where there is no date to move
 */
export function moveForm({ t, network }: Ctx, { kind, paused, next }: Scheduled): Form {
  if (!next) throw new Refusal(paused ? 'checkins:errors.paused' : 'checkins:errors.passed')
  const name = kindName(t, kind)
  const args = { kind, nominal: nominalText(next.nominal) }
  return {
    title: t.plain('checkins:move.title'),
    intro: t.t('checkins:move.intro', { name, at: t.dateTime(next.at, network.zone), zone: network.zone }),
    fields: [
      {
        id: 'date',
        type: 'date',
        label: t.plain('checkins:move.date'),
        required: true,
        value: next.at.toZonedDateTimeISO(network.zone).toPlainDate().toString(),
      },
      {
        id: 'time',
        type: 'time',
        label: t.plain('checkins:move.time'),
        required: true,
        value: next.nominal.toPlainTime().toString({ smallestUnit: 'minute' }),
      },
    ],
    submitLabel: t.plain('checkins:move.submit'),
    cancelLabel: t.plain('checkins:form.cancel'),
    action: { name: 'checkins.moveTo', args },
    openedBy: { name: 'checkins.move', args: { kind } },
  }
}
