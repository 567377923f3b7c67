import Holidays from 'date-holidays'
import { Temporal } from 'temporal-polyfill'
import type { Network } from './types.ts'

type Region = NonNullable<Network['holidays']>

const HOUR_MS = 3_600_000
const byYear = new Map<string, Set<string>>()
let directory: Holidays | undefined
const catalogue = (): Holidays => (directory ??= new Holidays())

/** ISO codes of all countries whose public holidays are known, with their English names. */
export const countries = (): Record<string, string> => catalogue().getCountries('en')

/** Codes of the states of a country that have holidays of their own, with their names; empty where none has. */
export const statesOf = (country: string): Record<string, string> => catalogue().getStates(country) ?? {}

/** Whether a date is a public holiday of a region (banks' and school holidays do not count). */
export function isHoliday(region: Region, date: Temporal.PlainDate): boolean {
  const day = date.toString()
  // The year before as well: some holidays last over New Year.
  return holidaysOf(region, date.year).has(day) || holidaysOf(region, date.year - 1).has(day)
}

// Reckoning a year takes some 20 ms, and the same few years are asked for all the time.
function holidaysOf({ country, state }: Region, year: number): Set<string> {
  const key = `${country}-${state ?? ''}-${year}`
  const known = byYear.get(key)
  if (known) return known
  const calendar = state ? new Holidays(country, state) : new Holidays(country)
  const days = new Set<string>()
  for (const { type, date, start, end } of calendar.getHolidays(year)) {
    if (type !== 'public') continue
    const first = Temporal.PlainDate.from(date.slice(0, 10))
    // One hour more, because a day on which the clocks go forward has 23; holidays that begin at dusk have part days.
    const length = Math.max(1, Math.floor(((end.getTime() - start.getTime()) / HOUR_MS + 1) / 24))
    for (let n = 0; n < length; n++) days.add(first.add({ days: n }).toString())
  }
  byYear.set(key, days)
  return days
}
