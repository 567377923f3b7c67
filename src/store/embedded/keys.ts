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

// eslint-disable-next-line no-control-regex -- as above
const UNUSUAL = /[\u0000-\u0002\uD800-\uDFFF]/

// A lone surrogate is no Unicode and would reach SQLite as U+FFFD anyway; so it does on both sides.
const escape = (text: string): string => (UNUSUAL.test(text) ? escapeUnusual(text) : text)

const escapeUnusual = (text: string): string =>
  text.replace(RESERVED, (c) => `\u0002${c.charCodeAt(0)}`).replace(/\p{Surrogate}/gu, '\uFFFD')

const number = Buffer.alloc(8)

function sortableNumber(value: number): string {
  number.writeDoubleBE(value === 0 ? 0 : value) // -0 equals 0
  const flip = value < 0 ? 0xffffffff : 0
  number.writeUInt32BE((number.readUInt32BE(0) ^ (flip || 0x80000000)) >>> 0, 0)
  number.writeUInt32BE((number.readUInt32BE(4) ^ flip) >>> 0, 4)
  return number.toString('hex')
}

/** One way in which an index leads to a document. */
export interface Entry {
  key: string
  values: Record<string, Value>
}

/**
 * All entries of a document in an index: one, or where fields hold several values, one for each combination. None under a
 * missing first value, to which no filter leads (see plan.ts), unless uniqueness needs it.
 */
export function entriesOf(doc: Doc, index: Index): Entry[] {
  let entries: Entry[] = [{ key: '', values: {} }]
  for (const field of index.fields) {
    const found = valuesAt(doc, field)
    const leading = entries[0]?.key === '' && !index.unique ? found.filter(isThere) : found
    const values = new Map(leading.map((value) => [keyOf(value), value ?? null]))
    entries = entries.flatMap((entry) =>
      Array.from(values, ([key, value]) => ({
        key: entry.key + key,
        values: { ...entry.values, [field]: value },
      })),
    )
  }
  return entries
}

const isThere = (value: Value | undefined): boolean => value !== undefined && value !== null

/** True when the document has at least one of the fields: only then a sparse index counts it. */
export const hasAnyField = (doc: Doc, index: Index): boolean =>
  index.fields.some((field) => valuesAt(doc, field).some((value) => value !== undefined))

/**
 * All values that a filter on this path could match, arrays opened at every level. It may be more than MongoDB would
 * look at, and must never be less: what an index finds is checked against the filter again.
 */
function valuesAt(doc: Doc, path: string): (Value | undefined)[] {
  const own = Object.hasOwn(doc, path) ? doc[path] : undefined
  if (!path.includes('.') && !Array.isArray(own)) return [own]
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
