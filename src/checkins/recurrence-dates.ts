import type { Temporal } from 'temporal-polyfill'
import type { Monthly } from './kind.ts'

/** Whether nobody works on a date: weekend, or public holiday of the network's country and region. */
export type IsDayOff = (date: Temporal.PlainDate) => boolean

// No row of days off is longer; only a calendar without any working day gets so far.
const DAYS_LOOKED_AT = 100

/**
 * Working day N from an anchor: the anchor itself is the first, if people work on it.
 * @param n from 1 on
 * @returns undefined where the calendar has no such day within reach
 */
export function workday(
  anchor: Temporal.PlainDate,
  n: number,
  isDayOff: IsDayOff,
): Temporal.PlainDate | undefined {
  let date = anchor
  let left = n
  for (let looked = 0; looked < DAYS_LOOKED_AT; looked++, date = date.add({ days: 1 }))
    if (!isDayOff(date) && --left === 0) return date
  return undefined
}

/** The place of a date among the working days of its month, from 1 on; 0 where nobody works on it. */
export function workdayOfMonth(date: Temporal.PlainDate, isDayOff: IsDayOff): number {
  if (isDayOff(date)) return 0
  const days = Array.from({ length: date.day }, (_, index) => date.with({ day: index + 1 }))
  return days.filter((day) => !isDayOff(day)).length
}

/** The place of a date's weekday in its month: 2 for the second Tuesday. */
export const weekdayOfMonth = (date: Temporal.PlainDate): number => Math.ceil(date.day / 7)

/** The date of a monthly recurrence in one month. Every month has one: what it lacks becomes its last. */
export function dateIn(
  month: Temporal.PlainYearMonth,
  monthly: Monthly,
  isDayOff: IsDayOff,
): Temporal.PlainDate {
  const first = month.toPlainDate({ day: 1 })
  const last = month.toPlainDate({ day: month.daysInMonth })
  if ('day' in monthly) return first.with({ day: Math.min(monthly.day, month.daysInMonth) })
  if ('workday' in monthly) {
    const found = workday(first, monthly.workday, isDayOff)
    return found && found.month === month.month ? found : lastWorkday(last, isDayOff)
  }
  if (monthly.nth === 'last') return last.subtract({ days: (7 + last.dayOfWeek - monthly.weekday) % 7 })
  const days = ((7 + monthly.weekday - first.dayOfWeek) % 7) + 7 * (monthly.nth - 1)
  return first.add({ days })
}

function lastWorkday(last: Temporal.PlainDate, isDayOff: IsDayOff): Temporal.PlainDate {
  for (let date = last; date.month === last.month; date = date.subtract({ days: 1 }))
    if (!isDayOff(date)) return date
  return last
}
