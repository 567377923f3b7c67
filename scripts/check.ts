/**
 * All that must hold before a change is good: `npm test`.
 * Every step runs even if one before it failed, so that one run tells everything.
 */
import { spawnSync } from 'node:child_process'

const local = (bin: string): string => `node_modules/${bin}`
const steps: [name: string, args: string[]][] = [
  ['format', [local('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['lint', [local('eslint/bin/eslint.js'), '--max-warnings', '0', '.']],
  ['types', [local('typescript/bin/tsc'), '--noEmit']],
  ['dead code', [local('knip/bin/knip.js')]],
  [
    'tests',
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', local('jest/bin/jest.js'), '--ci'],
  ],
]

const failed = steps.filter(([name, args]) => {
  process.stdout.write(`\n— ${name}\n`)
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  return status !== 0
})

process.stdout.write(`\n${steps.length - failed.length} checks passed, ${failed.length} failed`)
process.stdout.write(failed.length > 0 ? `: ${failed.map(([name]) => name).join(', ')}\n` : '\n')
process.exitCode = failed.length > 0 ? 1 : 0
