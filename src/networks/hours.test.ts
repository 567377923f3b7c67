import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { isHoliday } from './holidays.ts'
import { isDayOff, isGoodHour, nextGoodHour, type Hours } from './hours.ts'

const network = { weekend: [6, 7], holidays: { country: 'DE', state: 'NW' } }
const rheinfurt: Hours = {
  zone: 'Europe/Berlin',
  quietHours: { from: '18:00', to: '08:00' },
  isDayOff: (date) => isDayOff(network, date),
}
const next = (hours: Hours, at: string): string =>
  nextGoodHour(hours, Temporal.ZonedDateTime.from(`${at}[${hours.zone}]`).toInstant())
    .toZonedDateTimeISO(hours.zone)
    .toString({ timeZoneName: 'never', smallestUnit: 'minute' })

describe('the next good hour', () => {
  test.each([
    ['in working hours: at once', '2026-11-24T10:30', '2026-11-24T10:30+01:00'],
    ['the last minute before quiet hours', '2026-11-24T17:59', '2026-11-24T17:59+01:00'],
    ['in the evening: next morning', '2026-11-24T18:00', '2026-11-25T08:00+01:00'],
    ['after midnight: the same morning', '2026-11-25T03:00', '2026-11-25T08:00+01:00'],
    ['on Friday evening: Monday', '2026-11-27T19:00', '2026-11-30T08:00+01:00'],
    ['over Christmas and a weekend', '2026-12-24T20:00', '2026-12-28T08:00+01:00'],
    ['Corpus Christi, a holiday of this state', '2026-06-04T09:00', '2026-06-05T08:00+02:00'],
    ['over the night the clocks go forward', '2026-03-27T18:00', '2026-03-30T08:00+02:00'],
  ])('%s', (_, at, expected) => expect(next(rheinfurt, at)).toBe(expected))

  const atNight = (quietHours: Hours['quietHours']): Hours => ({
    ...rheinfurt,
    quietHours,
    isDayOff: () => false,
  })

  test('is right where the end of the quiet hours is leapt over, or comes twice', () => {
    expect(next(atNight({ from: '18:00', to: '02:30' }), '2026-03-28T20:00')).toBe('2026-03-29T03:00+02:00')
    expect(next(atNight({ from: '18:00', to: '02:30' }), '2026-10-24T20:00')).toBe('2026-10-25T02:30+02:00')
    expect(next(atNight({ from: '02:50', to: '02:30' }), '2026-10-25T02:55')).toBe('2026-10-25T02:30+01:00')
  })

  test('refuses hours that never open', () => {
    expect(() => next({ ...rheinfurt, isDayOff: () => true }, '2026-11-24T10:30')).toThrow(RangeError)
  })
})

test('holidays are public ones, of the state, and as long as they last', () => {
  const day = (date: string): Temporal.PlainDate => Temporal.PlainDate.from(date)
  expect(isHoliday({ country: 'DE', state: 'NW' }, day('2026-11-01'))).toBe(true)
  expect(isHoliday({ country: 'DE', state: 'BE' }, day('2026-11-01'))).toBe(false)
  expect(isHoliday({ country: 'DE', state: 'NW' }, day('2026-02-16'))).toBe(false)
  const eid = ['2026-03-19', '2026-03-20', '2026-03-21', '2026-03-22', '2026-03-23']
  expect(eid.map((date) => isHoliday({ country: 'TR' }, day(date)))).toEqual([false, true, true, true, false])
})

const QUARTER_MINUTES = 15
const quarter = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 3 }))
  .map(([hour, n]) => `${String(hour).padStart(2, '0')}:${String(n * QUARTER_MINUTES).padStart(2, '0')}`)

test('for any zone, hours, days off and instant: not before, good, and the first', () => {
  const zone = fc.constantFrom(
    'Europe/Berlin',
    'America/Havana',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'Asia/Beirut',
    'Pacific/Apia',
  )
  const year = { min: Date.UTC(2026, 0) / 900_000, max: Date.UTC(2027, 0) / 900_000 }
  // Half of the instants lie around a change of the clocks, where mistakes would be.
  const instant = fc
    .tuple(zone, fc.integer(year), fc.boolean(), fc.integer({ min: -200, max: 100 }))
    .map(([zone, n, near, off]) => {
      const at = Temporal.Instant.fromEpochMilliseconds(n * 900_000)
      const change = near ? at.toZonedDateTimeISO(zone).getTimeZoneTransition('next')?.toInstant() : undefined
      return { zone, at: change ? change.add({ minutes: off * QUARTER_MINUTES }) : at }
    })
  const weekend = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 3 })
  fc.assert(
    fc.property(instant, fc.tuple(quarter, quarter), weekend, ({ zone, at }, [from, to], weekend) => {
      const hours: Hours = { zone, quietHours: { from, to }, isDayOff: (date) => isDayOff({ weekend }, date) }
      const found = nextGoodHour(hours, at)
      expect(isGoodHour(hours, found)).toBe(true)
      let walker = at
      while (!isGoodHour(hours, walker)) walker = walker.add({ minutes: QUARTER_MINUTES })
      expect(found.toString()).toBe(walker.toString())
    }),
    { numRuns: 300 },
  )
})
