import { Temporal } from 'temporal-polyfill'
import { isHoliday } from './holidays.ts'
import type { Network, QuietHours } from './types.ts'

/** When people may be written to. */
export interface Hours {
  /** IANA zone. */
  zone: string
  quietHours: QuietHours
  isDayOff(date: Temporal.PlainDate): boolean
}

// Longer than any row of holidays; only hours that never open get so far.
const DAYS_LOOKED_AT = 400

/** Whether a date is a day off in a network: weekend or public holiday. */
export const isDayOff = (
  { weekend, holidays }: Pick<Network, 'weekend' | 'holidays'>,
  date: Temporal.PlainDate,
): boolean => weekend.includes(date.dayOfWeek) || (holidays !== undefined && isHoliday(holidays, date))

/** Whether people may be written to at an instant: by the clock on their wall, whatever it was set to. */
export function isGoodHour(hours: Hours, at: Temporal.Instant): boolean {
  const local = at.toZonedDateTimeISO(hours.zone)
  return !isQuiet(hours.quietHours, local.toPlainTime()) && !hours.isDayOff(local.toPlainDate())
}

/**
 * The first instant from `at` on at which people may be written to; `at` itself if they may be now.
 * Right in the nights in which the clocks change: neither too early nor later than need be.
 * @throws RangeError where no hour is good for more than a year
 */
export function nextGoodHour(hours: Hours, at: Temporal.Instant): Temporal.Instant {
  if (isGoodHour(hours, at)) return at
  let date = at.toZonedDateTimeISO(hours.zone).toPlainDate()
  for (let n = 0; n < DAYS_LOOKED_AT; n++, date = date.add({ days: 1 })) {
    const found = turningPoints(hours, date).find(
      (point) => Temporal.Instant.compare(point, at) > 0 && isGoodHour(hours, point),
    )
    if (found) return found
  }
  throw new RangeError(`no good hour within ${DAYS_LOOKED_AT} days of ${at.toString()} in ${hours.zone}`)
}

const minutes = (time: Temporal.PlainTime): number => time.hour * 60 + time.minute

function isQuiet({ from, to }: QuietHours, time: Temporal.PlainTime): boolean {
  const [start, end, now] = [
    minutes(Temporal.PlainTime.from(from)),
    minutes(Temporal.PlainTime.from(to)),
    minutes(time),
  ]
  return start <= end ? now >= start && now < end : now >= start || now < end
}

// Where a bad hour can turn into a good one on a date, in order: midnight, the end of the quiet hours (each may come twice
// when the clocks go back), and a change of the clocks itself (which may leap over the end of the quiet hours).
function turningPoints({ zone, quietHours }: Hours, date: Temporal.PlainDate): Temporal.Instant[] {
  const both = (time: string): Temporal.Instant[] =>
    (['earlier', 'later'] as const).map((disambiguation) =>
      date.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation }).toInstant(),
    )
  const start = date.toZonedDateTime(zone)
  const change = start.subtract({ nanoseconds: 1 }).getTimeZoneTransition('next')
  const next = date.add({ days: 1 }).toZonedDateTime(zone)
  const points = [start.toInstant(), ...both('00:00'), ...both(quietHours.to)]
  if (change && Temporal.ZonedDateTime.compare(change, next) <= 0) points.push(change.toInstant())
  return points.sort(Temporal.Instant.compare)
}
