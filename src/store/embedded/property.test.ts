import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Query } from 'mingo'
import { updateMany } from 'mingo/updater'
import { EmbeddedCollection } from './collection.ts'
import { EmbeddedDatabase } from './database.ts'
import { decode, encode, type Doc } from './values.ts'

describe('compared with mingo over a plain array', () => {
  // Few values of many types, so that they meet often.
  const scalar = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<unknown>(0, 1, 2) },
    { weight: 3, arbitrary: fc.constantFrom<unknown>('a', '😀', '\uFFFF') },
    { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>(
        -0,
        -1,
        1.5,
        -1e300,
        5e-324,
        '',
        'ab',
        'a\u0000',
        'a\u0001',
        'é',
        '1',
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(-1, 0, 1).map((ms) => new Date(ms)) },
  )
  const list = fc.array(scalar, { maxLength: 3 })
  const inner = fc.record(
    { c: fc.oneof(scalar, list), d: scalar },
    { noNullPrototype: true, requiredKeys: [] },
  )
  const document = fc.record(
    {
      a: fc.oneof(scalar, list, inner),
      b: fc.oneof(scalar, inner, fc.array(fc.oneof(inner, scalar), { maxLength: 3 })),
      n: fc.constantFrom(0, 1, 2),
    },
    { noNullPrototype: true, requiredKeys: [] },
  )
  const documents = fc
    .array(document, { maxLength: 12 })
    .map((all) => all.map((doc, i) => ({ _id: `id${i}`, ...doc })))

  const path = fc.constantFrom('a', 'b', 'n', 'b.c', 'b.d', 'b.0', 'b.0.c', 'a.c', 'a.1')
  const bound = scalar.filter((value) => value !== null && typeof value !== 'boolean')
  const condition = fc.oneof(
    scalar,
    fc.record({ $eq: scalar }),
    fc.record({ $ne: scalar }),
    fc
      .record(
        { $gt: bound, $gte: bound, $lt: bound, $lte: bound },
        { noNullPrototype: true, requiredKeys: [] },
      )
      .filter((c) => Object.keys(c).length > 0),
    fc.record({ $exists: fc.boolean() }),
    fc.record({ $not: fc.oneof(fc.record({ $gt: bound }), fc.record({ $eq: scalar })) }),
  )
  // About arrays as a whole: mingo takes what it collects through arrays for one of them, MongoDB does not.
  const ofArrays = fc.oneof(
    fc.record({ $eq: list }),
    fc.record({ $size: fc.nat(3) }),
    fc.record({
      $elemMatch: fc.record({ $gte: bound, $lt: bound }, { noNullPrototype: true, requiredKeys: ['$gte'] }),
    }),
  )
  // What indexes narrow by, much of it: two bounds of one type, on fields that may hold arrays.
  const range = fc
    .constantFrom<(string | number)[]>([0, 1, 2], ['a', '😀', '\uFFFF'])
    .chain((values) =>
      fc.tuple(
        fc.constantFrom('a', 'b.c', 'n'),
        fc.constantFrom('$gt', '$gte'),
        fc.constantFrom(...values),
        fc.constantFrom('$lt', '$lte'),
        fc.constantFrom(...values),
        fc.constantFrom('both', 'lower', 'upper'),
      ),
    )
    .map(([key, lower, low, upper, high, which]) => ({
      [key]: { ...(which !== 'upper' && { [lower]: low }), ...(which !== 'lower' && { [upper]: high }) },
    }))
  const field = fc.oneof(
    range,
    fc.tuple(path, condition).map(([key, value]) => ({ [key]: value })),
    fc.tuple(fc.constantFrom('a', 'b', 'n'), ofArrays).map(([key, value]) => ({ [key]: value })),
    // Within paths of one array only: there mingo's $in is MongoDB's.
    fc.tuple(fc.constantFrom('a', 'b', 'n'), fc.array(scalar, { maxLength: 4 }), fc.constantFrom('$in', '$nin')).map(([key, value, op]) => ({ [key]: { [op]: value } })),
    fc.constantFrom({ _id: 'id1' }, { _id: { $in: ['id0', 'id3', 'none'] } }, { _id: { $gte: 'id2' } }),
  ) // prettier-ignore
  const filter = fc.oneof(
    fc.array(field, { maxLength: 3 }).map((fields) => Object.assign({}, ...fields) as object),
    fc.tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(field, { minLength: 1, maxLength: 3 }), field).map(([op, all, one]) => ({ ...one, [op]: all })),
  ) // prettier-ignore

  const indexes: Record<string, 1 | -1>[] = [
    { a: 1 },
    { b: 1, n: 1 },
    { n: 1, a: -1 },
    { 'b.c': 1 },
    { 'b.d': 1, a: 1 },
    { 'b.0': 1 },
    { 'a.c': 1 },
  ]
  const filled = (docs: object[]) => {
    const db = new EmbeddedDatabase(':memory:')
    const things = new EmbeddedCollection(db, 'things')
    // Half of them before the documents, half after.
    indexes.forEach((key, i) => i % 2 && things.createIndex(key, {}))
    things.insertMany(docs, {})
    indexes.forEach((key, i) => i % 2 || things.createIndex(key, {}))
    return { db, things }
  }
  const sorted = (docs: Doc[]) => docs.map(encode).sort()

  test('finds the same', () => {
    fc.assert(
      fc.property(documents, fc.array(filter, { minLength: 1, maxLength: 20 }), (docs, filters) => {
        const { db, things } = filled(docs)
        for (const one of filters) {
          const expected = docs.filter((doc) => new Query(one).test(doc)) as unknown as Doc[]
          expect(sorted(things.find(one, {}))).toEqual(sorted(expected))
          expect(things.countDocuments(one, {})).toBe(expected.length)
        }
        db.close()
      }),
      { numRuns: 200 },
    )
  })

  // Where mingo does nothing and MongoDB refuses, so do we: those fields have the right type here.
  const typed = fc.record(
    { n: fc.integer({ min: -3, max: 3 }), tags: fc.uniqueArray(fc.constantFrom('x', 'y', 'z')), a: scalar, o: fc.record({ k: fc.nat(3) }) },
    { noNullPrototype: true, requiredKeys: ['o'] },
  ) // prettier-ignore
  const typedDocuments = fc
    .array(typed, { maxLength: 8 })
    .map((all) => all.map((doc, i) => ({ _id: `id${i}`, ...doc })))
  const update = fc.record(
    {
      $set: fc.record({ a: fc.oneof(scalar, list), 'o.new': scalar }, { noNullPrototype: true, requiredKeys: ['a'] }),
      $inc: fc.record({ n: fc.integer({ min: -2, max: 2 }) }),
      $max: fc.record({ 'o.k': fc.nat(5) }),
      $unset: fc.record({ 'o.gone': fc.constant('') }),
      $push: fc.record({ log: fc.record({ $each: list }) }),
      $addToSet: fc.record({ tags: fc.constantFrom('x', 'y', 'w') }),
    },
    { noNullPrototype: true, requiredKeys: [] },
  ) // prettier-ignore
  const selecting = fc.constantFrom<object>(
    {},
    { n: { $gte: 0 } },
    { tags: 'x' },
    { a: null },
    { 'o.k': { $in: [1, 2] } },
    { n: { $exists: false } },
  )

  test('updates the same, and finds what it updated', () => {
    fc.assert(
      fc.property(
        typedDocuments,
        fc.array(fc.tuple(selecting, update), { maxLength: 6 }),
        filter,
        (docs, updates, last) => {
          const { db, things } = filled(docs)
          const expected = docs.map((doc) => decode(encode(doc as unknown as Doc)))
          for (const [which, change] of updates) {
            things.updateMany(which, change, {})
            updateMany(expected, which as never, change as never, { cloneMode: 'deep' })
          }
          expect(sorted(things.find({}, {}))).toEqual(sorted(expected))
          expect(sorted(things.find(last, {}))).toEqual(
            sorted(expected.filter((doc) => new Query(last).test(doc))),
          )
          db.close()
        },
      ),
      { numRuns: 200 },
    )
  })
})
