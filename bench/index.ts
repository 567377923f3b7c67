/**
 * Linkpin beside its floor: the same work without Linkpin, on the same machine, in the same run.
 *
 *   npm run bench              five rounds, some fifteen minutes
 *   npm run bench -- quick     one round, a tenth of the work: does it run at all
 *   npm run bench -- slack     only rows whose words hold that
 */
import { cpus } from 'node:os'
import { rows } from './rows/index.ts'
import type { Outcome, Row, Size } from './support/row.ts'

const words = process.argv.slice(2)
const isQuick = words.includes('quick')
const wanted = words.filter((word) => word !== 'quick')
const size: Size = isQuick
  ? { rounds: 1, of: (full) => Math.max(1, Math.round(full / 10)) }
  : { rounds: 5, of: (full) => full }

const chosen = rows.filter(({ bot, against }) =>
  wanted.every((word) => `${bot} ${against}`.toLowerCase().includes(word.toLowerCase())),
)

const verdict = ({ met }: Outcome): string => (met === undefined ? '' : met ? 'yes' : '**no**')

async function measured(row: Row): Promise<Outcome> {
  process.stderr.write(`… ${row.bot}\n`)
  try {
    return await row.measure(size)
  } catch (error) {
    process.exitCode = 1
    return { measured: `failed: ${error instanceof Error ? error.message : 'unknown'}` }
  }
}

process.stdout.write(
  `${cpus().length} cores, Node ${process.versions.node}; medians of ${size.rounds} interleaved rounds (worst-best)\n\n`,
)
process.stdout.write('| Linkpin | beside | target | measured | met |\n| --- | --- | --- | --- | --- |\n')
for (const row of chosen) {
  const outcome = await measured(row)
  process.stdout.write(
    `| ${row.bot} | ${row.against} | ${row.target} | ${outcome.measured} | ${verdict(outcome)} |\n`,
  )
}
