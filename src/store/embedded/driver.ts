import { createRequire } from 'node:module'
import { mkdirSync } from 'node:fs'
import mongoose from 'mongoose'
import { EmbeddedCollection } from './collection.ts'
import { EmbeddedDatabase } from './database.ts'
import { NotSupported } from './errors.ts'
import { filesOf } from './files.ts'
import { Group } from './group.ts'
import { lockFolder } from './lock.ts'
import { checkOptions } from './options.ts'
import type { Doc } from './values.ts'

// mongoose offers its base classes to drivers under these paths, without types.
const require = createRequire(import.meta.url)
const MongooseCollection = require('mongoose/lib/collection.js') as new (...args: never[]) => {
  name: string
  conn: Connection
}
const MongooseConnection = require('mongoose/lib/connection.js') as new (base: unknown) => {
  client: unknown
  db: unknown
  name: string
  models: Record<string, unknown>
  onOpen(): void
}

/** A mongoose connection to a data folder instead of a server. */
class Connection extends MongooseConnection {
  declare embedded: EmbeddedDatabase
  declare group: Group
  declare unlock: (() => void) | undefined

  /** @param folder the data folder, which is created where it does not exist, or `:memory:` */
  async createClient(folder: string): Promise<this> {
    if (folder === ':memory:') {
      this.embedded = new EmbeddedDatabase(folder)
    } else {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const { data, lock } = filesOf(folder)
      this.unlock = lockFolder(folder, lock)
      try {
        this.embedded = new EmbeddedDatabase(data)
      } catch (error) {
        this.unlock()
        throw error
      }
    }
    this.group = new Group(this.embedded)
    this.client = this.#client()
    this.db = this.#database()
    this.name = 'linkpin'
    this.onOpen()
    return this
  }

  #client(): object {
    return {
      startSession: () => unsupported('sessions and transactions'),
      withSession: () => unsupported('sessions and transactions'),
      bulkWrite: () => unsupported('bulkWrite'),
    }
  }

  #database(): object {
    const db = this.embedded
    const collection = (name: string) => new EmbeddedCollection(db, name)
    return {
      collection,
      createCollection: async (name: string, options: unknown) => collection(name).create(options),
      dropCollection: async (name: string) => collection(name).drop(),
      dropDatabase: async () => {
        db.transaction(() => db.collections().forEach((name) => db.drop(name)))
        return true
      },
      listCollections: () => ({
        toArray: async () => db.collections().map((name) => ({ name, type: 'collection' })),
      }),
      aggregate: () => unsupported('aggregate'),
      watch: () => unsupported('change streams'),
    }
  }

  async doClose(): Promise<this> {
    // No client: never opened, or closed already.
    if (!this.client) return this
    this.group.flush()
    this.client = undefined
    this.embedded.close()
    this.unlock?.()
    return this
  }

  useDb(): never {
    return unsupported('several databases')
  }

  aggregate(): never {
    return unsupported('aggregate')
  }

  setClient(): never {
    return unsupported('setClient')
  }
}

/** What mongoose calls to reach a collection: the embedded operations, as promises. */
class Collection extends MongooseCollection {
  /** mongoose looks for it to see whether the connection is open. */
  get collection(): EmbeddedCollection {
    if (!this.conn.client) throw new Error('the store is closed')
    return new EmbeddedCollection(this.conn.embedded, this.name)
  }

