/**
 * Breaks Linkpin on purpose, and counts what became of every message.
 *
 *   npm run chaos                          everything, over an hour; .ci/mongodb npm run chaos with MongoDB's protocol
 *   npm run chaos -- kills-mongodb store   only these
 *   npm run chaos -- --rounds 20           more of it
 *   npm run chaos -- --short               what CI does, some two minutes
 */
import { parseArgs } from 'node:util'
import { inParallel } from '../../src/kernel/parallel.ts'
import { scenarios } from './scenarios/index.ts'
import { tableOf, type Tally } from './support/history.ts'
import { removeProgram } from './support/program.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, rounds: { type: 'string' } },
})
const { short: isShort } = values
const rounds = Number(values.rounds ?? (isShort ? 1 : 5))
const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name))
if (unknown.length > 0 || !(rounds > 0)) {
  process.stderr.write(`Scenarios: ${scenarios.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}

/** Of one fault. */
const SHOWN = 10

const chosen = scenarios.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const found = new Map<string, Tally[]>()
const broken: string[] = []
// What takes long in the short run is mostly waiting; the long run measures, and needs the machine for itself.
await inParallel(chosen, isShort ? 3 : 1, async ({ name, run }) => {
  const since = performance.now()
  try {
    const tallies = await run({ isShort, rounds })
    found.set(name, tallies)
    for (const { fault, wrong } of tallies) {
      broken.push(...wrong.slice(0, SHOWN).map((what) => `${fault}: ${what}`))
      if (wrong.length > SHOWN) broken.push(`${fault}: and ${wrong.length - SHOWN} more`)
    }
  } catch (error) {
    broken.push(`${name}: ${error instanceof Error ? error.message : 'unknown'}`)
  }
  process.stderr.write(`… ${name}: ${Math.round((performance.now() - since) / 1000)} s\n`)
})
await removeProgram()

const tallies = chosen.flatMap(({ name }) => found.get(name) ?? [])
process.stdout.write(`\n${tableOf(tallies)}\n\n`)
for (const what of broken) process.stdout.write(`BROKEN: ${what}\n`)
process.exit(broken.length > 0 ? 1 : 0)
