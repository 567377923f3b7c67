import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Schema } from 'mongoose'
import { openStore, type Store } from '../connect.ts'

interface Thing {
  _id: string
  name: string
}
const schema = new Schema<Thing>({ _id: String, name: { type: String, unique: true } }, { versionKey: false })

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkpin-group-'))
  store = await openStore({ dataFolder: folder })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

async function things() {
  const model = store.db.model<Thing>('Thing', schema, 'things')
  await store.ready()
  return model
}

test('of several at once, one that fails fails alone', async () => {
  const model = await things()
  const tries = ['a', 'b', 'a', 'c'].map((name, n) => model.create({ _id: `t${n}`, name }))
  const outcomes = (await Promise.allSettled(tries)).map(({ status }) => status)
  expect(outcomes).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  const found = await model.find().sort({ _id: 1 }).lean()
  expect(found.map(({ _id }) => _id)).toEqual(['t0', 't1', 't3'])
  // Nothing is left of what failed: its id and its place in the index are free.
  await model.create({ _id: 't2', name: 'd' })
  expect(await model.countDocuments()).toBe(4)
})

test('they run in the order in which they were asked for', async () => {
  const model = await things()
  const [, seen, , gone] = await Promise.all([
    model.updateOne({ _id: 't' }, { $set: { name: 'a' } }, { upsert: true }),
    model.findById('t').lean(),
    model.deleteOne({ _id: 't' }),
    model.findById('t').lean(),
  ])
  expect([seen?.name, gone]).toEqual(['a', null])
})

test('of many who want the same, one gets it', async () => {
  const model = await things()
  await model.create({ _id: 't', name: 'free' })
  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      model.findOneAndUpdate({ _id: 't', name: 'free' }, { $set: { name: `taken ${n}` } }).lean(),
    ),
  )
  expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
})

test('closing leaves nothing behind that was asked for', async () => {
  const writing = (await things()).collection.insertOne({ _id: 't', name: 'a' } as never)
  await store.close()
  await writing
  store = await openStore({ dataFolder: folder })
  expect(await (await things()).countDocuments()).toBe(1)
})
