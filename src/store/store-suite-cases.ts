import type { Store } from './connect.ts'

/** What a server that only speaks MongoDB's protocol may not have. */
export type Feature =
  | 'partial indexes'
  | 'the pattern and value of a duplicate key'
  | 'the count of an insertion that failed in part'
  | '$all on a value that is no array'
  | 'ranges that several elements of an array meet together'

/** One of the stores that tests run on; each opening is empty. */
export interface TestStore {
  name: string
  open(): Promise<Store>
  /** Tests of these are skipped on this store; MongoDB has them all. */
  lacks: readonly Feature[]
}

/** What the documents of the suite hold. */
export interface Thing {
  _id: string
  network?: string
  name?: string
  rank?: number
  fence?: number
  state?: string
  at?: Date | null
  tags?: string[]
  numbers?: number[]
  place?: { city?: string; zone?: string }
  lines?: { text?: string; weight?: number; at?: Date }[]
  mixed?: unknown
}

/** The documents that FINDS looks through. */
export const DOCUMENTS: Thing[] = [
  {
    _id: 'a',
    rank: 1,
    name: 'a',
    at: new Date(1000),
    tags: ['x', 'y'],
    numbers: [1, 10],
    place: { city: 'Ghent', zone: 'z' },
    lines: [
      { text: 'p', weight: 1 },
      { text: 'q', weight: 2 },
    ],
  },
  {
    _id: 'b',
    rank: 2,
    name: 'b',
    at: new Date(2000),
    tags: ['x'],
    numbers: [3],
    lines: [{ text: 'p', weight: 3 }],
    mixed: [{ n: 1 }, 1],
  },
  { _id: 'c', rank: 3, name: 'c', at: null, tags: ['y'], mixed: [1, 2] },
  { _id: 'd', name: 'd', tags: [] },
  { _id: 'e' },
]

/** Filters, the ids of what they find, and what a store must have for that. */
export const FINDS: [object, string[], Feature?][] = [
  [{ rank: 2 }, ['b']],
  [{ rank: { $eq: 2 } }, ['b']],
  [{ rank: { $ne: 2 } }, ['a', 'c', 'd', 'e']],
  [{ rank: { $gt: 2 } }, ['c']],
  [{ rank: { $gte: 2 } }, ['b', 'c']],
  [{ rank: { $lt: 2 } }, ['a']],
  [{ rank: { $gte: 1, $lt: 3 } }, ['a', 'b']],
  [{ rank: { $in: [1, 3, 9] } }, ['a', 'c']],
  [{ rank: { $in: [] } }, []],
  [{ rank: { $nin: [1, 3] } }, ['b', 'd', 'e']],
  [{ rank: null }, ['d', 'e']],
  [{ rank: { $ne: null } }, ['a', 'b', 'c']],
  [{ rank: { $in: [1, null] } }, ['a', 'd', 'e']],
  [{ rank: { $exists: true } }, ['a', 'b', 'c']],
  [{ rank: { $exists: false } }, ['d', 'e']],
  [{ rank: { $not: { $gt: 1 } } }, ['a', 'd', 'e']],
  [{ name: { $gte: 'b', $lt: 'd' } }, ['b', 'c']],
  [{ at: { $lte: new Date(2000) } }, ['a', 'b']],
  [{ at: null }, ['c', 'd', 'e']],
  [{ at: { $exists: true } }, ['a', 'b', 'c']],
  [{ tags: 'x' }, ['a', 'b']],
  [{ tags: { $in: ['y', 'q'] } }, ['a', 'c']],
  [{ tags: { $ne: 'x' } }, ['c', 'd', 'e']],
  [{ tags: { $nin: ['x'] } }, ['c', 'd', 'e']],
  [{ tags: { $all: ['x', 'y'] } }, ['a']],
  [{ name: { $all: ['b'] } }, ['b'], '$all on a value that is no array'],
  [{ tags: { $size: 2 } }, ['a']],
  [{ tags: { $size: 0 } }, ['d']],
  [{ numbers: { $gt: 5, $lt: 3 } }, ['a'], 'ranges that several elements of an array meet together'],
  [{ numbers: { $elemMatch: { $gt: 2, $lt: 6 } } }, ['b']],
  [{ 'place.city': 'Ghent' }, ['a']],
  [{ place: { city: 'Ghent', zone: 'z' } }, ['a']],
  [{ 'lines.text': 'p' }, ['a', 'b']],
  [{ 'lines.weight': { $in: [3] } }, ['b']],
  [{ 'lines.1.weight': 2 }, ['a']],
  [{ lines: { $elemMatch: { text: 'p', weight: { $gt: 1 } } } }, ['b']],
  [{ tags: { $elemMatch: { length: 1 } } }, []],
  [{ mixed: { $elemMatch: { n: 1 } } }, ['b']],
  [{ 'mixed.n': { $size: 1 } }, []],
  [{ 'mixed.n': { $elemMatch: { $gte: 1 } } }, []],
  [{ 'mixed.n': [] }, []],
  [{ 'lines.text': 'p', 'lines.weight': 2 }, ['a']],
  [{ $or: [{ rank: 1 }, { tags: 'y' }] }, ['a', 'c']],
  [{ $and: [{ rank: { $gt: 0 } }, { $or: [{ name: 'a' }, { name: 'c' }] }] }, ['a', 'c']],
  [{ $nor: [{ rank: 1 }, { name: 'd' }] }, ['b', 'c', 'e']],
  [{ _id: { $in: ['a', 'e', 'zz'] } }, ['a', 'e']],
  [{ _id: { $gt: 'c' } }, ['d', 'e']],
  [{}, ['a', 'b', 'c', 'd', 'e']],
]

