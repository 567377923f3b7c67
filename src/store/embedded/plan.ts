import type { Clause } from './filter.ts'
import { keyOf, LAST, openKey, type Index } from './keys.ts'
import type { Value } from './values.ts'

/** Where to look: documents by their ids, or the entries of an index from `from` to before `to`. */
export type Plan = { ids: string[] } | { index: Index; ranges: { from: string; to: string }[] }

const MOST_RANGES = 500

/**
 * Finds the shortest way to all documents that may match. What it leads to is a superset, always: where that is not
 * certain (null, objects, arrays, negations, alternatives), it does not narrow.
 * @returns undefined where every document has to be looked at
 */
export function planFor(clauses: Clause[], indexes: Index[]): Plan | undefined {
  const ids = equalsOf(clauses, '_id')
  if (ids) return { ids: ids.filter((id) => typeof id === 'string') }
  let best: { index: Index; ranges: { from: string; to: string }[]; score: number } | undefined
  for (const index of indexes) {
    const candidate = rangesIn(index, clauses)
    if (candidate.score > (best?.score ?? 0)) best = { index, ...candidate }
  }
  return best
}

function rangesIn(
  index: Index,
  clauses: Clause[],
): { ranges: { from: string; to: string }[]; score: number } {
  let prefixes = ['']
  let score = 0
  for (const field of index.fields) {
    const equals = equalsOf(clauses, field)
    if (!equals || prefixes.length * equals.length > MOST_RANGES) {
      const bounds = boundsOf(index, clauses, field)
      if (!bounds) break
      return { ranges: prefixes.map((p) => ({ from: p + bounds.from, to: p + bounds.to })), score: score + 1 }
    }
    const keys = [...new Set(equals.map(keyOf))]
    prefixes = prefixes.flatMap((prefix) => keys.map((key) => prefix + key))
    score += 2
  }
  return { ranges: prefixes.map((prefix) => ({ from: prefix, to: prefix + LAST })), score }
}

/** The values of which the field must have one. The first clause will do: the others are checked afterwards. */
function equalsOf(clauses: Clause[], field: string): Value[] | undefined {
  for (const clause of clauses) {
    if (!('path' in clause) || clause.path !== field) continue
    if (clause.op === '$eq' && isScalar(clause.value)) return [clause.value]
    if (clause.op === '$in' && clause.value.every(isScalar)) return clause.value
  }
  return undefined
}

const isScalar = (value: Value): boolean =>
  value !== null && (typeof value !== 'object' || value instanceof Date)

function boundsOf(index: Index, clauses: Clause[], field: string): { from: string; to: string } | undefined {
  let from: string | undefined
  let to: string | undefined
  let type: string | undefined
  for (const clause of clauses) {
    if (!('path' in clause) || clause.path !== field) continue
    if (clause.op !== '$gt' && clause.op !== '$gte' && clause.op !== '$lt' && clause.op !== '$lte') continue
    // Beyond U+D800, JavaScript's order of text is not SQLite's.
    if (typeof clause.value === 'string' && /[\uD800-\uFFFF]/.test(clause.value)) continue
    const key = openKey(clause.value)
    if (type !== undefined && (type !== key[0] || index.multikey)) continue
    type = key[0]
    if (clause.op === '$gt' || clause.op === '$gte') from ??= key
    else to ??= keyOf(clause.value) + LAST
  }
  return type === undefined ? undefined : { from: from ?? type, to: to ?? type + LAST }
}
