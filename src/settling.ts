import type { Connection } from 'mongoose'
import { checkinModel, occurrenceModel } from './checkins/model.ts'
import type { Checkins } from './checkins/kind.ts'
import type { createDeliveries } from './delivery/deliveries.ts'
import { toDate, type Clock } from './kernel/clock.ts'
import type { Logger } from './kernel/logger.ts'
import { withholdWaves } from './pulse/backup.ts'
import { backupMarkModel } from './store/backup-mark.ts'

/**
 * The first thing to do on a store that a backup was put back into. The Linkpin that went on after the backup may have
 * sent whatever was due until now; nobody knows, so none of it is sent again: it becomes `unknown`, for operators to look
 * at. Before anything else runs, and repeatable after a crash.
 * @returns a function that does nothing on any other store
 */
export function createSettling(deps: {
  db: Connection
  clock: Clock
  checkins: Pick<Checkins, 'tick'>
  deliveries: Pick<ReturnType<typeof createDeliveries>, 'restored'>
  log: Logger
}): () => Promise<void> {
  const { db, clock, checkins, deliveries, log } = deps
  const marks = backupMarkModel(db)
  const models = { checkins: checkinModel(db), occurrences: occurrenceModel(db) }

  return async () => {
    const now = toDate(clock.now())
    const mark = await marks
      .findOneAndUpdate({}, { $min: { restoredAt: now } }, { returnDocument: 'after' })
      .lean()
    if (!mark) return
    await withholdWaves(db)
    // Nobody is at work on these any more.
    await models.occurrences.updateMany({ state: 'composing' }, { $set: { leaseUntil: now } })
    await models.checkins.updateMany({ nextDueAt: { $lte: now } }, { $set: { wakeAt: now } })
    // What was due happens, so that all goes on from here; only its messages are not sent.
    while ((await checkins.tick()) > 0);
    const unknown = await deliveries.restored(mark.restoredAt ?? now)
    await marks.deleteOne({ _id: mark._id })
    log.warn({ takenAt: mark.takenAt, unknown }, 'settled what a backup could not know')
  }
}
