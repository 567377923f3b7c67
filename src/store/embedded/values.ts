import { types } from 'node:util'
import { NotSupported } from './errors.ts'

/** What a document may hold. */
export type Value = null | boolean | number | string | Date | Value[] | Plain
export interface Plain {
  [key: string]: Value
}
/** A stored document. Ids are strings throughout Linkpin. */
export interface Doc extends Plain {
  _id: string
}

// Names through which a path would leave the document and reach JavaScript's own machinery.
const UNSAFE = new Set(['__proto__', 'constructor', 'prototype'])

/** A plain object, and not a Date, an array or somebody's class. */
export const isPlain = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false
  const proto: unknown = Object.getPrototypeOf(value)
  if (proto === Object.prototype) return true
  if (Array.isArray(value) || types.isDate(value)) return false
  // The grandparent check, because test runners bring an `Object` of their own.
  return proto === null || Object.getPrototypeOf(proto) === null
}

/**
 * A deep copy that consists of storable values only.
 * `undefined` becomes null, as MongoDB's own driver has it.
 * @throws NotSupported for types and field names that would not come back as they went in
 */
export function toPlain(value: unknown): Value {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NotSupported(`the number ${value}`)
    return value
  }
  if (typeof value !== 'object') throw new NotSupported(`values of type ${typeof value}`)
  if (types.isDate(value)) {
    if (Number.isNaN(value.getTime())) throw new NotSupported('invalid dates')
    return new Date(value.getTime())
  }
  if (Array.isArray(value)) return Array.from(value, toPlain)
  if (types.isMap(value)) return toPlain(Object.fromEntries(value))
  if ('toBSON' in value && typeof value.toBSON === 'function')
    return toPlain((value.toBSON as () => unknown)())
  if (!isPlain(value))
    throw new NotSupported(`values of type ${value.constructor.name} (ids are strings, bytes are base64)`)
  const copy: Plain = {}
  for (const [key, entry] of Object.entries(value)) {
    checkKey(key)
    copy[key] = toPlain(entry)
  }
  return copy
}

/** @throws NotSupported for a field name that documents may not have */
function checkKey(key: string): void {
  if (key === '' || key.startsWith('$') || /[.\0]/.test(key) || UNSAFE.has(key)) {
    throw new NotSupported(`the field name '${key}'`)
  }
}

/**
 * Checks a dotted path of a filter, an update, an index or a projection.
 * @throws NotSupported for positional operators and names that documents may not have
 */
export function checkPath(path: string): string[] {
  const segments = path.split('.')
  segments.forEach(checkKey)
  return segments
}

/**
 * A whole document, checked.
 * @throws NotSupported when its id is not a string
 */
export function toDoc(value: unknown): Doc {
  const doc = toPlain(value)
  if (!isPlain(doc)) throw new NotSupported('documents that are not objects')
  checkId(doc._id)
  return doc as Doc
}

/** @throws NotSupported for an id that is not a string, or that SQLite might not tell from another */
export function checkId(id: unknown): asserts id is string {
  if (typeof id !== 'string')
    throw new NotSupported(`an _id that is not a string (${id === null ? 'none' : typeof id})`)
  if (id === '' || /[\0\p{Surrogate}]/u.test(id))
    throw new NotSupported('an _id that is empty or not well-formed text')
}

/** A document as text. Field names cannot begin with `$`, so `$date` cannot be mistaken. */
export const encode = (value: Value): string => JSON.stringify(wrapDates(value))

function wrapDates(value: Value): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wrapDates)
  if (types.isDate(value)) return { $date: value.getTime() }
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) copy[key] = wrapDates(value[key] as Value)
  return copy
}

/** The document that {@link encode} was given. */
export const decode = (text: string): Doc => unwrapDates(JSON.parse(text)) as Doc

function unwrapDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(unwrapDates)
  const object = value as Record<string, unknown>
  if ('$date' in object) return new Date(object.$date as number)
  for (const key of Object.keys(object)) {
    const entry = object[key]
    if (typeof entry === 'object') object[key] = unwrapDates(entry)
  }
  return object
}
