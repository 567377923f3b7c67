import { NotSupported } from './errors.ts'
import { checkPath, isPlain, toPlain, type Value } from './values.ts'

type RangeOperator = '$gt' | '$gte' | '$lt' | '$lte'

/**
 * A filter taken apart into clauses that must all hold. Everything MongoDB can say with the operators we allow
 * comes down to these few, which makes them easy to evaluate and easy to look up in an index.
 */
export type Clause =
  | { path: string; op: '$eq'; value: Value }
  | { path: string; op: '$in'; value: Value[] }
  | { path: string; op: RangeOperator; value: string | number | Date }
  | { path: string; op: '$exists'; value: boolean }
  | { path: string; op: '$size'; value: number }
  | { path: string; op: '$elemMatch'; value: ElementMatch }
  | { any: Clause[][] }
  | { none: Clause[][] }

/** What one element of an array must be like: clauses on its fields, or on itself under the path `element`. */
export type ElementMatch = { on: 'fields' | 'element'; clauses: Clause[] }

/**
 * Takes a filter apart.
 * @throws NotSupported naming the first thing in it that the embedded store does not know
 */
export function parseFilter(filter: unknown): Clause[] {
  if (filter === undefined || filter === null) return []
  if (!isPlain(filter)) throw new NotSupported('a filter that is not an object')
  return Object.entries(filter).flatMap(([key, condition]): Clause[] => {
    if (key === '$and') return branches(key, condition).flat()
    if (key === '$or') return [{ any: branches(key, condition) }]
    if (key === '$nor') return [{ none: branches(key, condition) }]
    if (key.startsWith('$')) throw new NotSupported(`the filter operator ${key}`)
    checkPath(key)
    return parseCondition(key, condition)
  })
}

function branches(operator: string, filters: unknown): Clause[][] {
  if (!Array.isArray(filters) || filters.length === 0)
    throw new NotSupported(`${operator} without a list of filters`)
  return filters.map(parseFilter)
}

function parseCondition(path: string, condition: unknown): Clause[] {
  if (!isOperators(condition)) return [{ path, op: '$eq', value: literal(path, condition) }]
  return Object.entries(condition).flatMap(([op, value]) => parseOperator(path, op, value))
}

function isOperators(condition: unknown): condition is Record<string, unknown> {
  if (!isPlain(condition)) return false
  const dollars = Object.keys(condition).filter((key) => key.startsWith('$')).length
  if (dollars > 0 && dollars < Object.keys(condition).length)
    throw new NotSupported('operators beside fields in one condition')
  return dollars > 0
}

function parseOperator(path: string, op: string, value: unknown): Clause[] {
  switch (op) {
    case '$eq':
      return [{ path, op, value: literal(path, value) }]
    case '$ne':
      return [{ none: [[{ path, op: '$eq', value: literal(path, value) }]] }]
    case '$in':
      return [{ path, op, value: list(path, op, value) }]
    case '$nin':
      return [{ none: [[{ path, op: '$in', value: list(path, op, value) }]] }]
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte': {
      const bound = literal(path, value)
      if (typeof bound === 'string' || typeof bound === 'number' || bound instanceof Date)
        return [{ path, op, value: bound }]
      throw new NotSupported(`${op} with anything but text, numbers and dates`)
    }
    case '$exists':
      return [{ path, op, value: Boolean(value) }]
    case '$size':
      if (!Number.isInteger(value)) throw new NotSupported('$size without a whole number')
      return [{ path, op, value: value as number }]
    case '$all': {
      if (!Array.isArray(value)) throw new NotSupported('$all without a list')
      if (value.length === 0) return [{ any: [] }]
      return value.flatMap((item) => parseCondition(path, item))
    }
    case '$not':
      if (!isOperators(value)) throw new NotSupported('$not without operators')
      return [{ none: [parseCondition(path, value)] }]
    case '$elemMatch':
      return [{ path, op, value: parseElemMatch(value) }]
    default:
      throw new NotSupported(`the filter operator ${op}`)
  }
}

const ON_SCALARS = new Set(['$eq', '$ne', '$in', '$nin', '$gt', '$gte', '$lt', '$lte'])

function parseElemMatch(value: unknown): ElementMatch {
  if (!isPlain(value) || Object.keys(value).length === 0)
    throw new NotSupported('$elemMatch without conditions')
  const keys = Object.keys(value)
  if (!keys.some((key) => key.startsWith('$') && !['$and', '$or', '$nor'].includes(key)))
    return { on: 'fields', clauses: parseFilter(value) }
  const unknown = keys.find((key) => !ON_SCALARS.has(key))
  if (unknown) throw new NotSupported(`${unknown} within $elemMatch`)
  return { on: 'element', clauses: parseCondition('element', value) }
}

function literal(path: string, value: unknown): Value {
  // In MongoDB it would match every document that lacks the field. Nobody ever meant that.
  if (value === undefined) throw new NotSupported(`undefined as the value of '${path}' in a filter`)
  return toPlain(value)
}

function list(path: string, op: string, value: unknown): Value[] {
  if (!Array.isArray(value)) throw new NotSupported(`${op} without a list`)
  const items = value.map((item) => literal(path, item))
  if (items.some(Array.isArray)) throw new NotSupported(`lists within ${op}`)
  return items
}
