import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { Monthly, Recurrence } from './kind.ts'
import { workday, workdayOfMonth } from './recurrence-dates.ts'
import { dueAt, nextNominal, upcoming, type Rule } from './recurrence.ts'

const rule = (
  recurrence: Recurrence,
  anchor: string,
  localTime = '09:00',
  zone = 'Europe/Brussels',
  isDayOff: Rule['isDayOff'] = () => false,
): Rule => ({
  recurrence,
  anchor: Temporal.PlainDate.from(anchor),
  localTime: Temporal.PlainTime.from(localTime),
  zone,
  isDayOff,
})

function follow(of: Rule, after: string, count: number): string[] {
  const found: string[] = []
  let nominal: Temporal.PlainDateTime | undefined = Temporal.PlainDateTime.from(after)
  while (found.length < count && (nominal = nextNominal(of, nominal))) {
    found.push(nominal.toString({ smallestUnit: 'minute' }))
  }
  return found
}

const isWeekend = (date: Temporal.PlainDate): boolean => date.dayOfWeek > 5
const date = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text)

describe('what comes next', () => {
  test('every second week counts from the week of the anchor', () => {
    const of = rule({ every: 'week', interval: 2, weekdays: [4, 2] }, '2026-11-25')
    expect(follow(of, '2026-11-01T00:00', 5)).toEqual([
      '2026-11-26T09:00',
      '2026-12-08T09:00',
      '2026-12-10T09:00',
      '2026-12-22T09:00',
      '2026-12-24T09:00',
    ])
  })

  test('a day that a month does not have is its last', () => {
    const of = rule({ every: 'month', interval: 1, day: 31 }, '2026-12-31')
    expect(follow(of, '2026-12-31T09:00', 4)).toEqual([
      '2027-01-31T09:00',
      '2027-02-28T09:00',
      '2027-03-31T09:00',
      '2027-04-30T09:00',
    ])
  })

  test.each([
    ['the second Tuesday', 2, 2, ['2026-11-10', '2026-12-08', '2027-01-12']],
    ['the last Friday', 'last', 5, ['2026-11-27', '2026-12-25', '2027-01-29']],
    ['the first Sunday', 1, 7, ['2026-11-01', '2026-12-06', '2027-01-03']],
  ] as const)('%s of every month', (_, nth, weekday, dates) => {
    const of = rule({ every: 'month', interval: 1, nth, weekday }, '2026-11-01')
    expect(follow(of, '2026-10-01T00:00', 3)).toEqual(dates.map((day) => `${day}T09:00`))
  })

  test('the third working day of every second month', () => {
    const isOff = (day: Temporal.PlainDate): boolean => isWeekend(day) || day.equals(date('2027-01-01'))
    const of = rule(
      { every: 'month', interval: 2, workday: 3 },
      '2026-11-01',
      '09:00',
      'Europe/Brussels',
      isOff,
    )
    expect(follow(of, '2026-10-01T00:00', 3)).toEqual([
      '2026-11-04T09:00',
      '2027-01-06T09:00',
      '2027-03-03T09:00',
    ])
  })

  test('strictly after: neither the same time again nor one before the anchor', () => {
    const of = rule({ every: 'month', interval: 3, day: 24 }, '2026-11-24')
    expect(follow(of, '2020-01-01T00:00', 2)).toEqual(['2026-11-24T09:00', '2027-02-24T09:00'])
    expect(follow(of, '2026-11-24T08:59', 1)).toEqual(['2026-11-24T09:00'])
  })

  test('once is once', () => {
    const of = rule({ every: 'once' }, '2026-11-24')
    expect(follow(of, '2026-11-01T00:00', 3)).toEqual(['2026-11-24T09:00'])
  })

  test('without a weekday nothing follows', () => {
    expect(
      follow(rule({ every: 'week', interval: 1, weekdays: [] }, '2026-11-24'), '2026-11-01T00:00', 1),
    ).toEqual([])
  })
})

