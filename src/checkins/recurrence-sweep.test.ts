import { expect, test } from '@jest/globals'
import { Temporal } from 'temporal-polyfill'
import { clockChanges, distinct, judge, type NextRun } from '../../tests/support/clock-changes.ts'
import { dueAt, upcoming, type Rule } from './recurrence.ts'

const EVERY_DAY = { every: 'week' as const, interval: 1, weekdays: [1, 2, 3, 4, 5, 6, 7] }
// Zones that change alike are one case, and half of the times will do; bench/recurrence-sweep.ts leaves out none.
const changes = distinct(clockChanges('2026-01-01T00:00:00Z', '2029-01-01T00:00:00Z'))

const ours: NextRun = (zone, hour, minute) => {
  const rule: Rule = {
    recurrence: EVERY_DAY,
    anchor: Temporal.PlainDate.from('2025-12-01'),
    localTime: new Temporal.PlainTime(hour, minute),
    zone,
    isDayOff: () => false,
  }
  return (after) => {
    const nominal = upcoming(rule, Temporal.Instant.fromEpochMilliseconds(after))
    return nominal ? dueAt(rule, nominal).epochMilliseconds : Infinity
  }
}

test('in all zones, around every change of the clocks in three years, nothing is lost or comes twice', () => {
  expect(changes.length).toBeGreaterThan(100)
  const { runs, moved, ...wrong } = judge(ours, changes, 2)
  expect(wrong).toEqual({ lost: 0, doubled: 0, movedInVain: 0, threw: 0 })
  expect(runs).toBe(changes.length * 24 * 4)
  expect(moved).toBeGreaterThan(0)
})

test('the judge sees what is wrong', () => {
  const some = changes.slice(0, 20)
  const inUtc = (hours: number): NextRun => {
    const step = hours * 3_600_000
    return (_zone, hour, minute) => (after) => {
      const time = (hour * 60 + minute) * 60_000
      return (Math.floor((after - time) / step) + 1) * step + time
    }
  }
  expect(judge(inUtc(24), some).movedInVain).toBeGreaterThan(0)
  expect(judge(inUtc(12), some).doubled).toBeGreaterThan(0)
  expect(judge(inUtc(48), some).lost).toBeGreaterThan(0)
  const broken: NextRun = () => () => {
    throw new Error('broken')
  }
  expect(judge(broken, some).threw).toBe(some.length * 48)
})
