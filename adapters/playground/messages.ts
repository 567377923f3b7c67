import { Schema, type Connection } from 'mongoose'
import type { View } from '../../src/views/view.ts'
import type { WireChange } from './wire.ts'

/** One message of a conversation of the playground. */
export interface Message {
  _id: string
  network: string
  /** The address as one key. */
  space: string
  /** Grows by one with each message, because many may carry the same time. */
  order: number
  at: Date
  view?: View
  /** What a person typed, and who. */
  said?: string
  by?: string
  /** The one member who sees it; everybody else does not. */
  onlyFor?: string
}

/** The conversations of the playground, kept over a restart. */
export interface Messages {
  /** Adds a message; one with the same id is left as it stands. */
  add(message: Omit<Message, 'order' | 'network'>): Promise<void>
  /** Gives a message a new content. Returns false where it is gone. */
  replace(id: string, view: View): Promise<boolean>
  /** Whether a message still stands in a space for a member. */
  visible(id: string, space: string, member: string): Promise<boolean>
  /** The latest messages of a space that a member can see, oldest first. */
  latest(space: string, member: string, limit: number): Promise<Message[]>
  /** Tells of every change until the returned function is called. */
  onChange(listener: (change: WireChange) => void): () => void
}

// A demonstration that runs for a year must not fill the disk.
const KEPT_PER_SPACE = 500

const schema = new Schema<Message>(
  {
    _id: { type: String, required: true },
    network: { type: String, required: true },
    space: { type: String, required: true },
    order: { type: Number, required: true },
    at: { type: Date, required: true },
    view: Schema.Types.Mixed,
    said: String,
    by: String,
    onlyFor: String,
  },
  { versionKey: false, minimize: false, autoIndex: true },
)
schema.index({ space: 1, order: 1 })

const seenBy = (space: string, member: string) => ({
  space,
  $or: [{ onlyFor: { $exists: false } }, { onlyFor: member }],
})

/** @param network the invented network whose conversations these are */
export function createMessages(db: Connection, network: string): Messages {
  const model = db.model<Message>('PlaygroundMessage', schema, 'playground_messages')
  const listeners = new Set<(change: WireChange) => void>()
  const tell = (change: WireChange): void => listeners.forEach((listener) => listener(change))
  // The playground is one process, so the order is counted here and only its start is read.
  let order: Promise<number> | undefined
  const nextOrder = (): Promise<number> => {
    const last =
      order ??
      model
        .findOne({ network })
        .sort({ order: -1 })
        .lean()
        .then((newest) => newest?.order ?? 0)
    order = last.then((number) => number + 1)
    return order
  }
  const trim = async (space: string): Promise<void> => {
    const overdue = await model.find({ space }).sort({ order: -1 }).skip(KEPT_PER_SPACE).limit(1).lean()
    if (overdue[0]) await model.deleteMany({ space, order: { $lte: overdue[0].order } })
  }
  return {
    async add(message) {
      const { _id, ...rest } = message
      const $setOnInsert = { ...rest, network, order: await nextOrder() }
      const result = await model.updateOne({ _id }, { $setOnInsert }, { upsert: true })
      if (result.upsertedCount === 0) return
      await trim(message.space)
      tell({ space: message.space, isNew: true, onlyFor: message.onlyFor })
    },
    async replace(id, view) {
      const found = await model.findOneAndUpdate({ _id: id }, { $set: { view } }).lean()
      if (found) tell({ space: found.space, isNew: false, onlyFor: found.onlyFor })
      return found !== null
    },
    visible: async (id, space, member) =>
      (await model.findOne({ _id: id, ...seenBy(space, member) }).lean()) !== null,
    async latest(space, member, limit) {
      const found = await model.find(seenBy(space, member)).sort({ order: -1 }).limit(limit).lean()
      return found.reverse()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
