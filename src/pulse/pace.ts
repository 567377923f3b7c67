import type { Temporal } from 'temporal-polyfill'
import type { Clock } from '../kernel/clock.ts'
import { content } from './content.ts'

// Who is called away for longer has not been answering all the time; such a sheet is left out of the median.
const LONGEST_SECONDS = 600
const STEP_SECONDS = 5

/**
 * How long it takes to complete a sheet. When somebody began is known to this process alone, for ten minutes at most,
 * and written nowhere; a process that did not see the beginning does not reckon (decision 11).
 */
export function createPace(clock: Clock) {
  const begun = new Map<string, Temporal.Instant>()
  const secondsSince = (start: Temporal.Instant): number =>
    (clock.now().epochMilliseconds - start.epochMilliseconds) / 1000

  function forgetOld(): void {
    // In the order of their beginning.
    for (const [key, start] of begun) {
      if (secondsSince(start) <= LONGEST_SECONDS) return
      begun.delete(key)
    }
  }

  return {
    /** Somebody opens a sheet or gives the first answer; going on changes nothing. */
    begin(key: string): void {
      forgetOld()
      if (!begun.has(key)) begun.set(key, clock.now())
    },

    /** The sheet is complete. Returns the seconds since its beginning in steps of five, where it was seen. */
    end(key: string): number | undefined {
      forgetOld()
      const start = begun.get(key)
      begun.delete(key)
      return start && toStep(secondsSince(start))
    },
  }
}

/** The key under which so many seconds are counted. */
export const stepOf = (seconds: number): string => `s${seconds}`

/**
 * The median of a wave, to five seconds; nothing where fewer than the minimum of sheets have been reckoned.
 * @param pace how many sheets took so many seconds, by `stepOf`
 */
export function medianOf(pace: Record<string, number> = {}): number | undefined {
  const seconds = Object.entries(pace)
    .flatMap(([step, count]) => Array.from({ length: count }, () => Number(step.slice(1))))
    .toSorted((a, b) => a - b)
  if (seconds.length < content.anonymity.minAnswers) return undefined
  const middle = (seconds.length - 1) / 2
  return toStep(((seconds[Math.floor(middle)] ?? 0) + (seconds[Math.ceil(middle)] ?? 0)) / 2)
}

const toStep = (seconds: number): number =>
  Math.max(STEP_SECONDS, Math.round(seconds / STEP_SECONDS) * STEP_SECONDS)
