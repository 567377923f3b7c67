import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import Database from 'libsql'
import mongoose from 'mongoose'
import { openStore, type Store } from './connect.ts'
import { EmbeddedCollection } from './embedded/collection.ts'
import { EmbeddedDatabase } from './embedded/database.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'linkpin-store-'))
  cleanUp.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function open(dataFolder: string): Promise<Store> {
  const store = await openStore({ dataFolder })
  cleanUp.push(() => store.close())
  return store
}

function newCollection(): EmbeddedCollection {
  const db = new EmbeddedDatabase(':memory:')
  cleanUp.push(() => db.close())
  return new EmbeddedCollection(db, 'things')
}

/** Starts a script in a process of its own; `line()` is the next line that it prints. */
function start(script: string) {
  const connect = pathToFileURL(join(import.meta.dirname, 'connect.ts')).href
  const code = `import { openStore } from ${JSON.stringify(connect)}; import mongoose from 'mongoose'\n${script}`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  cleanUp.push(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    lines,
    line: async () => (await lines.next()).value as string,
    async killed() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

describe('the lock', () => {
  test('refuses a second store of the same folder, in this process', async () => {
    const folder = await newFolder()
    const first = await open(folder)
    await expect(openStore({ dataFolder: folder })).rejects.toThrow(/in use by another Linkpin/)
    await first.ping()
    await first.close()
    await (await open(folder)).ping()
  })

  test('refuses a second process, and is free at once when the first is killed', async () => {
    const folder = await newFolder()
    const child = start(`await openStore({ dataFolder: ${JSON.stringify(folder)} })
      console.log('open'); setInterval(() => {}, 1000)`)
    expect(await child.line()).toBe('open')
    await expect(openStore({ dataFolder: folder })).rejects.toThrow(/in use by another Linkpin/)
    await child.killed()
    await (await open(folder)).ping()
  })

  test('is not needed in memory: each store is its own', async () => {
    const [one, two] = [await open(':memory:'), await open(':memory:')]
    await one.db.collection('things').insertOne({ _id: 'a' } as never)
    expect(await two.db.collection('things').countDocuments()).toBe(0)
  })
})

describe('durability', () => {
  test('what was acknowledged survives kill -9', async () => {
    const folder = await newFolder()
    const child = start(`const store = await openStore({ dataFolder: ${JSON.stringify(folder)} })
      const Thing = store.db.model('Thing', new mongoose.Schema({ _id: String, n: Number }).index({ n: 1 }, { unique: true }))
      await store.ready()
      for (let n = 0; ; n++) { await Thing.create({ _id: 'id' + n, n }); console.log('id' + n) }`)
    const acknowledged: string[] = []
    while (acknowledged.length < 200) acknowledged.push(await child.line())
    await child.killed()
    for (let next = await child.lines.next(); !next.done; next = await child.lines.next())
      acknowledged.push(next.value)

    const { db } = await open(folder)
    const stored = await db.collection('things').find({}, {}).toArray()
    expect(stored.map(({ _id }) => String(_id))).toEqual(expect.arrayContaining(acknowledged))
    await expect(db.collection('things').insertOne({ _id: 'new', n: 7 } as never)).rejects.toMatchObject({
      code: 11000,
    })
  })

  test('indexes, and what they know of arrays, are there after reopening', async () => {
    const folder = await newFolder()
    const first = await openStore({ dataFolder: folder })
    const things = first.db.collection('things')
    await things.createIndex({ n: 1 })
    await things.insertOne({ _id: 'a', n: [1, 10] } as never)
    await first.close()
    const { db } = await open(folder)
    expect(
      await db
        .collection('things')
        .find({ n: { $gt: 5, $lt: 3 } })
        .toArray(),
    ).toHaveLength(1)
    expect((await db.collection('things').indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1'])
  })

  test('the file does not tell in which order documents came', async () => {
    const folder = await newFolder()
    const store = await open(folder)
    const ids = Array.from({ length: 30 }, (_, n) => `t${n}`)
    for (const _id of ids) await store.db.collection<{ _id: string }>('things').insertOne({ _id })
    await store.close()
    const file = new Database(join(folder, 'linkpin.db'))
    cleanUp.push(() => file.close())
    const rows = file.prepare('SELECT _id FROM "c:things" ORDER BY rowid').all() as { _id: string }[]
    const found = rows.map(({ _id }) => _id)
    expect(found.toSorted()).toEqual(ids.toSorted())
    expect(found).not.toEqual(ids)
  })

  test('a failed operation leaves nothing behind', async () => {
    const things = newCollection()
    things.createIndex({ n: 1 }, { unique: true })
    things.createIndex({ tags: 1 }, {})
    things.insertMany([{ _id: 'a', n: 1 }, { _id: 'b', n: 5 }, { _id: 'c', n: 6 }], {}) // prettier-ignore
    expect(() => things.updateMany({}, { $set: { tags: ['x', 'y'] }, $max: { n: 5 } }, {})).toThrow(/E11000/)
    expect(things.find({}, {})).toEqual([{ _id: 'a', n: 1 }, { _id: 'b', n: 5 }, { _id: 'c', n: 6 }]) // prettier-ignore
    expect(things.find({ tags: 'x' }, {})).toEqual([])
  })
})

describe('sweep', () => {
  test('deletes what has expired by then, and it is gone from the files', async () => {
    const folder = await newFolder()
    const store = await open(folder)
    const things = store.db.collection('things')
    await things.createIndex({ at: 1 }, { expireAfterSeconds: 60 })
    await things.createIndex({ end: 1 }, { expireAfterSeconds: 0, partialFilterExpression: { kind: 'code' } })
    const at = (seconds: number) => new Date(seconds * 1000)
    await things.insertMany([
      { _id: 'old', at: at(0), note: 'a-secret-of-long-ago' },
      { _id: 'edge', at: at(40) },
      { _id: 'young', at: at(41) },
      { _id: 'ended', end: at(100), kind: 'code' },
      { _id: 'other', end: at(1), kind: 'else' },
      { _id: 'text', at: 'long ago' },
      { _id: 'none' },
    ] as never)
    await store.sweep(at(100))
    expect((await things.find({}, {}).toArray()).map(({ _id }) => String(_id))).toEqual([
      'none',
      'other',
      'text',
      'young',
    ])
    for (const file of ['linkpin.db', 'linkpin.db-wal']) {
      expect((await readFile(join(folder, file))).includes('a-secret-of-long-ago')).toBe(false)
    }
  })
})

describe('fails closed', () => {
  const filters = [
    { n: { $regex: 'x' } }, { n: /x/ }, { $where: 'true' }, { $expr: { $eq: [1, 1] } }, { n: { $type: 'string' } }, { n: { $mod: [2, 0] } },
    { $text: { $search: 'x' } }, { $comment: 'x' }, { n: { $not: /x/ } }, { n: { $in: [/x/] } }, { n: { $elemMatch: { $regex: 'x' } } },
    { n: { $elemMatch: { a: { $where: '1' } } } }, { n: { $near: [0, 0] } }, { $or: [] }, { $or: [{ n: { $bitsAllSet: 1 } }] }, { n: undefined },
    { n: { $gt: null } }, { n: { $gt: Number.NaN } }, { n: { $eq: { $ne: 1 } } }, { n: { $ne: 1, x: 1 } }, { n: new mongoose.Types.ObjectId() },
    { 'a.$': 1 }, { 'constructor.x': 1 }, JSON.parse('{"__proto__": 1}'), { '__proto__.x': 1 }, { 'a..b': 1 },
  ] // prettier-ignore
  test.each(filters.map((filter) => [filter]))('filter %#: %j', (filter) => {
    const things = newCollection()
    expect(() => things.find(filter, {})).toThrow(/does not support/)
    expect(() => things.deleteMany(filter, {})).toThrow(/does not support/)
  })

  const updates = [
    [{ $set: { n: 1 } }], { n: 1 }, { $rename: { a: 'b' } }, { $mul: { n: 2 } }, { $bit: { n: { and: 1 } } }, { $pop: { n: 1 } }, { $pullAll: { n: [1] } },
    { $currentDate: { at: true } }, { $push: { n: { $each: [1], $slice: 1 } } }, { $push: { n: { $position: 0, $each: [1] } } },
    { $addToSet: { n: { $sort: 1 } } }, { $set: { 'n.$': 1 } }, { $set: { 'n.$[]': 1 } }, { $set: { 'n.$[x].y': 1 } }, { $pull: { n: { $regex: 'x' } } },
    { $set: { n: { $inc: 1 } } }, { $set: { n: Number.POSITIVE_INFINITY } }, { $set: { n: 1n } }, { $inc: { n: '1' } },
    { $set: JSON.parse('{"__proto__": {"polluted": true}}') }, { $set: { '__proto__.polluted': true } },
    { $set: { 'constructor.prototype.polluted': true } }, { $set: { n: JSON.parse('{"__proto__": {"polluted": true}}') } },
  ] // prettier-ignore
  test.each(updates.map((update) => [update]))('update %#', (update) => {
    const things = newCollection()
    things.insertOne({ _id: 'a' }, {})
    expect(() => things.updateOne({}, update, {})).toThrow(/does not support/)
    expect(() => things.findOneAndUpdate({ _id: 'b' }, update, { upsert: true })).toThrow(/does not support/)
    expect(things.find({}, {})).toEqual([{ _id: 'a' }])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  const documents = [
    { _id: 5 }, {}, { _id: new mongoose.Types.ObjectId() }, { _id: '' }, { _id: 'a\0' }, { _id: 'a', n: Buffer.from('x') }, { _id: 'a', n: Number.NaN },
    { _id: 'a', n: new Date(Number.NaN) }, { _id: 'a', n: () => 1 }, { _id: 'a', n: /x/ }, { _id: 'a', $n: 1 }, { _id: 'a', 'n.x': 1 },
    JSON.parse('{"_id": "a", "n": [{"__proto__": 1}]}'), { _id: 'a', n: new Set() },
  ] // prettier-ignore
  test.each(documents.map((document) => [document]))('document %#', (document) => {
    const things = newCollection()
    expect(() => things.insertOne(document, {})).toThrow(/does not support/)
    expect(() => things.insertMany([document], { ordered: false })).toThrow(/does not support/)
    expect(things.countDocuments({}, {})).toBe(0)
  })

  test('unknown options, projections, sort orders and indexes', () => {
    const things = newCollection()
    for (const option of [
      { collation: { locale: 'en' } },
      { hint: 'a_1' },
      { session: {} },
      { limit: -1 },
      { skip: 0.5 },
      { tailable: true },
      { maxTimeMS: 5 },
    ]) {
      expect(() => things.find({}, option)).toThrow(/does not support/)
    }
    for (const projection of [
      { a: { $slice: 1 } },
      { a: 1, b: 0 },
      { a: '$b' },
      { 'a.$': 1 },
      { a: { $elemMatch: {} } },
    ]) {
      expect(() => things.find({}, { projection })).toThrow(/does not support/)
    }
    expect(() => things.find({}, { sort: { a: { $meta: 'textScore' } } })).toThrow(/does not support/)
    expect(() => things.find({}, { sort: 'a' })).toThrow(/does not support/)
    expect(() => things.updateOne({}, { $set: { a: 1 } }, { arrayFilters: [] })).toThrow(/does not support/)
    expect(() => things.updateOne({ a: 1 }, { $set: { b: 1 } }, { upsert: true })).toThrow(
      /upsert without an _id/,
    )
    for (const key of [{ a: 'text' }, { a: '2dsphere' }, { 'a.$**': 1 }, {}]) {
      expect(() => things.createIndex(key, {})).toThrow(/does not support/)
    }
    expect(() => things.createIndex({ a: 1 }, { wildcardProjection: {} })).toThrow(/does not support/)
  })

  test('operations of MongoDB that are not here', async () => {
    const { db } = await open(':memory:')
    const model = db.model('Thing', new mongoose.Schema({ _id: String }))
    await expect(model.aggregate([{ $match: {} }])).rejects.toThrow(/does not support aggregate/)
    await expect(model.bulkWrite([{ insertOne: { document: { _id: 'a' } } }])).rejects.toThrow(
      /does not support bulkWrite/,
    )
    await expect(db.startSession()).rejects.toThrow(/does not support sessions/)
    await expect(db.transaction(async () => {})).rejects.toThrow(/does not support sessions/)
    expect(() => model.collection.watch()).toThrow(/does not support watch/)
    expect(() => db.useDb('other')).toThrow(/does not support/)
    await expect(model.findOne({}).collation({ locale: 'en' })).rejects.toThrow(/collation/)
    await expect(model.findOne({}).hint({ _id: 1 })).rejects.toThrow(/hint/)
  })
})
