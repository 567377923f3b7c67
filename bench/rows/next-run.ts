import { Cron } from 'croner'
import { Temporal } from 'temporal-polyfill'
import { dueAt, nextNominal, type Rule } from '../../src/checkins/recurrence.ts'
import { inWords, perSecond, sideBySide, type Row } from '../support/row.ts'

const zone = 'Europe/Berlin'
const rule: Rule = {
  recurrence: { every: 'week', interval: 1, weekdays: [2, 4] },
  anchor: Temporal.PlainDate.from('2026-01-01'),
  localTime: Temporal.PlainTime.from('09:30'),
  zone,
  isDayOff: ({ dayOfWeek }) => dayOfWeek > 5,
}

export const nextRun: Row = {
  bot: 'next run of a schedule: nominal date, days off, instant',
  against: 'croner, pattern parsed beforehand',
  target: '>= 1',
  async measure(size) {
    const count = size.of(20_000)
    const cron = new Cron('30 9 * * 2,4', { paused: true, timezone: zone })
    const ratios = await sideBySide(size, {
      ours: () =>
        perSecond(count, async () => {
          let nominal = Temporal.PlainDateTime.from('2026-01-01T00:00')
          for (let i = 0; i < count; i++) {
            nominal = nextNominal(rule, nominal) ?? nominal
            dueAt(rule, nominal)
          }
        }),
      floor: () =>
        perSecond(count, async () => {
          let at = new Date('2026-01-01T00:00:00Z')
          for (let i = 0; i < count; i++) at = cron.nextRun(at) ?? at
        }),
    })
    return { measured: inWords(ratios), met: ratios.median >= 1 }
  },
}
