import { isPlain, type Plain, type Value } from './values.ts'

/** Sorts before null, as an empty array does in MongoDB where documents are sorted. Only this very array does. */
export const EMPTY: Value = []

const RANKS = { number: 2, string: 3, boolean: 8 } as Record<string, number>

function rank(value: Value | undefined): number {
  if (value === EMPTY) return 0
  if (value === null || value === undefined) return 1
  if (value instanceof Date) return 9
  return RANKS[typeof value] ?? (Array.isArray(value) ? 5 : 4)
}

/** MongoDB's order, across types and within them: negative, zero or positive. What is missing is as null. */
export function compare(a: Value | undefined, b: Value | undefined): number {
  const difference = rank(a) - rank(b)
  if (difference !== 0 || rank(a) <= 1) return difference
  if (isEntries(a) && isEntries(b)) return compareEntries(a, b)
  const [x, y] = [a ?? 0, b ?? 0]
  return x < y ? -1 : x > y ? 1 : 0
}

const isEntries = (value: Value | undefined): value is Plain | Value[] =>
  Array.isArray(value) || isPlain(value)

/** Field by field: the types of the values first, then the names, then the values; whatever ends first is less. */
function compareEntries(a: Plain | Value[], b: Plain | Value[]): number {
  const others = Object.entries(b)
  for (const [i, [key, value]] of Object.entries(a).entries()) {
    const other = others[i]
    if (!other) return 1
    const names = Array.isArray(a) || key === other[0] ? 0 : key < other[0] ? -1 : 1
    const order = rank(value) - rank(other[1]) || names || compare(value, other[1])
    if (order !== 0) return order
  }
  return Object.keys(a).length - others.length
}
