import {
  copyFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import Database from 'libsql'
import { MARK } from '../backup-mark.ts'
import { createTable, table } from './database.ts'
import { filesOf } from './files.ts'
import { lockFolder } from './lock.ts'
import { decode, encode, type Doc } from './values.ts'

/**
 * What stays out of a backup: whole collections, or fields of documents. A field must not be part of an index, because
 * index entries are copied as they are.
 */
export type LeftOut = Readonly<Record<string, 'all' | readonly string[]>>

type Sqlite = InstanceType<typeof Database>

/**
 * Copies a data folder into one file, as it was at one instant, while Linkpin goes on working in it. What is left out is
 * never written to the copy.
 * @param target must not exist; appears when it is complete
 * @throws Error where there is nothing to copy, or something in the way
 */
export function backUp(folder: string, target: string, leftOut: LeftOut, now: Date): void {
  const { data } = filesOf(folder)
  if (!existsSync(data)) throw new Error(`There is nothing to back up in ${folder}.`)
  if (existsSync(target)) throw new Error(`${target} exists already, and a backup replaces nothing.`)
  const part = `${target}.part`
  rmSync(part, { force: true })
  // Nobody but the one who makes it may read it.
  closeSync(openSync(part, 'wx', 0o600))
  try {
    copy(data, part, leftOut, { _id: MARK.id, takenAt: now })
    renameSync(part, target)
  } finally {
    rmSync(part, { force: true })
  }
}

function copy(data: string, part: string, leftOut: LeftOut, mark: Doc): void {
  const db = new Database(part)
  try {
    // Linkpin empties its log once a minute; a reader waits for that moment.
    db.pragma('busy_timeout = 10000')
    db.exec(`ATTACH '${data.replaceAll("'", "''")}' AS source`)
    // From its first look on, a transaction sees the source as it was then.
    db.exec('BEGIN')
    const tables = db.prepare(
      `SELECT name, sql FROM source.sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC`,
    )
    for (const { name, sql } of tables.all() as { name: string; sql: string }[]) {
      db.exec(sql)
      if (!sql.startsWith('CREATE TABLE')) continue
      const left = name.startsWith('c:') ? leftOut[name.slice(2)] : undefined
      if (name === 'entries') copyEntries(db, leftOut)
      else if (left === undefined)
        db.exec(`INSERT INTO main.${quoted(name)} SELECT * FROM source.${quoted(name)}`)
      else if (left !== 'all') copyWithout(db, name, left)
    }
    db.exec(createTable(MARK.collection))
    db.prepare(`REPLACE INTO main.${table(MARK.collection)} VALUES (?, ?)`).run(mark._id, encode(mark))
    db.exec('COMMIT')
  } finally {
    db.close()
  }
}

function copyEntries(db: Sqlite, leftOut: LeftOut): void {
  const empty = Object.keys(leftOut).filter((collection) => leftOut[collection] === 'all')
  db.prepare(
    `INSERT INTO main.entries SELECT * FROM source.entries WHERE index_id NOT IN
      (SELECT id FROM source.indexes WHERE collection IN (SELECT value FROM json_each(?)))`,
  ).run(JSON.stringify(empty))
}

function copyWithout(db: Sqlite, name: string, fields: readonly string[]): void {
  const insert = db.prepare(`INSERT INTO main.${quoted(name)} (_id, doc) VALUES (?, ?)`)
  const rows = db.prepare(`SELECT _id, doc FROM source.${quoted(name)}`).all() as {
    _id: string
    doc: string
  }[]
  for (const { _id, doc } of rows) {
    const kept = Object.entries(decode(doc)).filter(([field]) => !fields.includes(field))
    insert.run(_id, encode(Object.fromEntries(kept)))
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Puts a backup in the place of a folder's data.
 * @param force whether data that is there may be replaced
 * @returns when the backup was made
 * @throws Error where Linkpin runs on the folder, the file is not a backup, or data is there
 */
export function restore(file: string, folder: string, force: boolean): Date {
  const takenAt = check(file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { data, lock } = filesOf(folder)
  const unlock = lockFolder(folder, lock)
  try {
    if (existsSync(data) && !force)
      throw new Error(`${folder} holds data already. To replace it for good, add --force.`)
    const part = `${data}.part`
    copyFileSync(file, part)
    const written = openSync(part, 'r+')
    fsyncSync(written)
    closeSync(written)
    // The log belongs to the data that goes; left behind, it would be played into the backup.
    for (const leftover of [`${data}-wal`, `${data}-shm`]) rmSync(leftover, { force: true })
    renameSync(part, data)
    return takenAt
  } finally {
    unlock()
  }
}

/** When a backup was made. @throws Error where the file is not an undamaged backup */
function check(file: string): Date {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`)
  const db = new Database(file)
  try {
    const [first] = db.pragma('integrity_check') as { integrity_check: string }[]
    const row = db.prepare(`SELECT doc FROM ${table(MARK.collection)} WHERE _id = ?`).get(MARK.id)
    const { takenAt } = decode((row as { doc: string }).doc)
    if (first?.integrity_check === 'ok' && takenAt instanceof Date) return takenAt
  } catch {
    // Not a database, or not one of ours: said below.
  } finally {
    db.close()
  }
  throw new Error(`${file} is not an undamaged backup of Linkpin.`)
}
