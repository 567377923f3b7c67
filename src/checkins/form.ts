import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Translator } from '../i18n/texts.ts'
import type { Ctx } from '../conversation/port.ts'
import { FormRefusal } from '../kernel/errors.ts'
import { localDate } from '../kernel/clock.ts'
import type { Network, Networks } from '../networks/types.ts'
import type { Form } from '../views/view.ts'
import type { Kind, Recurrence } from './kind.ts'
import type { Plan, Scheduled } from './scheduling.ts'
import { kindName } from './words.ts'

const RHYTHMS = ['week-1', 'week-2', 'week-4', 'month-1', 'month-3'] as const
const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const

/** What the schedule form sends. */
export const scheduleValues = z.object({
  kind: z.string('checkins:errors.kind').max(40, 'checkins:errors.kind'),
  rhythm: z.enum(RHYTHMS, 'checkins:errors.rhythm'),
  weekdays: z.array(z.enum(WEEKDAYS, 'checkins:errors.weekdays')).max(7).default([]),
  time: z.string('checkins:errors.time').regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'checkins:errors.time'),
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
  const start =
    current?.next?.nominal.toPlainDate() ?? nextWorkday(networks, network, localDate(now, network.zone))
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
        value: current ? rhythmOf(current.recurrence) : 'week-1',
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
  network: Network,
  kinds: Kind[],
  now: Temporal.Instant,
): { kind: string; plan: Plan } {
  const { kind, rhythm, time, start } = values
  const today = localDate(now, network.zone)
  const anchor = Temporal.PlainDate.from(start)
  const weekdays = values.weekdays.map(Number)
  const errors: FormRefusal['errors'] = {}
  if (!kinds.some(({ name }) => name === kind)) errors.kind = { key: 'checkins:errors.kind' }
  if (rhythm.startsWith('week') && weekdays.length === 0)
    errors.weekdays = { key: 'checkins:errors.weekdays' }
  if (isQuiet(network, time))
    errors.time = { key: 'checkins:errors.quiet', params: { ...network.quietHours } }
  if (Temporal.PlainDate.compare(anchor, today) < 0) errors.start = { key: 'checkins:errors.past' }
  if (Temporal.PlainDate.compare(anchor, today.add({ years: 1 })) > 0)
    errors.start = { key: 'checkins:errors.far' }
  if (Object.keys(errors).length > 0) throw new FormRefusal(errors)
  const interval = Number(rhythm.split('-')[1])
  const recurrence: Recurrence = rhythm.startsWith('week')
    ? { every: 'week', interval, weekdays }
    : { every: 'month', interval, day: anchor.day }
  return { kind, plan: { recurrence, localTime: time, anchor: start } }
}

const about = (t: Translator, kind: string): string =>
  `- ${t.t('checkins:form.about', { name: kindName(t, kind), about: t.plain(`checkins:kinds.${kind}.about`) })}`

function rhythmOf(recurrence: Recurrence): string | undefined {
  const rhythm = recurrence.every === 'once' ? '' : `${recurrence.every}-${recurrence.interval}`
  return RHYTHMS.find((known) => known === rhythm)
}

function nextWorkday(networks: Networks, network: Network, today: Temporal.PlainDate): Temporal.PlainDate {
  let date = today.add({ days: 1 })
  // A fortnight off in a row does not exist; the bound keeps a network without any working day from asking for ever.
  for (let i = 0; i < 14 && networks.isDayOff(network, date); i++) date = date.add({ days: 1 })
  return date
}

function isQuiet({ quietHours: { from, to } }: Network, time: string): boolean {
  return from <= to ? from <= time && time < to : time >= from || time < to
}
