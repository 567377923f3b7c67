import { isDeepStrictEqual } from 'node:util'
import type { Model } from 'mongoose'
import type { Origin } from './model.ts'

interface Doc {
  _id: string
}

/** Stores what is new or has changed, as a whole; what is as it should be is not touched, and nothing is deleted. */
export async function put<D extends Doc>(model: Model<D>, wanted: D[], existing: D[]): Promise<void> {
  const before = new Map(existing.map((doc) => [doc._id, doc]))
  const fresh = wanted.filter(({ _id }) => !before.has(_id))
  if (fresh.length > 0) await model.insertMany(fresh, { ordered: false })
  for (const doc of wanted) {
    const old = before.get(doc._id)
    if (!old || isDeepStrictEqual(old, doc)) continue
    const { _id, ...content } = doc
    const dropped = Object.keys(old).filter((key) => !(key in doc))
    const unset = Object.fromEntries(dropped.map((key) => [key, '']))
    await loosely(model).updateOne({ _id }, { $set: content, ...(dropped.length > 0 && { $unset: unset }) })
  }
}

/** The same, and deletes what an earlier file brought and this one does not. */
export async function replace<D extends Doc & { network: string; origin: Origin }>(
  model: Model<D>,
  network: string,
  wanted: D[],
): Promise<void> {
  const existing = (await loosely(model).find({ network }).lean()) as unknown as D[]
  await put(model, wanted, existing)
  const listed = new Set(wanted.map(({ _id }) => _id))
  const gone = existing.filter(({ _id, origin }) => origin === 'file' && !listed.has(_id))
  for (const ids of portions(gone.map(({ _id }) => _id))) {
    await loosely(model).deleteMany({ _id: { $in: ids } })
  }
}

const PORTION = 200

/** A long list in short ones: a filter with thousands of ids is slow. */
export function* portions<T>(list: T[]): Generator<T[]> {
  for (let i = 0; i < list.length; i += PORTION) yield list.slice(i, i + PORTION)
}

/** Without what is not given: a document holds no empty fields. */
export function given<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T
}

// mongoose's filter types cannot be written for a collection that is known only by a type parameter.
const loosely = (model: unknown) => model as Model<Doc & { network: string }>