  #read<T>(work: (collection: EmbeddedCollection) => T): Promise<T> {
    const { collection } = this
    return this.conn.group.read(() => work(collection))
  }

  #write<T>(work: (collection: EmbeddedCollection) => T): Promise<T> {
    const { collection } = this
    return this.conn.group.write(() => work(collection))
  }

  find(filter: unknown, options: unknown): Cursor {
    return new Cursor(() => this.#read((from) => from.find(filter, options)))
  }
  async findOne(filter: unknown, options: unknown) {
    return this.#read((to) => to.findOne(filter, options))
  }
  async countDocuments(filter: unknown, options: unknown) {
    return this.#read((to) => to.countDocuments(filter, options))
  }
  async estimatedDocumentCount(options: unknown) {
    return this.#read((to) => to.countDocuments({}, options))
  }
  async distinct(path: string, filter: unknown, options: unknown) {
    return this.#read((to) => to.distinct(path, filter, options))
  }
  async insertOne(document: unknown, options: unknown) {
    return this.#write((to) => to.insertOne(document, options))
  }
  async insertMany(documents: unknown, options: unknown) {
    return this.#write((to) => to.insertMany(documents, options))
  }
  async updateOne(filter: unknown, update: unknown, options: unknown) {
    return this.#write((to) => to.updateOne(filter, update, options))
  }
  async updateMany(filter: unknown, update: unknown, options: unknown) {
    return this.#write((to) => to.updateMany(filter, update, options))
  }
  async replaceOne(filter: unknown, replacement: unknown, options: unknown) {
    return this.#write((to) => to.replaceOne(filter, replacement, options))
  }
  async findOneAndUpdate(filter: unknown, update: unknown, options: unknown) {
    return this.#write((to) => to.findOneAndUpdate(filter, update, options))
  }
  async findOneAndReplace(filter: unknown, replacement: unknown, options: unknown) {
    return this.#write((to) => to.findOneAndReplace(filter, replacement, options))
  }
  async findOneAndDelete(filter: unknown, options: unknown) {
    return this.#write((to) => to.findOneAndDelete(filter, options))
  }
  async deleteOne(filter: unknown, options: unknown) {
    return this.#write((to) => to.deleteOne(filter, options))
  }
  async deleteMany(filter: unknown, options: unknown) {
    return this.#write((to) => to.deleteMany(filter, options))
  }
  async createIndex(key: unknown, options: unknown) {
    return this.collection.createIndex(key, options)
  }
  async ensureIndex(key: unknown, options: unknown) {
    return this.collection.createIndex(key, options)
  }
  async createIndexes(indexes: { key: unknown }[]) {
    return indexes.map(({ key, ...options }) => this.collection.createIndex(key, options))
  }
  async dropIndex(name: string) {
    this.collection.dropIndex(name)
  }
  listIndexes() {
    return { toArray: async () => this.collection.listIndexes() }
  }
  async indexes() {
    return this.collection.listIndexes()
  }
  async drop(options: unknown) {
    checkOptions('other', options)
    return this.collection.drop()
  }
}

/** The documents of a find, one after the other. Read at once when the first is asked for: one consistent picture. */
class Cursor {
  #read: () => Promise<Doc[]>
  #docs: Doc[] | undefined

  constructor(read: () => Promise<Doc[]>) {
    this.#read = read
  }

  async toArray(): Promise<Doc[]> {
    const docs = this.#docs ?? (await this.#read())
    this.#docs = []
    return docs
  }

  async next(): Promise<Doc | null> {
    this.#docs ??= await this.#read()
    return this.#docs.shift() ?? null
  }

  async close(): Promise<void> {
    this.#docs = []
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Doc> {
    for (let doc = await this.next(); doc; doc = await this.next()) yield doc
  }
}

function unsupported(what: string): never {
  throw new NotSupported(what)
}

// Fail closed: whatever else a MongoDB collection can do, this one says that it cannot.
for (const name of Object.getOwnPropertyNames(mongoose.mongo.Collection.prototype)) {
  const isMethod =
    typeof Object.getOwnPropertyDescriptor(mongoose.mongo.Collection.prototype, name)?.value === 'function'
  if (!isMethod || Object.hasOwn(Collection.prototype, name)) continue
  Object.defineProperty(Collection.prototype, name, { value: () => unsupported(name) })
}

/** The driver to hand to `mongoose.setDriver`. */
export const embeddedDriver = { Connection, Collection }
