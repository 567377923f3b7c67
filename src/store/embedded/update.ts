import { updateOne as mingoUpdate } from 'mingo/updater'
import { NotSupported, refusedByServer } from './errors.ts'
import { parseFilter, type Clause } from './filter.ts'
import { compile } from './match.ts'
import { compare } from './order.ts'
import {
  checkId,
  checkPath,
  decode,
  encode,
  isPlain,
  toDoc,
  toPlain,
  type Doc,
  type Plain,
  type Value,
} from './values.ts'

// prettier-ignore
const OPERATORS = [
  '$set', '$setOnInsert', '$unset', '$inc', '$min', '$max', '$push', '$addToSet', '$pull',
] as const
type UpdateOperator = (typeof OPERATORS)[number]

/** An update that has been checked: operator, then path, then operand. */
export type Update = Partial<Record<UpdateOperator, Record<string, unknown>>>

/**
 * Checks an update and takes a copy of it.
 * @throws NotSupported naming the first thing in it that the embedded store does not know
 */
export function parseUpdate(update: unknown): Update {
  if (Array.isArray(update)) throw new NotSupported('update pipelines')
  if (!isPlain(update)) throw new NotSupported('an update that is not an object')
  const parsed: Update = {}
  const paths: string[] = []
  for (const [operator, changes] of Object.entries(update)) {
    if (!OPERATORS.includes(operator as UpdateOperator)) {
      throw new NotSupported(
        operator.startsWith('$') ? `the update operator ${operator}` : 'an update without operators',
      )
    }
    if (!isPlain(changes)) throw new NotSupported(`${operator} without fields`)
    if (Object.keys(changes).length === 0) continue
    const copy: Record<string, unknown> = {}
    for (const [path, operand] of Object.entries(changes)) {
      checkPath(path)
      paths.push(path)
      copy[path] = parseOperand(operator as UpdateOperator, operand)
    }
    parsed[operator as UpdateOperator] = copy
  }
  checkConflicts(paths)
  return parsed
}

function parseOperand(operator: UpdateOperator, operand: unknown): unknown {
  switch (operator) {
    case '$inc':
      if (typeof operand !== 'number') throw new NotSupported('$inc by anything but a number')
      return toPlain(operand)
    case '$push':
    case '$addToSet':
      return parseEach(operator, operand)
    case '$pull':
      return parsePull(operand)
    case '$unset':
      return ''
    default:
      return toPlain(operand)
  }
}

/** What is to be added, always as a list. */
function parseEach(operator: string, operand: unknown): Value[] {
  if (!isPlain(operand) || !Object.keys(operand).some((key) => key.startsWith('$'))) return [toPlain(operand)]
  const unknown = Object.keys(operand).find((key) => key !== '$each')
  if (unknown) throw new NotSupported(`${unknown} within ${operator}`)
  if (!Array.isArray(operand.$each)) throw new NotSupported('$each without a list')
  return operand.$each.map(toPlain)
}

/** What `$pull` removes, as a test of one element: a value, what meets a condition, or what has such fields. */
function parsePull(operand: unknown): (item: Value) => boolean {
  if (operand === undefined || Array.isArray(operand))
    throw new NotSupported('$pull of undefined or of lists')
  if (!isPlain(operand)) {
    const value = toPlain(operand)
    return (item) => compare(item, value) === 0
  }
  const isCondition = Object.keys(operand).some((key) => key.startsWith('$'))
  const matches = compile(parseFilter(isCondition ? { element: operand } : operand))
  return (item) => (isCondition ? matches({ element: item }) : isPlain(item) && matches(item))
}

function checkConflicts(paths: string[]): void {
  const sorted = paths.map((path) => `${path}.`).sort()
  for (const [i, path] of sorted.entries()) {
    if (sorted[i + 1]?.startsWith(path)) {
      throw refusedByServer(40, `Updating the path '${path.slice(0, -1)}' would create a conflict`)
    }
  }
}

/**
 * The document as it is after the update; the given one stays as it is.
 * @param inserting also does what `$setOnInsert` says
 * @throws MongoServerError where MongoDB refuses (and mingo would silently do nothing)
 */
export function applyUpdate(doc: Doc, update: Update, inserting = false): Doc {
  const { $setOnInsert, $addToSet, $pull, $min, $max, ...modifier } = update
  if (inserting && $setOnInsert) modifier.$set = { ...modifier.$set, ...$setOnInsert }
  if (modifier.$set && '_id' in modifier.$set) {
    const { _id, ...rest } = modifier.$set
    if (_id !== doc._id)
      throw refusedByServer(
        66,
        "Performing an update on the path '_id' would modify the immutable field '_id'",
      )
    modifier.$set = rest
  }
  const additions = Object.entries($addToSet ?? {}).map(
    ([path, items]) => [path, missing(doc, path, items as Value[])] as const,
  )
  const pushes = [
    ...Object.entries(modifier.$push ?? {}),
    ...additions.filter(([path, items]) => items.length > 0 || valueAt(doc, path) === undefined),
  ].map(([path, items]) => [path, { $each: items }] as const)
  if (pushes.length > 0) modifier.$push = Object.fromEntries(pushes)
  else delete modifier.$push

  for (const [operator, changes] of Object.entries({ ...modifier, $addToSet, $pull, $min, $max })) {
    for (const path of Object.keys(changes ?? {})) checkApplies(doc, operator, path)
  }
  modifier.$set = {
    ...modifier.$set,
    ...pulled(doc, $pull),
    ...bounded(doc, $min, 1),
    ...bounded(doc, $max, -1),
  }
  if (isShallow(modifier)) return assigned(doc, modifier)
  const copy = decode(encode(doc))
  mingoUpdate([copy], {}, modifier as never, { cloneMode: 'deep' })
  return toDoc(copy)
}