describe('where the clocks change', () => {
  const daily = { every: 'week' as const, interval: 1, weekdays: [1, 2, 3, 4, 5, 6, 7] }
  const instant = (nominal: string, zone: string): string =>
    dueAt(rule(daily, '2026-01-01', '00:00', zone), Temporal.PlainDateTime.from(nominal)).toString()

  test.each([
    // In the gap it lies later by the gap, in the doubled hour it is the first of the two.
    ['Europe/Brussels', '2027-03-28T02:30', '2027-03-28T01:30:00Z'],
    ['Europe/Brussels', '2026-10-25T02:30', '2026-10-25T00:30:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T09:00', '2026-10-03T22:00:00Z'],
    ['America/Scoresbysund', '2027-03-27T23:30', '2027-03-28T01:30:00Z'],
    ['Africa/Cairo', '2026-04-24T00:30', '2026-04-23T22:30:00Z'],
  ])('%s %s is %s', (zone, nominal, expected) => expect(instant(nominal, zone)).toBe(expected))

  test.each([
    ['Europe/Brussels', '2026-10-25', '02:30'],
    ['Europe/Brussels', '2027-03-28', '02:30'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15'],
    ['America/Scoresbysund', '2027-03-27', '23:30'],
    ['Africa/Cairo', '2026-04-24', '00:30'],
  ])('%s, night of %s: whenever it is reckoned anew, %s comes once', (zone, date, time) => {
    const of = rule(daily, '2026-01-01', time, zone)
    const due = dueAt(of, Temporal.PlainDate.from(date).toPlainDateTime(time))
    for (let minutes = -180; minutes < 180; minutes += 15) {
      const nominal = upcoming(of, due.add({ minutes }))
      expect(nominal?.toPlainDate().toString() === date).toBe(minutes < 0)
    }
  })

  test('a day that has had its occurrence gets no second one', () => {
    const of = rule(daily, '2026-11-01', '10:00')
    const now = Temporal.Instant.from('2026-11-24T08:30:00Z')
    const done = Temporal.PlainDate.from('2026-11-24')
    expect(upcoming(of, now)?.toString()).toBe('2026-11-24T10:00:00')
    expect(upcoming(of, now, done)?.toString()).toBe('2026-11-25T10:00:00')
  })
})

describe('days off', () => {
  const christmas = ['2026-12-25', '2026-12-26', '2027-01-01']
  const isOff = (day: Temporal.PlainDate): boolean => isWeekend(day) || christmas.includes(day.toString())
  const inGermany = (recurrence: Recurrence): Rule =>
    rule(recurrence, '2026-12-01', '09:00', 'Europe/Berlin', isOff)
  const due = (of: Rule, after: string, count: number): string[] =>
    follow(of, after, count).map((nominal) => {
      const at = dueAt(of, Temporal.PlainDateTime.from(nominal))
      return `${nominal.slice(0, 10)} ${at.toZonedDateTimeISO(of.zone).toPlainDateTime().toString().slice(0, 16)}`
    })

  test('move it to the same hour of the next working day; what it is called stays', () => {
    const fridays = inGermany({ every: 'week', interval: 1, weekdays: [5] })
    expect(due(fridays, '2026-12-20T00:00', 3)).toEqual([
      '2026-12-25 2026-12-28T09:00',
      '2027-01-01 2027-01-04T09:00',
      '2027-01-08 2027-01-08T09:00',
    ])
  })

  test('never make two of one day', () => {
    const often = inGermany({ every: 'week', interval: 1, weekdays: [1, 3, 5] })
    expect(due(often, '2026-12-23T00:00', 4)).toEqual([
      '2026-12-23 2026-12-23T09:00',
      '2026-12-28 2026-12-28T09:00',
      '2026-12-30 2026-12-30T09:00',
      '2027-01-04 2027-01-04T09:00',
    ])
  })

  test('what waits for the end of the days off is still to come', () => {
    const fridays = inGermany({ every: 'week', interval: 1, weekdays: [5] })
    const sunday = Temporal.Instant.from('2026-12-27T12:00:00Z')
    expect(upcoming(fridays, sunday)?.toString()).toBe('2026-12-25T09:00:00')
    expect(upcoming(fridays, Temporal.Instant.from('2026-12-28T08:00:00Z'))?.toString()).toBe(
      '2027-01-01T09:00:00',
    )
  })

  test('without any working day it stays where it is', () => {
    const of = { ...inGermany({ every: 'month', interval: 1, workday: 3 }), isDayOff: () => true }
    expect(due(of, '2026-12-01T00:00', 2)).toEqual([
      '2026-12-31 2026-12-31T09:00',
      '2027-01-31 2027-01-31T09:00',
    ])
    expect(upcoming(of, Temporal.Instant.from('2026-12-01T12:00:00Z'))?.toString()).toBe(
      '2026-12-31T09:00:00',
    )
  })

  test('working day N is counted from its anchor, and back', () => {
    expect(workday(date('2026-12-24'), 1, isOff)?.toString()).toBe('2026-12-24')
    expect(workday(date('2026-12-24'), 2, isOff)?.toString()).toBe('2026-12-28')
    expect(workday(date('2026-12-25'), 1, isOff)?.toString()).toBe('2026-12-28')
    expect(workdayOfMonth(date('2026-12-28'), isOff)).toBe(19)
    expect(workdayOfMonth(date('2026-12-25'), isOff)).toBe(0)
  })
})

describe('any schedule', () => {
  const recurrences: fc.Arbitrary<Recurrence> = fc.oneof(
    fc.record({
      every: fc.constant('week' as const),
      interval: fc.integer({ min: 1, max: 5 }),
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    }),
    fc.record({
      every: fc.constant('month' as const),
      interval: fc.integer({ min: 1, max: 4 }),
      day: fc.integer({ min: 1, max: 31 }),
    }),
    fc.record({
      every: fc.constant('month' as const),
      interval: fc.integer({ min: 1, max: 4 }),
      nth: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const, 'last' as const),
      weekday: fc.integer({ min: 1, max: 7 }),
    }),
    fc.record({
      every: fc.constant('month' as const),
      interval: fc.integer({ min: 1, max: 4 }),
      workday: fc.integer({ min: 1, max: 23 }),
    }),
  )
  const dates = fc
    .integer({ min: 0, max: 400 })
    .map((days) => Temporal.PlainDate.from('2026-01-01').add({ days }).toString())
  const zones = fc.constantFrom(
    'Europe/Brussels',
    'Australia/Lord_Howe',
    'America/Scoresbysund',
    'Africa/Cairo',
  )
  const times = fc
    .integer({ min: 0, max: 1439 })
    .map((minute) => Temporal.PlainTime.from('00:00').add({ minutes: minute }).toString())

  function isDayOfMonth(monthly: Monthly, date: Temporal.PlainDate): boolean {
    if ('day' in monthly) return date.day === Math.min(monthly.day, date.daysInMonth)
    const days = Array.from({ length: date.daysInMonth }, (_, index) => date.with({ day: index + 1 }))
    const counted =
      'workday' in monthly
        ? days.filter((day) => !isWeekend(day))
        : days.filter((day) => day.dayOfWeek === monthly.weekday)
    const n = 'workday' in monthly ? monthly.workday : monthly.nth
    const chosen = n === 'last' ? counted.at(-1) : (counted[n - 1] ?? counted.at(-1))
    return chosen?.equals(date) ?? false
  }

  // Looks at every single day: slow, and too simple to be wrong in the same way.
  function byLookingAtEveryDay(
    { recurrence, anchor, localTime }: Rule,
    after: Temporal.PlainDateTime,
  ): string {
    const isDay = (date: Temporal.PlainDate): boolean => {
      if (recurrence.every === 'once') return date.equals(anchor)
      if (recurrence.every === 'month') {
        const months = (date.year - anchor.year) * 12 + date.month - anchor.month
        return months % recurrence.interval === 0 && isDayOfMonth(recurrence, date)
      }
      const start = anchor.subtract({ days: anchor.dayOfWeek - 1 })
      const weeks = Math.floor(start.until(date, { largestUnit: 'days' }).days / 7)
      return weeks % recurrence.interval === 0 && recurrence.weekdays.includes(date.dayOfWeek)
    }
    const from = after.toPlainDate()
    const start = Temporal.PlainDate.compare(from, anchor) > 0 ? from : anchor
    for (let date = start; ; date = date.add({ days: 1 })) {
      const nominal = date.toPlainDateTime(localTime)
      if (isDay(date) && Temporal.PlainDateTime.compare(nominal, after) > 0) return nominal.toString()
    }
  }

  test('agrees with looking at every day, and only goes forward', () => {
    fc.assert(
      fc.property(recurrences, dates, dates, times, zones, (recurrence, anchor, after, time, zone) => {
        const isWorkdays = recurrence.every === 'month' && 'workday' in recurrence
        const of = rule(recurrence, anchor, time, zone, isWorkdays ? isWeekend : undefined)
        let last = Temporal.PlainDate.from(after).toPlainDateTime('12:00')
        for (let i = 0; i < 4; i++) {
          const next = nextNominal(of, last) ?? last
          expect(next.toString()).toBe(byLookingAtEveryDay(of, last))
          expect(Temporal.PlainDateTime.compare(next, last)).toBe(1)
          expect(Temporal.Instant.compare(dueAt(of, next), dueAt(of, last))).toBe(1)
          last = next
        }
      }),
      { numRuns: 100 },
    )
  })
})
