import Database from 'libsql'
import { duplicateKey, refusedByServer } from './errors.ts'
import { parseFilter, type Clause } from './filter.ts'
import { entriesOf, hasAnyField, keyOf, LAST, type Index } from './keys.ts'
import { compile } from './match.ts'
import { planFor } from './plan.ts'
import { decode, encode, type Doc, type Value } from './values.ts'

type Row = (string | number)[]
interface Statement {
  run(...values: Row): unknown
  raw(): { all(...values: Row): unknown[]; get(...values: Row): unknown }
}

/** What `createIndex` is told. */
export type IndexDefinition = Omit<Index, 'id' | 'multikey'>

/**
 * Documents in SQLite: one table per collection, and one table of index entries for all of them. SQLite gives
 * durability, atomicity and uniqueness; what a document is, and whether it matches, is decided above.
 * Everything here is synchronous, so nothing of one operation is ever seen by another before it is committed.
 */
export class EmbeddedDatabase {
  readonly #sqlite: InstanceType<typeof Database>
  readonly #statements = new Map<string, Statement>()
  #inner: 'apart' | 'joined' = 'apart'
  #tables: Set<string> | undefined
  #indexes: Map<string, Index[]> | undefined

  /** @param file the path of the database file, or `:memory:` */
  constructor(file: string) {
    this.#sqlite = new Database(file)
    // FULL: a commit is on the disk before it is acknowledged. secure_delete: what is deleted is overwritten.
    for (const pragma of [
      'journal_mode = WAL',
      'synchronous = FULL',
      'secure_delete = ON',
      'temp_store = MEMORY',
    ]) {
      this.#sqlite.pragma(pragma)
    }
    this.#sqlite.exec(`
      CREATE TABLE IF NOT EXISTS indexes (id INTEGER PRIMARY KEY, collection TEXT, name TEXT, definition TEXT, multikey INTEGER);
      CREATE TABLE IF NOT EXISTS entries (index_id INTEGER, key TEXT, id TEXT, claims INTEGER, PRIMARY KEY (index_id, key, id))
        WITHOUT ROWID;
      CREATE UNIQUE INDEX IF NOT EXISTS claims ON entries (index_id, key) WHERE claims = 1;`)
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#sqlite.inTransaction
  }

  /**
   * Runs `work` entirely or not at all; when this returns, its effects survive a crash. Within another transaction they
   * do when that one ends.
   * @param inner whether a transaction within this one may fail alone, or ends this one too
   */
  transaction<T>(work: () => T, inner: 'apart' | 'joined' = 'apart'): T {
    if (this.inTransaction) return this.#inner === 'apart' ? this.attempt(work) : work()
    this.#inner = inner
    this.#run('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.#run('COMMIT')
      return result
    } catch (error) {
      this.#forget()
      if (this.inTransaction) this.#sqlite.exec('ROLLBACK')
      throw error
    }
  }

  /** Runs `work` within a transaction; where it throws, its own effects are undone and the transaction goes on. */
  attempt<T>(work: () => T): T {
    this.#run('SAVEPOINT attempt')
    try {
      const result = work()
      this.#run('RELEASE attempt')
      return result
    } catch (error) {
      this.#forget()
      if (this.inTransaction) {
        this.#run('ROLLBACK TO attempt')
        this.#run('RELEASE attempt')
      }
      throw error
    }
  }

  // What is kept in memory about tables and indexes may belong to what is being undone.
  #forget(): void {
    this.#tables = undefined
    this.#indexes = undefined
  }

  /** All documents of the collection that match, in the order of their ids. */
  find(collection: string, clauses: Clause[]): Doc[] {
    return this.#candidates(collection, clauses).map(decode).filter(compile(clauses))
  }

  /** How many documents the collection has. */
  size(collection: string): number {
    return this.#has(collection) ? Number(this.#rows(`SELECT COUNT(*) FROM ${table(collection)}`)[0]?.[0]) : 0
  }

  #candidates(collection: string, clauses: Clause[]): string[] {
    if (!this.#has(collection)) return []
    const plan = planFor(clauses, this.indexesOf(collection))
    if (!plan)
      return this.#rows(`SELECT doc FROM ${table(collection)} ORDER BY _id`).map(([doc]) => doc as string)
    const found = new Map<string, string>()
    if ('ids' in plan) {
      for (const id of plan.ids) {
        const row = this.#row(`SELECT doc FROM ${table(collection)} WHERE _id = ?`, id)
        if (row) found.set(id, row[0] as string)
      }
    } else {
      const sql = `SELECT d._id, d.doc FROM entries e JOIN ${table(collection)} d ON d._id = e.id
        WHERE e.index_id = ? AND e.key >= ? AND e.key < ?`
      for (const { from, to } of plan.ranges) {
        for (const [id, doc] of this.#rows(sql, plan.index.id, from, to))
          found.set(id as string, doc as string)
      }
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, doc]) => doc)
  }

  /** Inserts a document. @throws MongoServerError 11000 for an id or a unique value that exists */
  insert(collection: string, doc: Doc): void {
    this.ensure(collection)
    try {
      this.#run(
        `INSERT INTO ${table(collection)} (rowid, _id, doc) VALUES (random(), ?, ?)`,
        doc._id,
        encode(doc),
      )
    } catch (error) {
      if (!isConstraint(error)) throw error
      throw duplicateKey(collection, '_id_', { _id: 1 }, { _id: doc._id })
    }
    for (const index of this.indexesOf(collection)) this.#reindex(collection, index, doc._id, undefined, doc)
  }

  /** Puts `after` in the place of `before`. @returns whether anything changed */
  replace(collection: string, before: Doc, after: Doc): boolean {
    const fields = Object.keys({ ...before, ...after })
    const changed = new Set(fields.filter((field) => !isSame(before[field], after[field])))
    if (changed.size === 0) return false
    this.#run(`UPDATE ${table(collection)} SET doc = ? WHERE _id = ?`, encode(after), before._id)
    for (const index of this.indexesOf(collection)) {
      if (partsOf(index).fields.some((field) => changed.has(field)))
        this.#reindex(collection, index, before._id, before, after)
    }
    return true
  }

  /** Deletes a document. */
  remove(collection: string, doc: Doc): void {
    for (const index of this.indexesOf(collection)) this.#reindex(collection, index, doc._id, doc, undefined)
    this.#run(`DELETE FROM ${table(collection)} WHERE _id = ?`, doc._id)
  }

  #reindex(
    collection: string,
    index: Index,
    id: string,
    before: Doc | undefined,
    after: Doc | undefined,
  ): void {
    const old = before ? entriesOf(before, index) : []
    const now = after ? entriesOf(after, index) : []
    const claimed = before && claims(index, before)
    const claiming = after && claims(index, after)
    const keep = claimed === claiming ? new Set(now.map(({ key }) => key)) : new Set()
    for (const { key } of old) {
      if (!keep.has(key))
        this.#run('DELETE FROM entries WHERE index_id = ? AND key = ? AND id = ?', index.id, key, id)
    }
    const kept = claimed === claiming ? new Set(old.map(({ key }) => key)) : new Set()
    for (const { key, values } of now) {
      if (kept.has(key)) continue
      try {
        this.#run('INSERT INTO entries VALUES (?, ?, ?, ?)', index.id, key, id, claiming ? 1 : 0)
      } catch (error) {
        if (!isConstraint(error)) throw error
        throw duplicateKey(collection, index.name, index.key, values)
      }
    }
    if (now.length > 1 && !index.multikey) {
      this.#run('UPDATE indexes SET multikey = 1 WHERE id = ?', index.id)
      index.multikey = true
    }
  }

  /** The indexes of a collection, without the one on `_id`. */
  indexesOf(collection: string): Index[] {
    if (!this.#indexes) {
      this.#indexes = new Map()
      for (const [id, name, definition, multikey] of this.#rows(
        'SELECT id, collection, definition, multikey FROM indexes ORDER BY id',
      )) {
        const index = {
          ...(decode(definition as string) as unknown as IndexDefinition),
          id: Number(id),
          multikey: multikey === 1,
        }
        this.#indexes.set(name as string, [...(this.#indexes.get(name as string) ?? []), index])
      }
    }
    return this.#indexes.get(collection) ?? []
  }

  /**
   * Creates an index over the documents that exist and will exist; does nothing where it exists.
   * @throws MongoServerError 11000 when documents violate it, 86 when another one has its name or its fields
   */
  createIndex(collection: string, definition: IndexDefinition): void {
    const text = textOf(definition)
    const rival = this.indexesOf(collection).find(
      ({ name, key }) => name === definition.name || JSON.stringify(key) === JSON.stringify(definition.key),
    )
    if (rival) {
      if (textOf(definitionOf(rival)) === text) return
      throw refusedByServer(
        86,
        `An index of ${collection} with the name or the fields of ${definition.name} exists with other options`,
      )
    }
    this.ensure(collection)
    this.#run(
      'INSERT INTO indexes (collection, name, definition, multikey) VALUES (?, ?, ?, 0)',
      collection,
      definition.name,
      text,
    )
    this.#indexes = undefined
    for (const index of this.indexesOf(collection).filter(({ name }) => name === definition.name)) {
      for (const doc of this.find(collection, EVERYTHING))
        this.#reindex(collection, index, doc._id, undefined, doc)
    }
  }

  /** Removes an index. @throws MongoServerError 27 when there is none of that name */
  dropIndex(collection: string, name: string): void {
    const index = this.indexesOf(collection).find((one) => one.name === name)
    if (!index) throw refusedByServer(27, `index not found with name [${name}]`)
    this.#run('DELETE FROM entries WHERE index_id = ?', index.id)
    this.#run('DELETE FROM indexes WHERE id = ?', index.id)
    this.#indexes = undefined
  }

  /** Removes a collection with its indexes. @returns whether it existed */
  drop(collection: string): boolean {
    if (!this.#has(collection)) return false
    for (const index of this.indexesOf(collection)) this.dropIndex(collection, index.name)
    this.#statements.clear()
    this.#sqlite.exec(`DROP TABLE ${table(collection)}`)
    this.#forget()
    return true
  }

  /** The names of all collections. */
  collections(): string[] {
    return [...this.#known()]
  }

  #known(): Set<string> {
    const sql = `SELECT substr(name, 3) FROM sqlite_schema WHERE type = 'table' AND name GLOB 'c:*'`
    return (this.#tables ??= new Set(this.#rows(sql).map(([name]) => String(name))))
  }

  #has(collection: string): boolean {
    return this.#known().has(collection)
  }

  /** Creates the collection where it does not exist. */
  ensure(collection: string): void {
    if (this.#has(collection)) return
    this.#sqlite.exec(createTable(collection))
    this.#known().add(collection)
  }

  /** Deletes what TTL indexes say has expired, and removes it from the write-ahead log too. */
  sweep(now: Date): void {
    for (const collection of this.collections()) {
      for (const index of this.indexesOf(collection)) {
        if (index.expireAfterSeconds === undefined) continue
        const last = new Date(now.getTime() - index.expireAfterSeconds * 1000)
        this.transaction(() => {
          const sql = 'SELECT DISTINCT id FROM entries WHERE index_id = ? AND key >= ? AND key < ?'
          for (const [id] of this.#rows(sql, index.id, 'd', keyOf(last) + LAST)) {
            const expired = this.find(collection, [{ path: '_id', op: '$eq', value: id as string }]).filter(
              (doc) => covers(index, doc),
            )
            for (const doc of expired) this.remove(collection, doc)
          }
        })
      }
    }
    this.#sqlite.pragma('wal_checkpoint(TRUNCATE)')
  }

  /** Writes something and reads it back. @throws when either fails */
  ping(): void {
    this.transaction(() => this.#sqlite.exec('PRAGMA user_version = 1'))
    this.#rows('SELECT COUNT(*) FROM indexes')
  }

  /** Closes the file. */
  close(): void {
    this.#statements.clear()
    this.#sqlite.close()
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#sqlite.prepare(sql) as unknown as Statement
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #run(sql: string, ...values: Row): void {
    this.#prepare(sql).run(...values)
  }

  #row(sql: string, ...values: Row): Row | undefined {
    return this.#prepare(sql)
      .raw()
      .get(...values) as Row | undefined
  }

  #rows(sql: string, ...values: Row): Row[] {
    return this.#prepare(sql)
      .raw()
      .all(...values) as Row[]
  }
}

// No clause, hence no index: the one being built knows nothing yet.
const EVERYTHING: Clause[] = []

/**
 * Makes the table of a collection where there is none. Its rows get random numbers: counted up, they would tell in which
 * order documents came. Without numbers (WITHOUT ROWID), SQLite is several times slower once a document has some length.
 */
export const createTable = (collection: string): string =>
  `CREATE TABLE IF NOT EXISTS ${table(collection)} (_id TEXT PRIMARY KEY, doc TEXT NOT NULL)`

/** The name of a collection's table, quoted. */
export const table = (collection: string): string => `"c:${collection.replaceAll('"', '""')}"`

const isConstraint = (error: unknown): boolean =>
  String((error as { code?: unknown }).code).startsWith('SQLITE_CONSTRAINT')

/** Whether no other document may have the same values in this index. */
function claims(index: Index, doc: Doc): boolean {
  if (!index.unique) return false
  if (index.sparse && !hasAnyField(doc, index)) return false
  return covers(index, doc)
}

/** An index as it was asked for, without what the store keeps about it. */
export function definitionOf(index: Index): IndexDefinition {
  const definition: Partial<Index> = { ...index }
  delete definition.id
  delete definition.multikey
  return definition as IndexDefinition
}

interface Parts {
  /** Whether the index has the document in it at all. */
  covers(doc: Doc): boolean
  /** The document's own fields that decide about its entries. */
  fields: string[]
}
const parts = new WeakMap<Index, Parts>()

function partsOf(index: Index): Parts {
  let found = parts.get(index)
  if (!found) {
    const clauses = parseFilter(index.partialFilterExpression)
    const fields = [...index.fields, ...pathsIn(clauses)].map((path) => path.split('.')[0] ?? path)
    parts.set(index, (found = { covers: compile(clauses), fields }))
  }
  return found
}

const pathsIn = (clauses: Clause[]): string[] =>
  clauses.flatMap((clause) =>
    'path' in clause ? [clause.path] : ('any' in clause ? clause.any : clause.none).flatMap(pathsIn),
  )

const covers = (index: Index, doc: Doc): boolean => partsOf(index).covers(doc)

const isSame = (a: Value | undefined, b: Value | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && encode(a) === encode(b))

const textOf = (definition: IndexDefinition): string => encode(definition as unknown as Value)
