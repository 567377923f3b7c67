import { Context } from 'mingo'
import * as queryOperators from 'mingo/operators/query'
import { Query } from 'mingo/query'
import type { Clause, ElementMatch } from './filter.ts'
import { compare } from './order.ts'
import { isPlain, type Doc, type Value } from './values.ts'
import { types } from 'node:util'

type Test = (doc: Doc | Value) => boolean

/** The clauses as a test of one document. */
export function compile(clauses: Clause[]): Test {
  const tests = clauses.map(compileOne)
  return (doc) => tests.every((test) => test(doc))
}

function compileOne(clause: Clause): Test {
  if ('any' in clause || 'none' in clause) {
    const branches = ('any' in clause ? clause.any : clause.none).map(compile)
    const wanted = 'any' in clause
    return (doc) => branches.some((branch) => branch(doc)) === wanted
  }
  // On the way through arrays mingo collects what it finds into an array of its own, and takes that for the document's.
  const segments = clause.path.split('.')
  if (clause.op === '$size') {
    const { value } = clause
    return (doc) => arraysAt(doc, segments).some((array) => array.length === value)
  }
  if (clause.op === '$elemMatch') {
    const test = compileElement(clause.value)
    return (doc) => arraysAt(doc, segments).some((array) => array.some(test))
  }
  if (clause.op === '$eq' && Array.isArray(clause.value)) {
    const isIt = (value: Value): boolean => compare(value, clause.value) === 0
    return (doc) => arraysAt(doc, segments).some((array) => isIt(array) || array.some(isIt))
  }
  let query: Query | undefined
  const test: Test = (doc) => (query ??= new Query(toCriteria(clause), OPTIONS)).test(doc as Doc)
  return segments.length === 1 ? quickly(clause, test) : test
}

// Without aggregation and the rest of mingo, which would be copied for every query.
const OPTIONS = { scriptEnabled: false, context: Context.init({ query: queryOperators }) }

/** What nearly every filter asks, for a field of the document's own: mingo takes longer to get ready than to look. */
function quickly(clause: Extract<Clause, { path: string }>, otherwise: Test): Test {
  const test = compileScalar(clause)
  if (!test) return otherwise
  return (doc) => {
    if (!isPlain(doc)) return otherwise(doc)
    const value = Object.hasOwn(doc, clause.path) ? (doc[clause.path] as Value) : undefined
    return value === undefined || isScalar(value) ? test(value) : otherwise(doc)
  }
}

type Scalar = boolean | number | string | Date

const isScalar = (value: Value): value is Scalar =>
  value !== null && (typeof value !== 'object' || types.isDate(value))

/** The clause as a test of one value that is no array and no object; nothing where it is about such values itself. */
function compileScalar(clause: Exclude<Clause, { any: unknown } | { none: unknown }>) {
  type ScalarTest = (value: Scalar | undefined) => boolean
  const { op, value: wanted } = clause
  if (op === '$exists') return ((value) => (value !== undefined) === wanted) satisfies ScalarTest
  if (op === '$eq' || op === '$in') {
    const some = op === '$eq' ? [wanted] : wanted
    if (!some.every(isScalar)) return undefined
    return ((value) =>
      value !== undefined && some.some((one) => compare(one, value) === 0)) satisfies ScalarTest
  }
  if (op === '$size' || op === '$elemMatch') return undefined
  const type = typeof wanted
  const holds = ORDERS[op]
  return ((value) =>
    typeof value === type && value !== undefined && holds(compare(value, wanted))) satisfies ScalarTest
}

const ORDERS = {
  $gt: (order: number) => order > 0,
  $gte: (order: number) => order >= 0,
  $lt: (order: number) => order < 0,
  $lte: (order: number) => order <= 0,
}

function compileElement({ on, clauses }: ElementMatch): (item: Value) => boolean {
  const test = compile(clauses)
  if (on === 'fields') return (item) => (isPlain(item) || Array.isArray(item)) && test(item)
  // Wrapped once more, an array is compared as what it is, and not opened.
  return (item) => test({ element: Array.isArray(item) ? [item] : item })
}

/** The clause in mingo's language, which is MongoDB's. */
function toCriteria(clause: Extract<Clause, { path: string }>): Record<string, unknown> {
  const { path, op, value } = clause
  // mingo's $in does not look into arrays within arrays, which paths through arrays produce; its $eq does.
  if (op === '$in' && path.includes('.')) {
    return value.length === 0 ? NOTHING : { $or: value.map((item) => ({ [path]: { $eq: item } })) }
  }
  return { [path]: { [op]: value } }
}

const NOTHING = { _id: { $in: [] } }

/** The arrays that documents hold at a path: those at its end, through the arrays on its way. */
function arraysAt(value: Value, [segment, ...rest]: string[]): Value[][] {
  if (segment === undefined) return Array.isArray(value) ? [value] : []
  if (isPlain(value)) return Object.hasOwn(value, segment) ? arraysAt(value[segment] as Value, rest) : []
  if (!Array.isArray(value)) return []
  const at = /^\d+$/.test(segment) ? value[Number(segment)] : undefined
  const within = value.filter(isPlain).flatMap((item) => arraysAt(item as Value, [segment, ...rest]))
  return at === undefined ? within : [...arraysAt(at, rest), ...within]
}
