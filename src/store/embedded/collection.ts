import { bulkWriteError, isDuplicateKey, NotSupported } from './errors.ts'
import { parseFilter, type Clause } from './filter.ts'
import type { EmbeddedDatabase, IndexDefinition } from './database.ts'
import { checkOptions, type Options } from './options.ts'
import { parseProjection, parseSort } from './shape.ts'
import { applyUpdate, parseReplacement, parseUpdate, upserted } from './update.ts'
import { checkPath, encode, isPlain, toDoc, type Doc, type Value } from './values.ts'

interface UpdateResult {
  acknowledged: true
  matchedCount: number
  modifiedCount: number
  upsertedCount: number
  upsertedId: string | null
}

/** How one document changes: what it becomes, and what is inserted where none matches. */
interface Change {
  apply(doc: Doc): Doc
  insert(clauses: Clause[]): Doc
}

/** The operations of one collection, with the results that MongoDB's driver gives. Each is one transaction. */
export class EmbeddedCollection {
  readonly #db: EmbeddedDatabase
  readonly #name: string

  constructor(db: EmbeddedDatabase, name: string) {
    this.#db = db
    this.#name = name
  }

  find(filter: unknown, options: unknown): Doc[] {
    const { projection, sort, skip, limit } = checkOptions('find', options)
    const shape = parseProjection(projection)
    const found = this.#sorted(parseFilter(filter), sort)
    return found.slice(skip ?? 0, limit ? (skip ?? 0) + limit : undefined).map(shape)
  }

  findOne(filter: unknown, options: unknown): Doc | null {
    return this.find(filter, { ...(options as object), limit: 1 })[0] ?? null
  }

  countDocuments(filter: unknown, options: unknown): number {
    const { skip, limit } = checkOptions('count', options)
    const clauses = parseFilter(filter)
    const count = clauses.length === 0 ? this.#db.size(this.#name) : this.#db.find(this.#name, clauses).length
    return Math.min(Math.max(count - (skip ?? 0), 0), limit || Infinity)
  }

  distinct(path: string, filter: unknown, options: unknown): Value[] {
    checkOptions('distinct', options)
    const segments = checkPath(path)
    const read = (value: Value | undefined, [segment, ...rest]: string[]): (Value | undefined)[] => {
      if (Array.isArray(value)) {
        return segment === undefined ? value : value.flatMap((item) => read(item, [segment, ...rest]))
      }
      if (segment === undefined) return [value]
      return isPlain(value) && Object.hasOwn(value, segment) ? read(value[segment] as Value, rest) : []
    }
    const values = this.#db.find(this.#name, parseFilter(filter)).flatMap((doc) => read(doc, segments))
    const present = values.filter((value) => value !== undefined)
    return [...new Map(present.map((value) => [encode(value), value])).values()]
  }

  insertOne(document: unknown, options: unknown): { acknowledged: true; insertedId: string } {
    checkOptions('insertOne', options)
    const doc = toDoc(document)
    this.#db.transaction(() => this.#db.insert(this.#name, doc))
    return { acknowledged: true, insertedId: doc._id }
  }

