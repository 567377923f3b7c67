import { Schema, type Connection } from 'mongoose'

/** Stands in every backup, and so in every store that one was put back into, until Linkpin has settled what it means. */
export interface BackupMark {
  _id: string
  /** When the backup was made; unknown where somebody else's tool made it. */
  takenAt?: Date
  /** When Linkpin first looked at the store it was put back into. */
  restoredAt?: Date
}

export const MARK = { collection: 'backups', id: 'backup' } as const

const schema = new Schema<BackupMark>(
  { _id: { type: String, required: true }, takenAt: Date, restoredAt: Date },
  { versionKey: false },
)

export const backupMarkModel = (db: Connection) => db.model<BackupMark>('BackupMark', schema, MARK.collection)