/** Whether it only writes, adds to or removes fields of the document's own: nearly every update does. */
const isShallow = ({ $set, $unset, $inc, ...others }: Update): boolean =>
  Object.keys(others).length === 0 &&
  [$set, $unset, $inc].every((changes) => Object.keys(changes ?? {}).every((path) => !path.includes('.')))

function assigned(doc: Doc, { $set = {}, $unset = {}, $inc = {} }: Update): Doc {
  const after: Doc = { ...doc, ...($set as Plain) }
  for (const [path, step] of Object.entries($inc))
    after[path] = toPlain(Number(after[path] ?? 0) + Number(step))
  const left = Object.entries(after).filter(([path]) => !Object.hasOwn($unset, path))
  return Object.fromEntries(left) as Doc
}

/** What `$pull` leaves of the arrays from which it takes something. mingo would open what lies within them. */
function pulled(doc: Doc, changes: Record<string, unknown> = {}): Record<string, Value> {
  const left: Record<string, Value> = {}
  for (const [path, removes] of Object.entries(changes)) {
    const array = valueAt(doc, path)
    if (Array.isArray(array))
      left[path] = array.filter((item) => !(removes as (item: Value) => boolean)(item))
  }
  return left
}

/** The bounds of `$min` (1) and `$max` (-1) that take the place of what is there. mingo knows no order across types. */
function bounded(doc: Doc, bounds: Record<string, unknown> = {}, direction: 1 | -1): Record<string, Value> {
  const replaced = Object.entries(bounds as Record<string, Value>).filter(([path, bound]) => {
    const value = valueAt(doc, path)
    return value === undefined || compare(value, bound) * direction > 0
  })
  return Object.fromEntries(replaced)
}

/** What `$addToSet` has to add. Not left to mingo, which would also thin out what the array had twice before. */
function missing(doc: Doc, path: string, items: Value[]): Value[] {
  const set = valueAt(doc, path)
  const known = Array.isArray(set) ? [...set] : []
  const added: Value[] = []
  for (const item of items) {
    if (known.some((one) => compare(one, item) === 0)) continue
    known.push(item)
    added.push(item)
  }
  return added
}

function valueAt(doc: Doc, path: string): Value | undefined {
  return path.split('.').reduce<Value | undefined>((value, segment) => child(value, segment), doc)
}

const child = (value: Value | undefined, segment: string): Value | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
    ? (value as Plain)[segment]
    : undefined

const REMOVING = new Set(['$unset', '$pull'])
const ON_ARRAYS = new Set(['$push', '$addToSet', '$pull'])

function checkApplies(doc: Doc, operator: string, path: string): void {
  if (path === '_id' || path.startsWith('_id.'))
    throw refusedByServer(66, `${operator} would modify the immutable field '_id'`)
  let value: Value | undefined = doc
  for (const segment of path.split('.')) {
    if (value === undefined) return
    const usable = Array.isArray(value)
      ? /^\d+$/.test(segment) && Number(segment) <= value.length
      : isPlain(value)
    if (!usable) {
      if (REMOVING.has(operator)) return
      throw refusedByServer(28, `Cannot create field '${segment}' for ${operator} on the path '${path}'`)
    }
    value = child(value, segment)
  }
  if (value === undefined) return
  if (operator === '$inc' && typeof value !== 'number') {
    throw refusedByServer(14, `Cannot apply $inc to the path '${path}', which holds no number`)
  }
  if (ON_ARRAYS.has(operator) && !Array.isArray(value)) {
    throw refusedByServer(2, `Cannot apply ${operator} to the path '${path}', which holds no array`)
  }
}

/**
 * The document that an upsert inserts: what the filter says is equal, then the update.
 * @throws NotSupported when neither gives it an id
 */
export function upserted(clauses: Clause[], update: Update): Doc {
  const equal: Record<string, Value> = {}
  for (const clause of clauses) if ('path' in clause && clause.op === '$eq') equal[clause.path] = clause.value
  const { _id = update.$setOnInsert?._id ?? update.$set?._id, ...fields } = equal
  if (typeof _id !== 'string')
    throw new NotSupported('an upsert without an _id (ids are strings, and nobody else invents one)')
  checkId(_id)
  return applyUpdate(applyUpdate({ _id }, { $set: fields }), update, true)
}

/**
 * The document that replaces another one.
 * @param id the id that the replacement has to have, and gets where it has none
 */
export function parseReplacement(replacement: unknown, id: string | undefined): Doc {
  if (!isPlain(replacement)) throw new NotSupported('a replacement that is not an object')
  const operator = Object.keys(replacement).find((key) => key.startsWith('$'))
  if (operator) throw new NotSupported(`${operator} in a replacement`)
  const doc = toDoc({ ...replacement, _id: replacement._id ?? id })
  if (id !== undefined && doc._id !== id)
    throw refusedByServer(66, "The replacement would modify the immutable field '_id'")
  return doc
}
