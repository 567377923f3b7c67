import type { Connection } from 'mongoose'
import { createModels } from './model.ts'

/**
 * What no backup may hold: the sheets of open waves, and the secrets by which they are found. A backup outlives the wave;
 * with either of them it would keep answers, or whose they were, that Linkpin itself deletes at closing.
 */
export const NOT_IN_BACKUPS = { pulse_sheets: 'all', pulse_waves: ['secret'] } as const

/**
 * After a backup was put back: the waves that were open in it have lost their answers. Nobody can write any more, and at
 * their closing time they close without a result.
 */
export async function withholdWaves(db: Connection): Promise<void> {
  await createModels(db).waves.updateMany(
    { state: { $in: ['opening', 'open'] } },
    { $set: { state: 'closing' }, $unset: { secret: 1 } },
  )
}
