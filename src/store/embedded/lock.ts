import Database from 'libsql'

/**
 * Takes a data folder for this process alone. The lock is an open exclusive SQLite transaction on a file of its own:
 * the operating system holds it, so that it is free at once when the process dies, however it dies. It is not taken
 * on the data itself, so that an operator may still back that up while Linkpin runs.
 * @returns what gives the folder back
 * @throws Error when another process, or another store of this process, has the folder
 */
export function lockFolder(folder: string, file: string): () => void {
  const lock = new Database(file, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
    throw new Error(
      `The data folder ${folder} is in use by another Linkpin. Stop that one first; ` +
        'to run several at once, use MongoDB (MONGODB_URI).',
      { cause: error },
    )
  }
  return () => {
    lock.exec('ROLLBACK')
    lock.close()
  }
}
