import { Temporal } from 'temporal-polyfill'
import { toInstant } from '../kernel/clock.ts'
import type { Network, Networks } from '../networks/types.ts'
import type { WaveDoc } from './model.ts'

// Four working days to answer, the reminder on the last of them.
const DAYS_OPEN = 4

type Calendar = Pick<Networks, 'isDayOff'>

/** The dates of a wave, all at the local time it opened. */
export interface Dates {
  remindAt: Temporal.Instant
  closesAt: Temporal.Instant
}

/** When a wave reminds and closes: never at a weekend or on a public holiday. */
export function datesOf(calendar: Calendar, network: Network, opened: Temporal.PlainDateTime): Dates {
  const at = (days: number): Temporal.Instant =>
    workdaysAfter(calendar, network, opened.toZonedDateTime(network.zone), days).toInstant()
  return { remindAt: at(DAYS_OPEN - 1), closesAt: at(DAYS_OPEN) }
}

/** When coordinators may read what was written: the working day after the closing, so that nobody's hour shows. */
export function remarksAt(calendar: Calendar, network: Network, { closesAt }: WaveDoc): Temporal.Instant {
  if (!closesAt) throw new Error('a pause has no remarks')
  const closed = toInstant(closesAt).toZonedDateTimeISO(network.zone)
  return workdaysAfter(calendar, network, closed, 1).toInstant()
}

function workdaysAfter(
  calendar: Calendar,
  network: Network,
  start: Temporal.ZonedDateTime,
  days: number,
): Temporal.ZonedDateTime {
  let date = start
  for (let left = days; left > 0;) {
    date = date.add({ days: 1 })
    if (!calendar.isDayOff(network, date.toPlainDate())) left--
  }
  return date
}
