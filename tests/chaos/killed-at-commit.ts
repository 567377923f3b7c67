/**
 * Loaded before a replica on the embedded store: ends the process, as kill -9 does, right before or right after the commit
 * that holds a certain write. Nothing of Linkpin knows about it.
 */
import { createRequire } from 'node:module'
import type { Boundary } from './support/boundaries.ts'

interface Statement {
  run(...values: unknown[]): unknown
}
const { prototype } = createRequire(import.meta.url)('libsql') as {
  prototype: { prepare(sql: string): Statement }
}

interface Rule extends Boundary {
  when: 'before' | 'after'
  /** 1 is the first. */
  nth: number
}
const rule = JSON.parse(process.env.CHAOS_KILL ?? '') as Rule
let left = rule.nth
let isHere = false

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  // Nothing more happens, even if the signal takes its time.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

function isMeant(sql: string, values: unknown[]): boolean {
  if (!/^(INSERT|UPDATE|DELETE)/.test(sql) || !sql.includes(`"c:${rule.collection}"`)) return false
  const text = values.join('\n')
  return (
    rule.embedded.has.every((word) => text.includes(word)) &&
    !rule.embedded.lacks.some((word) => text.includes(word))
  )
}

const prepare = prototype.prepare
prototype.prepare = function (this: unknown, sql: string): Statement {
  const statement = prepare.call(this, sql)
  const run = statement.run.bind(statement)
  statement.run = (...values) => {
    if (sql === 'BEGIN IMMEDIATE') isHere = false
    if (isMeant(sql, values)) isHere = true
    if (sql !== 'COMMIT' || !isHere || --left > 0) return run(...values)
    if (rule.when === 'after') run(...values)
    die()
  }
  return statement
}
