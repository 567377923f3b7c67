/**
 * Looks for inputs that nobody thought of: the fuzz tests and every property, with new cases.
 *
 *   npm run fuzz                     a new seed; prints it
 *   FUZZ_SEED=17 npm run fuzz        the same cases again
 *   FUZZ_RUNS=100000 npm run fuzz    that many cases for each parser, instead of 5,000
 */
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'

const { FUZZ_SEED = String(randomInt(2 ** 31)), FUZZ_RUNS = '5000' } = process.env
process.stdout.write(`seed ${FUZZ_SEED}, ${FUZZ_RUNS} cases for each parser\n`)
const { status } = spawnSync(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    ...[
      'node_modules/jest/bin/jest.js',
      '--testTimeout=3600000',
      'fuzz',
      'property',
      'ledger',
      'render',
      'codec',
    ],
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, FUZZ_SEED, FUZZ_RUNS } },
)
process.exitCode = status ?? 1
