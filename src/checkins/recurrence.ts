import { Temporal } from 'temporal-polyfill'
import type { Monthly, Recurrence } from './kind.ts'
import { dateIn, workday, type IsDayOff } from './recurrence-dates.ts'

/** A schedule as data: how often, from which local date on, at which local time, in which IANA zone and calendar. */
export interface Rule {
  recurrence: Recurrence
  anchor: Temporal.PlainDate
  localTime: Temporal.PlainTime
  zone: string
  isDayOff: IsDayOff
}

/**
 * The next nominal local date-time strictly after a given one; never one before the anchor.
 * Weeks are counted from the anchor's own week (Monday to Sunday), months from the anchor's month; a day that a
 * month does not have becomes its last. One that a day off would move onto or beyond the following one is left out:
 * nobody gets two on one day. Undefined where nothing follows.
 */
export function nextNominal(rule: Rule, after: Temporal.PlainDateTime): Temporal.PlainDateTime | undefined {
  let next = following(rule, after)
  while (next && rule.recurrence.every !== 'once' && rule.isDayOff(next.toPlainDate())) {
    const then = following(rule, next)
    if (!then || Temporal.PlainDate.compare(then.toPlainDate(), dateOf(rule, next)) > 0) break
    next = then
  }
  return next
}

/**
 * When a nominal local date-time is due: at its hour, on a day off at the same hour of the next working day.
 * In the gap of a clock change it lies later by the gap, in the doubled hour it is the first of the two: every nominal
 * date-time has exactly one instant.
 */
export const dueAt = (rule: Rule, nominal: Temporal.PlainDateTime): Temporal.Instant =>
  dateOf(rule, nominal)
    .toPlainDateTime(nominal.toPlainTime())
    .toZonedDateTime(rule.zone, { disambiguation: 'compatible' })
    .toInstant()

/**
 * The first nominal date-time whose instant is still to come.
 * @param done the last local date that has had its occurrence already: no second one falls on it
 */
export function upcoming(
  rule: Rule,
  now: Temporal.Instant,
  done?: Temporal.PlainDate,
): Temporal.PlainDateTime | undefined {
  const isOver = (nominal: Temporal.PlainDateTime): boolean =>
    Temporal.Instant.compare(dueAt(rule, nominal), now) <= 0 ||
    (done !== undefined && Temporal.PlainDate.compare(nominal.toPlainDate(), done) <= 0)
  let nominal = nextNominal(rule, earliest(rule, now))
  while (nominal && isOver(nominal)) nominal = nextNominal(rule, nominal)
  return nominal
}

// A day earlier than now: around a clock change the order of local times is not the order of instants. Before the days
// off that precede it: what fell on them may still be to come.
function earliest({ zone, isDayOff }: Rule, now: Temporal.Instant): Temporal.PlainDateTime {
  let start = now.toZonedDateTimeISO(zone).toPlainDateTime().subtract({ days: 1 })
  const limit = start.subtract({ days: 100 })
  while (isDayOff(start.toPlainDate()) && Temporal.PlainDateTime.compare(start, limit) > 0)
    start = start.subtract({ days: 1 })
  return start
}

function dateOf({ recurrence, isDayOff }: Rule, nominal: Temporal.PlainDateTime): Temporal.PlainDate {
  const date = nominal.toPlainDate()
  return recurrence.every === 'once' ? date : (workday(date, 1, isDayOff) ?? date)
}

/** The next one, days off or not. */
function following(rule: Rule, after: Temporal.PlainDateTime): Temporal.PlainDateTime | undefined {
  const { recurrence, anchor, localTime } = rule
  const isStillToCome = Temporal.PlainTime.compare(localTime, after.toPlainTime()) > 0
  const date = after.toPlainDate()
  const from = later(anchor, isStillToCome ? date : date.add({ days: 1 }))
  return firstDate(rule, recurrence, from)?.toPlainDateTime(localTime)
}

/** The first date from a given one on, which is not before the anchor. */
function firstDate(
  rule: Rule,
  recurrence: Recurrence,
  from: Temporal.PlainDate,
): Temporal.PlainDate | undefined {
  if (recurrence.every === 'once') return from.equals(rule.anchor) ? from : undefined
  return recurrence.every === 'week' ? weekly(recurrence, rule.anchor, from) : monthly(recurrence, rule, from)
}

function weekly(
  { interval, weekdays }: { interval: number; weekdays: number[] },
  anchor: Temporal.PlainDate,
  from: Temporal.PlainDate,
): Temporal.PlainDate | undefined {
  // Days are counted from the Monday of the anchor's week: plain numbers, because every tick reckons with them.
  const start = dayNumber(from) - dayNumber(anchor) + anchor.dayOfWeek - 1
  for (let day = start; day < start + 7 * (interval + 1); day++)
    if (Math.floor(day / 7) % interval === 0 && weekdays.includes((day % 7) + 1))
      return from.add({ days: day - start })
  return undefined
}

function monthly(
  monthly: { interval: number } & Monthly,
  { anchor, isDayOff }: Rule,
  from: Temporal.PlainDate,
): Temporal.PlainDate {
  const { interval } = monthly
  const passed = (from.year - anchor.year) * 12 + from.month - anchor.month
  const toNextTurn = (interval - (passed % interval)) % interval
  for (
    let month = from.toPlainYearMonth().add({ months: toNextTurn });
    ;
    month = month.add({ months: interval })
  ) {
    const date = dateIn(month, monthly, isDayOff)
    if (Temporal.PlainDate.compare(date, from) >= 0) return date
  }
}

const dayNumber = ({ year, month, day }: Temporal.PlainDate): number =>
  Date.UTC(year, month - 1, day) / 86_400_000

const later = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate =>
  Temporal.PlainDate.compare(a, b) >= 0 ? a : b
