/**
 * Every zone and every change of the clocks in three years, at every half hour: what is lost, what comes twice.
 *
 *   node --import tsx bench/recurrence-sweep.ts         every zone; some minutes
 *   node --import tsx bench/recurrence-sweep.ts quick   one zone for all that change alike
 */
import { clockChanges, distinct, judge } from '../tests/support/clock-changes.ts'
import { schedulers } from './support/schedulers.ts'

const all = clockChanges('2026-01-01T00:00:00Z', '2029-01-01T00:00:00Z')
const changes = process.argv.includes('quick') ? distinct(all) : all
const zones = new Set(all.map(({ zone }) => zone)).size
const real = all.filter(({ before, after }) => before !== after)

process.stdout.write(
  `${zones} zones, ${real.length} changes of the clocks (${distinct(real).length} different), 2026 to 2028; ${changes.length} looked at\n\n`,
)
process.stdout.write('| | owed | lost | doubled | moved | of these in vain | threw | seconds |\n')
process.stdout.write(`|${' --- |'.repeat(8)}\n`)
for (const [name, nextRun] of schedulers) {
  const start = performance.now()
  const { runs, lost, doubled, moved, movedInVain, threw } = judge(nextRun, changes)
  const seconds = Math.round((performance.now() - start) / 1000)
  process.stdout.write(`| ${[name, runs, lost, doubled, moved, movedInVain, threw, seconds].join(' | ')} |\n`)
}
