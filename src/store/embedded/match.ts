import { Context } from 'mingo'
import * as queryOperators from 'mingo/operators/query'
import { Query } from 'mingo/query'
import type { Clause, ElementMatch } from './filter.ts'
import { compare } from './order.ts'
import { isPlain, type Doc, type Value } from './values.ts'

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

/** What nearly every filter asks, for a text in a field of the document's own: mingo takes longer to get ready than to look. */
function quickly(clause: Extract<Clause, { path: string }>, otherwise: Test): Test {
  const wanted: unknown =
    clause.op === '$eq' ? [clause.value] : clause.op === '$in' ? clause.value : undefined
  if (!Array.isArray(wanted) || !wanted.every((value) => typeof value === 'string')) return otherwise
  return (doc) => {
    if (!isPlain(doc)) return otherwise(doc)
    const value = Object.hasOwn(doc, clause.path) ? doc[clause.path] : undefined
    return typeof value === 'string' ? wanted.includes(value) : value !== undefined && otherwise(doc)
  }
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
