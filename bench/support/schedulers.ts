import { createTask } from 'node-cron'
import { CronExpressionParser } from 'cron-parser'
import { Cron } from 'croner'
import { Temporal } from 'temporal-polyfill'
import { dueAt, upcoming, type Rule } from '../../src/checkins/recurrence.ts'
import type { NextRun } from '../../tests/support/clock-changes.ts'

/** Daily at a local time, reckoned anew from each instant, as after a restart. */
export const linkpin: NextRun = (zone, hour, minute) => {
  const rule: Rule = {
    recurrence: { every: 'week', interval: 1, weekdays: [1, 2, 3, 4, 5, 6, 7] },
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

const pattern = (hour: number, minute: number): string => `${minute} ${hour} * * *`

const croner: NextRun = (zone, hour, minute) => {
  const cron = new Cron(pattern(hour, minute), { paused: true, timezone: zone })
  return (after) => cron.nextRun(new Date(after))?.getTime() ?? Infinity
}

const cronParser: NextRun = (zone, hour, minute) => {
  const text = pattern(hour, minute)
  return (after) =>
    CronExpressionParser.parse(text, { currentDate: new Date(after), tz: zone })
      .next()
      .getTime()
}

// node-cron tells the next run after now only; what it reckons with lies within the task.
const nodeCron: NextRun = (zone, hour, minute) => {
  const task = createTask(pattern(hour, minute), () => undefined, { timezone: zone })
  const { timeMatcher } = task as unknown as { timeMatcher: { getNextMatch(date: Date): Date } }
  void task.destroy()
  return (after) => timeMatcher.getNextMatch(new Date(after)).getTime()
}

/** Name and way to reckon, ours first. */
export const schedulers: [name: string, nextRun: NextRun][] = [
  ['Linkpin (Temporal)', linkpin],
  ['node-cron', nodeCron],
  ['croner', croner],
  ['cron-parser', cronParser],
]
