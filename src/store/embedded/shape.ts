import { NotSupported } from './errors.ts'
import { compare, EMPTY } from './order.ts'
import { checkPath, isPlain, type Doc, type Plain, type Value } from './values.ts'

type Tree = Map<string, Tree | true>

/**
 * A projection as a function.
 * @throws NotSupported for anything but names with 0, 1, false or true, and for a mixture of both
 */
export function parseProjection(projection: unknown): (doc: Doc) => Doc {
  if (projection === undefined || projection === null) return (doc) => doc
  if (!isPlain(projection)) throw new NotSupported('a projection that is not an object')
  const tree: Tree = new Map()
  let including: boolean | undefined
  let withId: boolean | undefined
  for (const [path, value] of Object.entries(projection)) {
    const segments = checkPath(path)
    if (value !== 0 && value !== 1 && value !== true && value !== false) {
      throw new NotSupported(`the projection of '${path}' (only 0 and 1)`)
    }
    if (path === '_id') {
      withId = Boolean(value)
      continue
    }
    if (including !== undefined && including !== Boolean(value)) {
      throw new NotSupported('a projection that both includes and excludes')
    }
    including = Boolean(value)
    plant(tree, segments)
  }
  if (including ?? withId === true) {
    if (withId !== false) tree.set('_id', true)
    return (doc) => pick(doc, tree) as Doc
  }
  if (withId === false) tree.set('_id', true)
  return tree.size === 0 ? (doc) => doc : (doc) => omit(doc, tree) as Doc
}

function plant(tree: Tree, segments: string[]): void {
  const [segment, ...rest] = segments as [string, ...string[]]
  const known = tree.get(segment)
  if (known === true) return
  if (rest.length === 0) {
    tree.set(segment, true)
    return
  }
  const branch: Tree = known ?? new Map()
  tree.set(segment, branch)
  plant(branch, rest)
}

const isBranch = (value: Value): value is Plain | Value[] => Array.isArray(value) || isPlain(value)

function pick(value: Plain | Value[], tree: Tree): Value {
  if (Array.isArray(value)) return value.filter(isBranch).map((item) => pick(item, tree))
  const kept: Plain = {}
  for (const [key, entry] of Object.entries(value)) {
    const branch = tree.get(key)
    if (branch === true) kept[key] = entry
    else if (branch && isBranch(entry)) kept[key] = pick(entry, branch)
  }
  return kept
}

function omit(value: Plain | Value[], tree: Tree): Value {
  if (Array.isArray(value)) return value.map((item) => (isBranch(item) ? omit(item, tree) : item))
  const kept: Plain = {}
  for (const [key, entry] of Object.entries(value)) {
    const branch = tree.get(key)
    if (branch !== true) kept[key] = branch && isBranch(entry) ? omit(entry, branch) : entry
  }
  return kept
}

/**
 * A sort order as a comparison.
 * @throws NotSupported for anything but names with 1 and -1
 */
export function parseSort(sort: unknown): ((a: Doc, b: Doc) => number) | undefined {
  if (sort === undefined || sort === null) return undefined
  const entries: [string, unknown][] =
    sort instanceof Map ? [...sort] : isPlain(sort) ? Object.entries(sort) : []
  if (entries.length === 0) {
    if (isPlain(sort)) return undefined
    throw new NotSupported('a sort order that is not an object')
  }
  const keys = entries.map(([path, direction]) => {
    if (direction !== 1 && direction !== -1)
      throw new NotSupported(`sorting by '${path}' other than by 1 or -1`)
    return { segments: checkPath(path), direction: direction as 1 | -1 }
  })
  return (a, b) => {
    for (const { segments, direction } of keys) {
      const order = compare(extreme(a, segments, direction), extreme(b, segments, direction))
      if (order !== 0) return order * direction
    }
    return 0
  }
}

/** What MongoDB sorts by: of several values, the least where it goes up and the greatest where it goes down. */
function extreme(doc: Doc, segments: string[], direction: 1 | -1): Value | undefined {
  const found = leaves(doc, segments)
  return found.reduce((a, b) => (compare(b, a) * direction < 0 ? b : a), found[0])
}

function leaves(value: Value | undefined, segments: string[]): (Value | undefined)[] {
  const [segment, ...rest] = segments
  if (Array.isArray(value)) {
    if (segment === undefined) return value.length > 0 ? value : [EMPTY]
    if (/^\d+$/.test(segment)) return leaves(value[Number(segment)], rest)
    return value.flatMap((item) => (isPlain(item) ? leaves(item, segments) : []))
  }
  if (segment === undefined) return [value]
  return isPlain(value) && Object.hasOwn(value, segment) ? leaves(value[segment], rest) : [undefined]
}
