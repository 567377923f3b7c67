import { Temporal } from 'temporal-polyfill'

/** The only source of "now". Injected everywhere, so that weeks pass in milliseconds in tests. */
export interface Clock {
  now(): Temporal.Instant
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Temporal.Now.instant() }

/** A clock that stands still until it is moved: for tests and for the playground. */
export interface MovableClock extends Clock {
  /** Sets the clock. Refuses to go back, because what was sent cannot be unsent. */
  moveTo(instant: Temporal.Instant): void | Promise<void>
}

/**
 * @param start the instant it shows first, as ISO 8601 text (`2026-11-23T08:00:00Z`) or Temporal instant
 * @throws RangeError when moved backwards
 */
export function movableClock(start: Temporal.Instant | string): MovableClock {
  let current = Temporal.Instant.from(start)
  return {
    now: () => current,
    moveTo(instant) {
      if (Temporal.Instant.compare(instant, current) < 0) {
        throw new RangeError(
          `the clock shows ${current.toString()} and cannot go back to ${instant.toString()}`,
        )
      }
      current = instant
    },
  }
}

/** Instant to the `Date` that documents hold. */
export const toDate = (instant: Temporal.Instant): Date => new Date(instant.epochMilliseconds)

/** `Date` of a document to the instant that rules reckon with. */
export const toInstant = (date: Date): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds(date.getTime())

/** The local date (`2026-11-24`) of an instant in an IANA zone. */
export const localDate = (instant: Temporal.Instant, zone: string): Temporal.PlainDate =>
  instant.toZonedDateTimeISO(zone).toPlainDate()
