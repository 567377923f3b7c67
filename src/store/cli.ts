import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { UNDERWAY } from '../conversation/promptly.ts'
import { systemClock, toDate } from '../kernel/clock.ts'
import { NOT_IN_BACKUPS } from '../pulse/backup.ts'
import { backupMarkModel, MARK } from './backup-mark.ts'
import { openStore } from './connect.ts'
import { backUp, restore } from './embedded/backup.ts'

const USAGE = `Usage: npm run backup -- FILE              copy the data folder into one file, while Linkpin runs
       npm run restore -- FILE [--force]  put it back; --force replaces the data that is there
       npm run restore                    with MONGODB_URI: after mongorestore, before the first start`

const WITH_MONGODB = `With MongoDB, use its own tools; the answers of open surveys stay out:
  mongodump --uri="$MONGODB_URI" --excludeCollection=pulse_sheets --excludeCollection=requests_underway --gzip --archive=FILE
  mongorestore --uri="$MONGODB_URI" --drop --gzip --archive=FILE
  npm run restore`

async function run(args: string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { force: { type: 'boolean', default: false } },
  })
  const [command, file, ...rest] = positionals
  const { store } = readConfig(process.env)
  if (rest.length > 0) throw new Error(USAGE)
  if ('mongodbUri' in store) {
    if (command !== 'restore' || file) throw new Error(WITH_MONGODB)
    await mark(store)
    return 'Noted. Start one Linkpin: what may have been sent since the backup is not sent again.'
  }
  if (!file) throw new Error(USAGE)
  if (command === 'backup') {
    backUp(store.dataFolder, file, { ...NOT_IN_BACKUPS, [UNDERWAY]: 'all' }, toDate(systemClock.now()))
    return `${file} holds everything but the answers of open surveys. Keep it closed, and not for long.`
  }
  const takenAt = restore(file, store.dataFolder, values.force)
  return `Put back, as of ${takenAt.toISOString()}. At its next start, Linkpin sends nothing that may have been sent since.`
}

async function mark(settings: { mongodbUri: string }): Promise<void> {
  const store = await openStore(settings)
  try {
    const marks = backupMarkModel(store.db)
    await store.ready()
    await marks.updateOne({ _id: MARK.id }, { $unset: { restoredAt: 1 } }, { upsert: true })
  } finally {
    await store.close()
  }
}

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`)
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : 'It did not work.'}\n`)
  process.exitCode = 1
}
