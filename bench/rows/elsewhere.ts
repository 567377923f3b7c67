import type { Row } from '../support/row.ts'

const needs = (bot: string, against: string, target: string, what: string): Row => ({
  bot,
  against,
  target,
  measure: async () => ({ measured: `not measured: needs ${what}, and is not written yet` }),
})

/** What stays in the table although nobody has measured it, so that nobody takes it for met. */
export const elsewhere: Row[] = [
  needs('in-process dispatcher, a send that does nothing', 'Agenda', '>= 3 x', 'MongoDB'),
  needs(
    'BullMQ dispatcher, a send that does nothing',
    'BullMQ alone',
    '>= 0.25; four workers >= 3 x one',
    'Redis',
  ),
]
