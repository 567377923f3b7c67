import { Temporal } from 'temporal-polyfill'
import type { Recurrence } from './kind.ts'

/** A schedule as data: how often, from which local date on, at which local time, in which IANA zone. */
export interface Rule {
  recurrence: Recurrence
  anchor: Temporal.PlainDate
  localTime: Temporal.PlainTime
  zone: string
}

/**
 * The next nominal local date-time strictly after a given one; never one before the anchor.
 * Weeks are counted from the anchor's own week (Monday to Sunday), months from the anchor's month; a day that a
 * month does not have becomes its last. Undefined where nothing follows.
 */
export function nextNominal(rule: Rule, after: Temporal.PlainDateTime): Temporal.PlainDateTime | undefined {
  const { recurrence, anchor, localTime } = rule
  const isNext = (date: Temporal.PlainDate): boolean =>
    Temporal.PlainDate.compare(date, anchor) >= 0 &&
    Temporal.PlainDateTime.compare(date.toPlainDateTime(localTime), after) > 0
  if (recurrence.every === 'once') return isNext(anchor) ? anchor.toPlainDateTime(localTime) : undefined
  const from = later(anchor, after.toPlainDate())
  const next =
    recurrence.every === 'week'
      ? weekly(recurrence, anchor, from, isNext)
      : monthly(recurrence, anchor, from, isNext)
  return next?.toPlainDateTime(localTime)
}

/**
 * The instant of a nominal local date-time. In the gap of a clock change it lies later by the gap, in the doubled
 * hour it is the first of the two: every nominal date-time has exactly one.
 */
export const instantOf = (nominal: Temporal.PlainDateTime, zone: string): Temporal.Instant =>
  nominal.toZonedDateTime(zone, { disambiguation: 'compatible' }).toInstant()

/**
 * The first nominal date-time whose instant is still to come.
 * @param done the last local date that has had its occurrence already: no second one falls on it
 */
export function upcoming(
  rule: Rule,
  now: Temporal.Instant,
  done?: Temporal.PlainDate,
): Temporal.PlainDateTime | undefined {
  // A day earlier than now: around a clock change the order of local times is not the order of instants.
  const start = now.toZonedDateTimeISO(rule.zone).toPlainDateTime().subtract({ days: 1 })
  const isOver = (nominal: Temporal.PlainDateTime): boolean =>
    Temporal.Instant.compare(instantOf(nominal, rule.zone), now) <= 0 ||
    (done !== undefined && Temporal.PlainDate.compare(nominal.toPlainDate(), done) <= 0)
  let nominal = nextNominal(rule, start)
  while (nominal && isOver(nominal)) nominal = nextNominal(rule, nominal)
  return nominal
}

type Test = (date: Temporal.PlainDate) => boolean

function weekly(
  { interval, weekdays }: { interval: number; weekdays: number[] },
  anchor: Temporal.PlainDate,
  from: Temporal.PlainDate,
  isNext: Test,
): Temporal.PlainDate | undefined {
  if (weekdays.length === 0) return undefined
  const days = weekdays.toSorted((a, b) => a - b)
  const passed = monday(anchor).until(monday(from), { largestUnit: 'days' }).days / 7
  for (
    let week = monday(from).add({ weeks: toNextTurn(passed, interval) });
    ;
    week = week.add({ weeks: interval })
  ) {
    const found = days.map((day) => week.add({ days: day - 1 })).find(isNext)
    if (found) return found
  }
}

function monthly(
  { interval, day }: { interval: number; day: number },
  anchor: Temporal.PlainDate,
  from: Temporal.PlainDate,
  isNext: Test,
): Temporal.PlainDate {
  const passed = (from.year - anchor.year) * 12 + from.month - anchor.month
  const first = from.toPlainYearMonth().add({ months: toNextTurn(passed, interval) })
  for (let month = first; ; month = month.add({ months: interval })) {
    const date = month.toPlainDate({ day: Math.min(day, month.daysInMonth) })
    if (isNext(date)) return date
  }
}

/** How many units until the next one whose number divides by the interval. */
const toNextTurn = (passed: number, interval: number): number => (interval - (passed % interval)) % interval

const monday = (date: Temporal.PlainDate): Temporal.PlainDate => date.subtract({ days: date.dayOfWeek - 1 })

const later = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate =>
  Temporal.PlainDate.compare(a, b) >= 0 ? a : b
