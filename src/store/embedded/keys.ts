import { encode, type Doc, type Value } from './values.ts'

/** An index as `createIndex` defined it. */
export interface Index {
  id: number
  name: string
  fields: string[]
  key: Record<string, 1 | -1>
  unique: boolean
  sparse: boolean
  expireAfterSeconds?: number
  partialFilterExpression?: Record<string, unknown>
  /** Some document has several values under one field: two bounds on it may then hold for different values. */
  multikey: boolean
}

/** Greater than everything that may follow in a key. */
export const LAST = '\u{10FFFF}'
const END = '\u0001'
// eslint-disable-next-line no-control-regex -- these three are what the encoding itself is made of
const RESERVED = /[\u0000-\u0002]/g

/**
 * A value as text that sorts as the value does among values of its type, in SQLite's byte order.
 * Never holds NUL, and no key is the beginning of another one.
 */
export const keyOf = (value: Value | undefined): string => openKey(value) + END

/** As {@link keyOf}, without its end: the least of all keys that begin like it. */
export function openKey(value: Value | undefined): string {
  if (value === null || value === undefined) return '0'
  if (typeof value === 'boolean') return value ? 'b1' : 'b0'
  if (typeof value === 'number') return `n${sortableNumber(value)}`
  if (value instanceof Date) return `d${sortableNumber(value.getTime())}`
  if (typeof value === 'string') return `s${escape(value)}`
  return `${Array.isArray(value) ? 'a' : 'o'}${escape(encode(value))}`
}

// A lone surrogate is no Unicode and would reach SQLite as U+FFFD anyway; so it does on both sides.
const escape = (text: string): string =>
  text.replace(RESERVED, (c) => `\u0002${c.charCodeAt(0)}`).replace(/\p{Surrogate}/gu, '\uFFFD')

function sortableNumber(value: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value === 0 ? 0 : value) // -0 equals 0
  const bits = bytes.readBigUInt64BE()
  const flipped = bits >> 63n ? ~bits & 0xffffffffffffffffn : bits | (1n << 63n)
  return flipped.toString(16).padStart(16, '0')
}

/** One way in which an index leads to a document. */
export interface Entry {
  key: string
  values: Record<string, Value>
}

/** All entries of a document in an index: one, or where fields hold several values, one for each combination. */
export function entriesOf(doc: Doc, index: Index): Entry[] {
  let entries: Entry[] = [{ key: '', values: {} }]
  for (const field of index.fields) {
    const values = new Map(valuesAt(doc, field).map((value) => [keyOf(value), value ?? null]))
    entries = entries.flatMap((entry) =>
      Array.from(values, ([key, value]) => ({
        key: entry.key + key,
        values: { ...entry.values, [field]: value },
      })),
    )
  }
  return entries
}

/** True when the document has at least one of the fields: only then a sparse index counts it. */
export const hasAnyField = (doc: Doc, index: Index): boolean =>
  index.fields.some((field) => valuesAt(doc, field).some((value) => value !== undefined))

/**
 * All values that a filter on this path could match, arrays opened at every level. It may be more than MongoDB would
 * look at, and must never be less: what an index finds is checked against the filter again.
 */
function valuesAt(doc: Doc, path: string): (Value | undefined)[] {
  const segments = path.split('.')
  const found: (Value | undefined)[] = []
  const visit = (value: Value | undefined, depth: number): void => {
    const segment = segments[depth]
    if (Array.isArray(value)) {
      if (segment !== undefined && /^\d+$/.test(segment)) visit(value[Number(segment)], depth + 1)
      if (segment === undefined && value.length === 0) found.push(value)
      for (const item of value) visit(item, depth)
    } else if (segment === undefined) {
      found.push(value)
    } else if (
      typeof value === 'object' &&
      value !== null &&
      !(value instanceof Date) &&
      Object.hasOwn(value, segment)
    ) {
      visit(value[segment], depth + 1)
    } else {
      found.push(undefined)
    }
  }
  visit(doc, 0)
  return found.length > 0 ? found : [undefined]
}
