import { join } from 'node:path'

/** The files of a data folder: the documents, and what is held while somebody works with them. */
export const filesOf = (folder: string) => ({
  data: join(folder, 'linkpin.db'),
  lock: join(folder, 'lock.db'),
})
