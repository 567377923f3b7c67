import mongoose from 'mongoose'

const { MongoServerError, MongoBulkWriteError } = mongoose.mongo

/** The embedded store does only what it knows to do as MongoDB does. Everything else ends here, loudly. */
export class NotSupported extends Error {
  override readonly name = 'NotSupported'

  /** @param what the operator, option or operation, as the caller wrote it */
  constructor(what: string) {
    super(`the embedded store does not support ${what}`)
  }
}

/** What MongoDB itself would refuse, under MongoDB's own number. */
export const refusedByServer = (code: number, message: string): Error =>
  new MongoServerError({ code, message })

/** The violation of a unique index. The values are in `keyValue` and not in the message, which may be logged. */
export function duplicateKey(
  collection: string,
  index: string,
  keyPattern: Record<string, unknown>,
  keyValue: Record<string, unknown>,
): Error {
  const message = `E11000 duplicate key error collection: ${collection} index: ${index}`
  return new MongoServerError({ code: 11000, message, keyPattern, keyValue })
}

/** True for the error of {@link duplicateKey}, and for MongoDB's own. */
export const isDuplicateKey = (error: unknown): error is Error =>
  error instanceof Error && (error as { code?: unknown }).code === 11000

/** As the driver's own, which it does not export; mongoose writes the index through `err`. */
class WriteError {
  readonly err: { index: number; code: number; errmsg: string; op: unknown }

  constructor(err: WriteError['err']) {
    this.err = err
  }
  get index(): number {
    return this.err.index
  }
  get code(): number {
    return this.err.code
  }
  get errmsg(): string {
    return this.err.errmsg
  }
}

/** What `insertMany` throws when some documents could not be inserted. */
export function bulkWriteError(
  failures: { index: number; error: Error; document: unknown }[],
  inserted: { index: number; _id: string }[],
): Error {
  const writeErrors = failures.map(
    ({ index, error, document }) =>
      new WriteError({ index, code: 11000, errmsg: error.message, op: document }),
  )
  const insertedIds = Object.fromEntries(inserted.map(({ index, _id }) => [index, _id]))
  const result = {
    ok: 1,
    insertedCount: inserted.length,
    insertedIds,
    matchedCount: 0,
    modifiedCount: 0,
    deletedCount: 0,
    upsertedCount: 0,
    upsertedIds: {},
  }
  const message = failures[0]?.error.message ?? 'bulk write failed'
  return new MongoBulkWriteError({ message, code: 11000, writeErrors } as never, result as never)
}
