import type { Connection } from 'mongoose'
import { createModels } from './model.ts'

/**
 * What no backup may hold: the sheets of open waves, the secrets by which they are found, and what is counted while a
 * wave is open. A backup outlives the wave; it would keep answers, or whose they were, that Linkpin itself deletes at
 * closing.
 */
export const NOT_IN_BACKUPS = { pulse_sheets: 'all', pulse_waves: ['secret', 'pace', 'enough'] } as const

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