  /** Ordered stops at the first failure; unordered goes on. What was inserted stays, as in MongoDB. */
  insertMany(documents: unknown, options: unknown): object {
    const { ordered = true } = checkOptions('insertMany', options)
    if (!Array.isArray(documents)) throw new NotSupported('insertMany without a list')
    const docs = documents.map(toDoc)
    const failures: { index: number; error: Error; document: Doc }[] = []
    const inserted: { index: number; _id: string }[] = []
    const insertEach = (): void => {
      for (const [index, doc] of docs.entries()) {
        try {
          this.#db.attempt(() => this.#db.insert(this.#name, doc))
          inserted.push({ index, _id: doc._id })
        } catch (error) {
          if (!isDuplicateKey(error)) throw error
          failures.push({ index, error, document: doc })
          if (ordered) break
        }
      }
    }
    this.#db.transaction(() => {
      if (!this.#insertedAll(docs)) insertEach()
    })
    if (failures.length > 0) throw bulkWriteError(failures, inserted)
    const insertedIds = Object.fromEntries(docs.map(({ _id }, index) => [index, _id]))
    return { acknowledged: true, insertedCount: docs.length, insertedIds }
  }

  /** The usual case, without a savepoint for each. Nothing is inserted where one of them exists already. */
  #insertedAll(docs: Doc[]): boolean {
    try {
      this.#db.attempt(() => docs.forEach((doc) => this.#db.insert(this.#name, doc)))
      return true
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      return false
    }
  }

  updateOne(filter: unknown, update: unknown, options: unknown): UpdateResult {
    return this.#update(filter, updating(update), checkOptions('update', options), 1)
  }

  updateMany(filter: unknown, update: unknown, options: unknown): UpdateResult {
    return this.#update(filter, updating(update), checkOptions('update', options), Infinity)
  }

  replaceOne(filter: unknown, replacement: unknown, options: unknown): UpdateResult {
    return this.#update(filter, replacing(replacement), checkOptions('update', options), 1)
  }

  #update(filter: unknown, change: Change, { upsert, sort }: Options, most: number): UpdateResult {
    const clauses = parseFilter(filter)
    return this.#db.transaction(() => {
      const found = this.#sorted(clauses, sort).slice(0, most)
      if (found.length === 0 && upsert) {
        const doc = this.#insert(change.insert(clauses))
        return {
          acknowledged: true,
          matchedCount: 0,
          modifiedCount: 0,
          upsertedCount: 1,
          upsertedId: doc._id,
        }
      }
      const modified = found.filter((doc) => this.#db.replace(this.#name, doc, change.apply(doc)))
      return {
        acknowledged: true,
        matchedCount: found.length,
        modifiedCount: modified.length,
        upsertedCount: 0,
        upsertedId: null,
      }
    })
  }

  findOneAndUpdate(filter: unknown, update: unknown, options: unknown): unknown {
    return this.#findOneAnd(filter, updating(update), checkOptions('findOneAndUpdate', options))
  }

  findOneAndReplace(filter: unknown, replacement: unknown, options: unknown): unknown {
    return this.#findOneAnd(filter, replacing(replacement), checkOptions('findOneAndUpdate', options))
  }

  #findOneAnd(filter: unknown, change: Change, options: Options): unknown {
    const clauses = parseFilter(filter)
    const shape = parseProjection(options.projection)
    const { before, after } = this.#db.transaction(() => {
      const before = this.#sorted(clauses, options.sort)[0]
      if (!before) return { after: options.upsert ? this.#insert(change.insert(clauses)) : undefined }
      const after = change.apply(before)
      this.#db.replace(this.#name, before, after)
      return { before, after }
    })
    const chosen = options.returnDocument === 'after' ? after : before
    const value = chosen ? shape(chosen) : null
    if (!options.includeResultMetadata) return value
    const created = !before && after ? { upserted: after._id } : {}
    return {
      value,
      lastErrorObject: { n: after ? 1 : 0, updatedExisting: Boolean(before), ...created },
      ok: 1,
    }
  }

  findOneAndDelete(filter: unknown, options: unknown): unknown {
    const { sort, projection, includeResultMetadata } = checkOptions('findOneAndDelete', options)
    const clauses = parseFilter(filter)
    const shape = parseProjection(projection)
    const doc = this.#db.transaction(() => {
      const found = this.#sorted(clauses, sort)[0]
      if (found) this.#db.remove(this.#name, found)
      return found
    })
    const value = doc ? shape(doc) : null
    return includeResultMetadata ? { value, lastErrorObject: { n: doc ? 1 : 0 }, ok: 1 } : value
  }

  deleteOne(filter: unknown, options: unknown): { acknowledged: true; deletedCount: number } {
    return this.#delete(filter, options, 1)
  }

  deleteMany(filter: unknown, options: unknown): { acknowledged: true; deletedCount: number } {
    return this.#delete(filter, options, Infinity)
  }

  #delete(filter: unknown, options: unknown, most: number): { acknowledged: true; deletedCount: number } {
    checkOptions('delete', options)
    const clauses = parseFilter(filter)
    return this.#db.transaction(() => {
      const found = this.#db.find(this.#name, clauses).slice(0, most)
      for (const doc of found) this.#db.remove(this.#name, doc)
      return { acknowledged: true, deletedCount: found.length }
    })
  }

  createIndex(key: unknown, options: unknown): string {
    const definition = parseIndex(key, checkOptions('createIndex', options))
    this.#db.transaction(() => this.#db.createIndex(this.#name, definition))
    return definition.name
  }

  dropIndex(name: string): void {
    this.#db.transaction(() => this.#db.dropIndex(this.#name, name))
  }

  listIndexes(): object[] {
    const own = this.#db.indexesOf(this.#name).map((index) => {
      const { key, name, unique, sparse, expireAfterSeconds, partialFilterExpression } = index
      return {
        v: 2,
        key,
        name,
        ...(unique && { unique }),
        ...(sparse && { sparse }),
        ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
        ...(partialFilterExpression && { partialFilterExpression }),
      }
    })
    return [{ v: 2, key: { _id: 1 }, name: '_id_' }, ...own]
  }

  drop(): boolean {
    return this.#db.transaction(() => this.#db.drop(this.#name))
  }

  create(options: unknown): void {
    checkOptions('other', options)
    this.#db.transaction(() => this.#db.ensure(this.#name))
  }

  #insert(doc: Doc): Doc {
    this.#db.insert(this.#name, doc)
    return doc
  }

  #sorted(clauses: Clause[], sort: unknown): Doc[] {
    const order = parseSort(sort)
    const found = this.#db.find(this.#name, clauses)
    return order ? found.sort(order) : found
  }
}

function updating(update: unknown): Change {
  const parsed = parseUpdate(update)
  return { apply: (doc) => applyUpdate(doc, parsed), insert: (clauses) => upserted(clauses, parsed) }
}

function replacing(replacement: unknown): Change {
  return {
    apply: (doc) => parseReplacement(replacement, doc._id),
    insert(clauses) {
      const id = clauses.find((clause) => 'path' in clause && clause.path === '_id' && clause.op === '$eq')
      return parseReplacement(replacement, id && 'value' in id ? (id.value as string) : undefined)
    },
  }
}

function parseIndex(key: unknown, options: Options): IndexDefinition {
  if (!isPlain(key) || Object.keys(key).length === 0)
    throw new NotSupported('an index that is not an object of fields')
  for (const [path, direction] of Object.entries(key)) {
    checkPath(path)
    if (direction !== 1 && direction !== -1) throw new NotSupported(`an index of kind ${String(direction)}`)
  }
  parseFilter(options.partialFilterExpression)
  const fields = Object.keys(key)
  const { expireAfterSeconds, partialFilterExpression } = options
  if (expireAfterSeconds !== undefined && fields.length > 1)
    throw new NotSupported('expireAfterSeconds on several fields')
  return {
    key: { ...key } as Record<string, 1 | -1>,
    name: options.name ?? Object.entries(key).flat().join('_'),
    fields,
    unique: options.unique ?? false,
    sparse: options.sparse ?? false,
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
    ...(partialFilterExpression && { partialFilterExpression }),
  }
}