/** Updates, and how they change the document of the test. */
export const UPDATES: [object, object][] = [
  [{ $set: { rank: 5, 'place.city': 'Ghent' } }, { rank: 5, place: { city: 'Ghent' } }],
  [
    { $set: { 'lines.1.text': 'B' } },
    {
      lines: [
        { text: 'a', weight: 1 },
        { text: 'B', weight: 2 },
      ],
    },
  ],
  [{ $unset: { rank: 1, missing: 1 } }, { rank: undefined }],
  [{ $inc: { rank: 2, fence: -1 } }, { rank: 3, fence: -1 }],
  [
    { $min: { rank: 0 }, $max: { 'place.zone': 'z' } },
    { rank: 0, place: { zone: 'z' } },
  ],
  [{ $min: { rank: 2 } }, { rank: 1 }],
  [{ $max: { rank: 2 } }, { rank: 2 }],
  [{ $push: { tags: 'a' } }, { tags: ['a', 'b', 'a'] }],
  [{ $push: { tags: { $each: ['c', 'd'] }, numbers: 1 } }, { tags: ['a', 'b', 'c', 'd'], numbers: [1] }],
  [{ $addToSet: { tags: 'a' } }, { tags: ['a', 'b'] }],
  [{ $addToSet: { tags: { $each: ['b', 'c', 'c'] } } }, { tags: ['a', 'b', 'c'] }],
  [{ $pull: { tags: 'a' } }, { tags: ['b'] }],
  [{ $pull: { tags: { $in: ['a', 'b'] } } }, { tags: [] }],
  [{ $pull: { mixed: { n: 1 } } }, { mixed: [1, [1], { n: 2 }] }],
  [{ $pull: { mixed: 1 } }, { mixed: [[1], { n: 1 }, { n: 2 }] }],
  [{ $max: { tags: 'z' } }, {}],
  [{ $min: { tags: 'z' } }, { tags: 'z' }],
  [{ $max: { 'mixed.3': { n: 1, a: 1 } } }, { mixed: [1, [1], { n: 1 }, { n: 2 }] }],
  [{ $pull: { lines: { weight: { $gt: 1 } } } }, { lines: [{ text: 'a', weight: 1 }] }],
  [{ $setOnInsert: { rank: 9 }, $set: { name: 'n' } }, { name: 'n' }],
]
