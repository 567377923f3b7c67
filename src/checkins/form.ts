import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Translator } from '../i18n/texts.ts'
import type { Ctx } from '../conversation/port.ts'
import { FormRefusal } from '../kernel/errors.ts'
import { localDate } from '../kernel/clock.ts'
import type { Network, Networks } from '../networks/types.ts'
import type { Form } from '../views/view.ts'
import type { Kind } from './kind.ts'
import { chosenBy, MONTHLY, recurrenceOf, RHYTHMS } from './recurrence-choices.ts'
import { workday, type IsDayOff } from './recurrence-dates.ts'
import { ruleOf } from './model.ts'
import { nextDates, type Plan, type Scheduled } from './scheduling.ts'
import { kindName } from './words.ts'

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const

/** A time of day as the forms send it. */
export const localTime = z
  .string('checkins:errors.time')
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'checkins:errors.time')

/** What the schedule form sends. */
export const scheduleValues = z.object({
  kind: z.string('checkins:errors.kind').max(40, 'checkins:errors.kind'),
  rhythm: z.enum(RHYTHMS, 'checkins:errors.rhythm'),
  weekdays: z.array(z.enum(WEEKDAYS, 'checkins:errors.weekdays')).max(7).default([]),
  monthly: z.enum(MONTHLY, 'checkins:errors.monthly').default('date'),
  time: localTime,
  start: z.string('checkins:errors.date').pipe(z.iso.date('checkins:errors.date')),
})

/** The form, filled in with the check-in that is to be changed, or with a sensible proposal. */
export function scheduleForm(
  { t, network, now }: Ctx,
  kinds: Kind[],
  networks: Networks,
  chosen?: { kind: string; current?: Scheduled },
): Form {
  const current = chosen?.current
  const before = current && chosenBy(current.recurrence)
  const start = startOf(current, network, networks, localDate(now, network.zone))
  const weekdays = current?.recurrence.every === 'week' ? current.recurrence.weekdays : [start.dayOfWeek]
  const days = [1, 2, 3, 4, 5, 6, 7].filter((day) => !network.weekend.includes(day))
  return {
    title: t.plain('checkins:form.title'),
    intro: [
      ...kinds.map(({ name }) => about(t, name)),
      t.t('checkins:form.intro', { zone: network.zone }),
    ].join('\n'),
    fields: [
      {
        id: 'kind',
        type: 'choice',
        label: t.plain('checkins:form.kind'),
        required: true,
        options: kinds.map(({ name }) => ({ value: name, label: kindName(t, name) })),
        value: chosen?.kind,
      },
      {
        id: 'rhythm',
        type: 'choice',
        label: t.plain('checkins:form.rhythm'),
        required: true,
        options: RHYTHMS.map((value) => ({ value, label: t.plain(`checkins:form.rhythms.${value}`) })),
        value: before ? before.rhythm : 'week-1',
      },
      {
        id: 'weekdays',
        type: 'multi-choice',
        label: t.plain('checkins:form.weekdays'),
        help: t.plain('checkins:form.weekdaysHelp'),
        options: days.map((day) => ({ value: String(day), label: t.weekday(day) })),
        value: weekdays.filter((day) => days.includes(day)).map(String),
      },
      {
        id: 'monthly',
        type: 'choice',
        label: t.plain('checkins:form.monthly'),
        help: t.plain('checkins:form.monthlyHelp'),
        options: MONTHLY.map((value) => ({ value, label: t.plain(`checkins:form.monthlies.${value}`) })),
        value: before?.monthly ?? 'date',
      },
      {
        id: 'time',
        type: 'time',
        label: t.plain('checkins:form.time'),
        required: true,
        value: current?.localTime ?? '09:00',
      },
      {
        id: 'start',
        type: 'date',
        label: t.plain('checkins:form.start'),
        required: true,
        value: start.toString(),
      },
    ],
    submitLabel: t.plain('checkins:form.submit'),
    cancelLabel: t.plain('checkins:form.cancel'),
    action: { name: 'checkins.save' },
    openedBy: { name: 'checkins.schedule', args: chosen ? { kind: chosen.kind } : {} },
  }
}

/**
 * What the coordinator decided, checked against the network.
 * @throws FormRefusal with the mistakes beside their fields
 */
export function planOf(
  values: z.output<typeof scheduleValues>,
  { network, now }: Pick<Ctx, 'network' | 'now'>,
  kinds: Kind[],
  networks: Pick<Networks, 'isDayOff'>,
): { kind: string; plan: Plan } {
  const { kind, time, start } = values
  const today = localDate(now, network.zone)
  const anchor = Temporal.PlainDate.from(start)
  const found = recurrenceOf({ ...values, weekdays: values.weekdays.map(Number), start: anchor }, (date) =>
    networks.isDayOff(network, date),
  )
  const errors: FormRefusal['errors'] = 'errors' in found ? found.errors : {}
  if (!kinds.some(({ name }) => name === kind)) errors.kind = { key: 'checkins:errors.kind' }
  if (isQuiet(network, time))
    errors.time = { key: 'checkins:errors.quiet', params: { ...network.quietHours } }
  if (Temporal.PlainDate.compare(anchor, today) < 0) errors.start = { key: 'checkins:errors.past' }
  if (Temporal.PlainDate.compare(anchor, today.add({ years: 1 })) > 0)
    errors.start = { key: 'checkins:errors.far' }
  if ('errors' in found || Object.keys(errors).length > 0) throw new FormRefusal(errors)
  return { kind, plan: { recurrence: found.recurrence, localTime: time, anchor: start } }
}

const about = (t: Translator, kind: string): string =>
  `- ${t.t('checkins:form.about', { name: kindName(t, kind), about: t.plain(`checkins:kinds.${kind}.about`) })}`

/** Where the rhythm goes on, so that changing something else does not move it; never a day that has passed. */
function startOf(
  current: Scheduled | undefined,
  network: Network,
  networks: Networks,
  today: Temporal.PlainDate,
): Temporal.PlainDate {
  const isDayOff: IsDayOff = (date) => networks.isDayOff(network, date)
  // The next one may be late because of a day off, so that its own date has passed.
  const dates = current
    ? nextDates(ruleOf({ ...current, zone: network.zone }, isDayOff), current.next, 2)
    : []
  const goesOn = dates
    .map(({ nominal }) => nominal.toPlainDate())
    .find((date) => Temporal.PlainDate.compare(date, today) >= 0)
  const tomorrow = today.add({ days: 1 })
  return goesOn ?? workday(tomorrow, 1, isDayOff) ?? tomorrow
}

/** Whether a local time of day (`09:30`) lies in the network's quiet hours. */
export function isQuiet({ quietHours: { from, to } }: Network, time: string): boolean {
  return from <= to ? from <= time && time < to : time >= from || time < to
}
