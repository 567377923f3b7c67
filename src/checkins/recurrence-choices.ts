import { Temporal } from 'temporal-polyfill'
import type { Text } from '../kernel/errors.ts'
import type { Monthly, Recurrence } from './kind.ts'
import { weekdayOfMonth, workdayOfMonth, type IsDayOff } from './recurrence-dates.ts'

/** How often, as the form offers it. */
export const RHYTHMS = ['week-1', 'week-2', 'week-4', 'month-1', 'month-3'] as const

/** How a monthly one follows from its start date: as a date, as n-th or last weekday, as n-th working day. */
export const MONTHLY = ['date', 'nth', 'last', 'workday'] as const

// Every month has so many working days, whatever the holidays.
const MOST_WORKDAYS = 15

/** What the form says about a rhythm. */
interface Chosen {
  rhythm: (typeof RHYTHMS)[number]
  monthly: (typeof MONTHLY)[number]
  /** ISO weekdays; monthly ones follow their start instead. */
  weekdays: number[]
  start: Temporal.PlainDate
}

/** The recurrence that is meant, or why it would break, beside the field that can mend it. */
export function recurrenceOf(
  { rhythm, monthly, weekdays, start }: Chosen,
  isDayOff: IsDayOff,
): { recurrence: Recurrence } | { errors: Record<string, Text> } {
  const interval = Number(rhythm.split('-')[1])
  if (rhythm.startsWith('week'))
    return weekdays.length > 0
      ? { recurrence: { every: 'week', interval, weekdays } }
      : { errors: { weekdays: { key: 'checkins:errors.weekdays' } } }
  const found = monthlyOf(monthly, start, isDayOff)
  return 'key' in found
    ? { errors: { monthly: found } }
    : { recurrence: { every: 'month', interval, ...found } }
}

function monthlyOf(
  monthly: Chosen['monthly'],
  start: Temporal.PlainDate,
  isDayOff: IsDayOff,
): Monthly | { key: string } {
  const weekday = start.dayOfWeek
  if (monthly === 'date') return { day: start.day }
  if (monthly === 'last') return { nth: 'last', weekday }
  if (monthly === 'nth') {
    const nth = weekdayOfMonth(start)
    return isNth(nth) ? { nth, weekday } : { key: 'checkins:errors.fifth' }
  }
  const workday = workdayOfMonth(start, isDayOff)
  if (workday === 0) return { key: 'checkins:errors.startsOff' }
  return workday <= MOST_WORKDAYS ? { workday } : { key: 'checkins:errors.workdays' }
}

/** The choices of the form that lead to a recurrence; nothing where it does not offer it. */
export function chosenBy(recurrence: Recurrence): Partial<Pick<Chosen, 'rhythm' | 'monthly'>> {
  if (recurrence.every === 'once') return {}
  const rhythm = RHYTHMS.find((known) => known === `${recurrence.every}-${recurrence.interval}`)
  return recurrence.every === 'week' ? { rhythm } : { rhythm, monthly: followed(recurrence) }
}

function followed(monthly: Monthly): Chosen['monthly'] {
  if ('day' in monthly) return 'date'
  if ('workday' in monthly) return 'workday'
  return monthly.nth === 'last' ? 'last' : 'nth'
}

const isNth = (n: number): n is 1 | 2 | 3 | 4 => n >= 1 && n <= 4
