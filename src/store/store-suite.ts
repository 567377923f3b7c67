import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import mongoose from 'mongoose'
import { randomId } from '../kernel/ids.ts'
import type { Store } from './connect.ts'
import { DOCUMENTS, FINDS, UPDATES, type Feature, type TestStore, type Thing } from './store-suite-cases.ts'

const schema = () =>
  new mongoose.Schema<Thing>(
    {
      _id: String,
      network: String,
      name: String,
      rank: Number,
      fence: Number,
      state: String,
      at: Date,
      tags: { type: [String], default: undefined },
      numbers: { type: [Number], default: undefined },
      place: new mongoose.Schema({ city: String, zone: String }, { _id: false }),
      lines: {
        type: [new mongoose.Schema({ text: String, weight: Number, at: Date }, { _id: false })],
        default: undefined,
      },
      mixed: {},
    },
    { optimisticConcurrency: true },
  )

/**
 * What every store does alike. Run unchanged against each.
 * What it lacks of MongoDB is skipped, and the name of the skipped test says so.
 */
export function storeSuite({ name, open, lacks }: TestStore): void {
  describe(`store: ${name}`, () => {
    const testOf = (feature: Feature | undefined, title: string, body: () => Promise<void>): void => {
      if (feature && lacks.includes(feature)) test.skip(`${title} (${name} lacks ${feature})`, body)
      else test(title, body)
    }
    let store: Store
    const made: mongoose.Model<Thing>[] = []
    beforeAll(async () => {
      store = await open()
    })
    afterAll(async () => {
      for (const model of made) await model.collection.drop().catch(() => {})
      await store.close()
    })

    /** A fresh, empty collection, its indexes built. */
    async function things(...indexes: [Record<string, 1 | -1>, mongoose.IndexOptions?][]) {
      const withIndexes = schema()
      for (const [fields, options] of indexes) withIndexes.index(fields, options)
      const model = store.db.model<Thing>(
        `thing-${randomId()}`,
        withIndexes as never,
      ) as unknown as mongoose.Model<Thing>
      made.push(model)
      await store.ready()
      return model
    }
    const ids = async (query: mongoose.Query<unknown, unknown>) =>
      ((await query.lean()) as { _id: string }[]).map(({ _id }) => _id)
    const matching = async (model: mongoose.Model<Thing>, filter: object) =>
      (await ids(model.find(filter))).sort()

    test('pings', async () => {
      await store.ping()
      await store.ping()
    })

    test('gives back what it was given: dates, nested arrays, empty objects, unusual text', async () => {
      const model = await things()
      const mixed = {
        at: new Date('2026-11-23T08:00:00.123Z'),
        list: [[1, [2.5, null]], [], { d: [new Date(0)] }],
        empty: {},
        no: false,
      }
      const thing = {
        _id: 'a|b:ü😀',
        name: '\u0000\u0001\u2028"\\ 😀',
        at: new Date(-1),
        lines: [{ text: 'x', at: new Date(1) }],
        mixed,
      }
      await model.create(thing)
      expect(await model.findById('a|b:ü😀').lean()).toEqual({ ...thing, __v: 0 })
      expect(await model.findOne({ name: thing.name }).lean()).toMatchObject({ _id: thing._id })
    })

    test('creates, reads, saves and deletes through documents', async () => {
      const model = await things()
      const thing = await model.create({ _id: 'one', name: 'first', tags: ['a'], place: { city: 'Ghent' } })
      thing.tags?.push('b', 'c')
      thing.set('place.zone', 'Europe/Brussels')
      thing.name = undefined
      await thing.save()
      expect(await model.findById('one').lean()).toEqual({
        _id: 'one',
        tags: ['a', 'b', 'c'],
        place: { city: 'Ghent', zone: 'Europe/Brussels' },
        __v: 1,
      })
      await thing.deleteOne()
      expect(await model.exists({ _id: 'one' })).toBeNull()
    })

    test('save() notices that somebody else saved first', async () => {
      const model = await things()
      await model.create({ _id: 'one', rank: 1 })
      const read = () => model.findById('one').orFail()
      const [mine, theirs] = [await read(), await read()]
      theirs.rank = 2
      await theirs.save()
      mine.rank = 3
      await expect(mine.save()).rejects.toMatchObject({ name: 'VersionError' })
      expect((await model.findById('one').orFail().lean()).rank).toBe(2)
    })

    for (const [filter, expected, feature] of FINDS)
      testOf(feature, `finds ${JSON.stringify(filter)}`, async () => {
        const plain = await things()
        await plain.insertMany(DOCUMENTS)
        expect(await matching(plain, filter)).toEqual(expected)
        const indexed = await things(
          [{ rank: 1 }],
          [{ name: 1, rank: 1 }],
          [{ tags: 1 }],
          [{ numbers: 1 }],
          [{ at: 1 }],
          [{ 'lines.text': 1 }],
        )
        await indexed.insertMany(DOCUMENTS)
        expect(await matching(indexed, filter)).toEqual(expected)
      })

    test('sorts by several keys, skips, limits, counts and lists what is distinct', async () => {
      const model = await things([{ rank: 1 }])
      await model.insertMany([
        { _id: 'a', rank: 2, name: 'x', tags: ['p', 'q'] },
        { _id: 'b', rank: 1, name: 'y', tags: ['q'] },
        { _id: 'c', rank: 2, name: 'y' },
        { _id: 'd', name: 'z' },
      ])
      expect(await ids(model.find().sort({ rank: -1, name: 1 }))).toEqual(['a', 'c', 'b', 'd'])
      expect(await ids(model.find().sort({ rank: 1, name: -1 }))).toEqual(['d', 'b', 'c', 'a'])
      expect(await ids(model.find().sort({ _id: -1 }).skip(1).limit(2))).toEqual(['c', 'b'])
      expect(await model.countDocuments({ rank: 2 })).toBe(2)
      expect(await model.countDocuments({ rank: 2 }, { limit: 1 })).toBe(1)
      expect(await model.countDocuments()).toBe(4)
      expect((await model.distinct('tags')).sort()).toEqual(['p', 'q'])
      const seen: string[] = []
      for await (const thing of model.find().sort({ _id: 1 }).cursor()) seen.push(thing._id)
      expect(seen).toEqual(['a', 'b', 'c', 'd'])
    })

    test('sorts objects by their fields', async () => {
      const model = await things()
      await model.insertMany([{ _id: 'a', mixed: { x: 2 } }, { _id: 'b', mixed: {} }, { _id: 'c', mixed: { x: 10 } }, { _id: 'd', mixed: 'text' }]) // prettier-ignore
      expect(await ids(model.find().sort({ mixed: 1 }))).toEqual(['d', 'b', 'a', 'c'])
      expect(await ids(model.find().sort({ mixed: -1 }))).toEqual(['c', 'a', 'b', 'd'])
    })

    test('projects by inclusion and by exclusion', async () => {
      const model = await things()
      await model.create({
        _id: 'a',
        rank: 1,
        name: 'n',
        place: { city: 'c', zone: 'z' },
        lines: [{ text: 't', weight: 1 }],
      })
      const lean = (projection: object) => model.findOne({ _id: 'a' }, projection).lean()
      expect(await lean({ name: 1 })).toEqual({ _id: 'a', name: 'n' })
      expect(await lean({ name: 1, _id: 0 })).toEqual({ name: 'n' })
      expect(await lean({ 'place.city': 1, 'lines.weight': 1 })).toEqual({
        _id: 'a',
        place: { city: 'c' },
        lines: [{ weight: 1 }],
      })
      expect(await lean({ rank: 0, place: 0, 'lines.text': 0, __v: 0 })).toEqual({
        _id: 'a',
        name: 'n',
        lines: [{ weight: 1 }],
      })
      expect(await lean({ _id: 0, lines: 0, place: 0 })).toEqual({ rank: 1, name: 'n', __v: 0 })
    })

    test.each(UPDATES)('updates %j', async (update, expected) => {
      const model = await things()
      const before = { _id: 'a', rank: 1, tags: ['a', 'b'], lines: [{ text: 'a', weight: 1 }, { text: 'b', weight: 2 }], mixed: [1, [1], { n: 1 }, { n: 2 }] } // prettier-ignore
      await model.create(before)
      await model.updateOne({ _id: 'a' }, update as never, { strict: false })
      const after = JSON.parse(JSON.stringify({ ...before, __v: 0, ...expected }))
      expect(await model.findById('a').lean()).toEqual(after)
    })

    test.each([
      [{ $inc: { name: 1 } }],
      [{ $push: { name: 'x' } }],
      [{ $set: { 'name.first': 'x' } }],
      [{ $set: { place: 1, 'place.city': 'x' } }],
      [{ $set: { _id: 'other' } }],
    ])('refuses %j and changes nothing', async (update) => {
      const model = await things()
      await model.create({ _id: 'a', name: 'text' })
      await expect(model.collection.updateOne({ _id: 'a' } as never, update as never)).rejects.toThrow()
      expect(await model.findById('a').lean()).toEqual({ _id: 'a', name: 'text', __v: 0 })
    })

    test('says how many an update matched and modified', async () => {
      const model = await things([{ rank: 1 }])
      await model.insertMany([{ _id: 'a', rank: 1 }, { _id: 'b', rank: 2 }, { _id: 'c', rank: 2 }]) // prettier-ignore
      expect(await model.updateMany({ rank: { $gte: 1 } }, { $max: { rank: 2 } })).toMatchObject({
        matchedCount: 3,
        modifiedCount: 1,
      })
      expect(await model.updateOne({ rank: 7 }, { rank: 8 })).toMatchObject({
        matchedCount: 0,
        modifiedCount: 0,
        upsertedCount: 0,
      })
      expect(await model.updateOne({ _id: 'a' }, { $set: { rank: 2 } })).toMatchObject({
        matchedCount: 1,
        modifiedCount: 0,
      })
      expect(await model.find({ rank: 2 })).toHaveLength(3)
      expect(await model.deleteMany({ rank: 2, _id: { $ne: 'a' } })).toMatchObject({
        deletedCount: 2,
      })
      expect(await model.deleteOne({ rank: 2 })).toMatchObject({ deletedCount: 1 })
    })

    test('upserts once, whoever comes second', async () => {
      const model = await things()
      const upsert = () =>
        model.updateOne(
          { _id: 'k', network: 'n' },
          { $setOnInsert: { rank: 1 }, $inc: { fence: 1 } },
          { upsert: true },
        )
      expect(await upsert()).toMatchObject({ upsertedCount: 1, upsertedId: 'k', matchedCount: 0 })
      expect(await upsert()).toMatchObject({ upsertedCount: 0, matchedCount: 1 })
      expect(await model.findById('k').lean()).toEqual({ _id: 'k', network: 'n', rank: 1, fence: 2, __v: 0 })
    })

    test('replaces whole documents', async () => {
      const model = await things()
      await model.replaceOne({ _id: 'k' }, { _id: 'k', name: 'one', rank: 1 }, { upsert: true })
      expect(
        await model.findOneAndReplace({ _id: 'k' }, { name: 'two' }, { returnDocument: 'after' }).lean(),
      ).toMatchObject({ name: 'two' })
      expect((await model.findById('k').orFail().lean()).rank).toBeUndefined()
    })

    test('findOneAndUpdate takes the first in the order, and only one taker wins', async () => {
      const model = await things([{ state: 1, at: 1 }])
      await model.insertMany([
        { _id: 'late', state: 'pending', at: new Date(3), fence: 0 },
        { _id: 'early', state: 'pending', at: new Date(1), fence: 0 },
        { _id: 'middle', state: 'pending', at: new Date(2), fence: 0 },
      ])
      const claim = (before: Date) =>
        model
          .findOneAndUpdate(
            { state: 'pending', at: { $lte: before } },
            { $set: { state: 'claimed' }, $inc: { fence: 1 } },
            { sort: { at: 1 }, returnDocument: 'after' },
          )
          .lean()
      const claimed = await Promise.all([claim(new Date(2)), claim(new Date(2)), claim(new Date(2))])
      expect(claimed.map((thing) => thing?._id).sort()).toEqual(['early', 'middle', undefined])
      expect(claimed[0]).toMatchObject({ state: 'claimed', fence: 1 })
      const finish = (fence: number) =>
        model.updateOne({ _id: 'early', fence }, { $set: { state: 'sent' }, $inc: { fence: 1 } })
      expect((await finish(0)).matchedCount).toBe(0)
      expect((await finish(1)).matchedCount).toBe(1)
      expect((await finish(1)).matchedCount).toBe(0)
    })

    test('findOneAndUpdate and findOneAndDelete give what they are asked for', async () => {
      const model = await things()
      const filter = { _id: 'a' }
      expect(
        await model.findOneAndUpdate(filter, { rank: 1 }, { upsert: true, returnDocument: 'before' }).lean(),
      ).toBeNull()
      expect(
        await model.findOneAndUpdate(filter, { rank: 2 }, { returnDocument: 'before' }).lean(),
      ).toMatchObject({ rank: 1 })
      expect(
        await model
          .findOneAndUpdate(filter, { rank: 3 }, { returnDocument: 'after', projection: { rank: 1 } })
          .lean(),
      ).toEqual({ _id: 'a', rank: 3 })
      const raw = await model.findOneAndUpdate(
        filter,
        { rank: 4 },
        { returnDocument: 'after', includeResultMetadata: true },
      )
      expect(raw).toMatchObject({ lastErrorObject: { n: 1, updatedExisting: true }, value: { rank: 4 } })
      expect(await model.findOneAndDelete(filter).lean()).toMatchObject({ rank: 4 })
      expect(await model.findOneAndDelete(filter).lean()).toBeNull()
    })

    test('refuses what exists and changes nothing', async () => {
      const model = await things([{ network: 1, name: 1 }, { unique: true }])
      await model.create({ _id: 'a', network: 'n', name: 'x' })
      const refused = { name: 'MongoServerError', code: 11000 }
      await expect(model.create({ _id: 'a' })).rejects.toMatchObject(refused)
      await expect(model.create({ _id: 'b', network: 'n', name: 'x' })).rejects.toMatchObject(refused)
      await model.create([{ _id: 'b', network: 'n', name: 'y' }, { _id: 'c', network: 'm', name: 'x' }]) // prettier-ignore
      await expect(model.updateOne({ _id: 'b' }, { name: 'x' })).rejects.toMatchObject(refused)
      expect((await model.findById('b').orFail().lean()).name).toBe('y')
      await model.deleteOne({ _id: 'a' })
      await model.updateOne({ _id: 'b' }, { name: 'x' })
    })

    testOf('the pattern and value of a duplicate key', 'says which index refused', async () => {
      const model = await things([{ network: 1, name: 1 }, { unique: true }])
      await model.create({ _id: 'a', network: 'n', name: 'x' })
      await expect(model.create({ _id: 'a' })).rejects.toMatchObject({ keyPattern: { _id: 1 } })
      await expect(model.create({ _id: 'b', network: 'n', name: 'x' })).rejects.toMatchObject({
        keyPattern: { network: 1, name: 1 },
        keyValue: { network: 'n', name: 'x' },
      })
    })

    test('inserts many: ordered stops at a duplicate, unordered goes on', async () => {
      const model = await things([{ rank: 1 }, { unique: true, sparse: true }])
      await model.create({ _id: 'x', rank: 1 })
      const batch = (p: string) => [{ _id: `${p}1`, name: 'a' }, { _id: `${p}2`, rank: 1 }, { _id: 'x' }, { _id: `${p}3` }] // prettier-ignore
      await expect(model.insertMany(batch('o'))).rejects.toMatchObject({ code: 11000 })
      expect(await ids(model.find().sort({ _id: 1 }))).toEqual(['o1', 'x'])
      const error = await model.insertMany(batch('u'), { ordered: false }).catch((e) => e)
      expect(error).toMatchObject({ name: 'MongoBulkWriteError', code: 11000 })
      expect(error.writeErrors.map((e: { index: number; code: number }) => [e.index, e.code])).toEqual([[1, 11000], [2, 11000]]) // prettier-ignore
      expect(await ids(model.find().sort({ _id: 1 }))).toEqual(['o1', 'u1', 'u3', 'x'])
    })

    testOf(
      'the count of an insertion that failed in part',
      'counts what was inserted beside it',
      async () => {
        const model = await things()
        await model.create({ _id: 'x' })
        const batch = [{ _id: 'a' }, { _id: 'x' }, { _id: 'b' }]
        await expect(model.insertMany(batch, { ordered: false })).rejects.toMatchObject({ insertedCount: 2 })
      },
    )

    testOf('partial indexes', 'a partial unique index counts only what its filter matches', async () => {
      const model = await things([
        { network: 1 },
        { unique: true, partialFilterExpression: { state: 'open' } },
      ])
      await model.create([{ _id: 'a', network: 'n', state: 'open' }, { _id: 'b', network: 'n', state: 'closed' }, { _id: 'c', network: 'n' }]) // prettier-ignore
      await expect(model.updateOne({ _id: 'b' }, { state: 'open' })).rejects.toMatchObject({ code: 11000 })
      await model.updateOne({ _id: 'a' }, { state: 'closed' })
      await model.updateOne({ _id: 'b' }, { state: 'open' })
      expect(await matching(model, { network: 'n' })).toEqual(['a', 'b', 'c'])
    })

    test('a unique index on an array counts each of its elements', async () => {
      const model = await things([{ tags: 1 }, { unique: true, sparse: true }])
      await model.create([{ _id: 'a', tags: ['x', 'y', 'x'] }, { _id: 'b' }, { _id: 'c' }])
      await expect(model.create({ _id: 'd', tags: ['z', 'y'] })).rejects.toMatchObject({ code: 11000 })
      await model.updateOne({ _id: 'a' }, { $pull: { tags: 'y' } })
      await model.create({ _id: 'd', tags: ['z', 'y'] })
    })

    test('a unique index without sparse lets one document go without the field', async () => {
      const model = await things([{ name: 1 }, { unique: true }])
      await model.create({ _id: 'a' })
      await expect(model.create({ _id: 'b' })).rejects.toMatchObject({ code: 11000 })
    })

    test('ready() throws when an index cannot be built', async () => {
      const first = await things()
      await first.create([{ _id: 'a', rank: 1 }, { _id: 'b', rank: 1 }]) // prettier-ignore
      const second = store.db.model(
        `again-${randomId()}`,
        schema().index({ rank: 1 }, { unique: true }) as never,
        first.collection.name,
      )
      await expect(store.ready()).rejects.toMatchObject({ code: 11000 })
      store.db.deleteModel((second as mongoose.Model<Thing>).modelName)
    })

    test('a filter with a misspelt field is refused, not widened', async () => {
      const model = await things()
      await model.create({ _id: 'a', name: 'x' })
      await expect(model.deleteMany({ nmae: 'x' } as never)).rejects.toThrow()
      expect(await model.countDocuments()).toBe(1)
    })
  })
}
