import { NotSupported } from './errors.ts'

// What asks for no more durability than every commit here has anyway, or only concerns mongoose itself.
// prettier-ignore
const HARMLESS = [
  'writeConcern', 'w', 'j', 'journal', 'wtimeout', 'readConcern', 'readPreference',
  'strict', 'strictQuery', 'sanitizeFilter', 'sanitizeProjection', 'timestamps', 'runValidators', 'context',
  'setDefaultsOnInsert', 'omitUndefined', 'overwriteImmutable', 'multipleCastError', 'translateAliases',
  'validateBeforeSave', 'validateModifiedOnly', 'checkKeys', 'middleware', 'lean',
]

const KNOWN = {
  find: ['projection', 'sort', 'skip', 'limit', 'batchSize'],
  count: ['skip', 'limit'],
  distinct: [],
  insertOne: [],
  insertMany: ['ordered', 'rawResult', 'throwOnValidationError'],
  update: ['upsert', 'sort'],
  findOneAndUpdate: [
    'upsert',
    'sort',
    'projection',
    'returnDocument',
    'returnOriginal',
    'includeResultMetadata',
  ],
  findOneAndDelete: ['sort', 'projection', 'includeResultMetadata'],
  delete: [],
  createIndex: ['name', 'unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression', 'background'],
  other: [],
} satisfies Record<string, string[]>

/** Options of any operation; what each means, the operation knows. */
export interface Options {
  projection?: unknown
  sort?: unknown
  skip?: number
  limit?: number
  ordered?: boolean
  upsert?: boolean
  returnDocument?: 'before' | 'after'
  includeResultMetadata?: boolean
  name?: string
  unique?: boolean
  sparse?: boolean
  expireAfterSeconds?: number
  partialFilterExpression?: Record<string, unknown>
}

/**
 * @throws NotSupported naming the first option that is not known for this operation. An option that is absent,
 * undefined or null asks for nothing.
 */
export function checkOptions(operation: keyof typeof KNOWN, options: unknown): Options {
  const given = (options ?? {}) as Record<string, unknown>
  const known: string[] = KNOWN[operation]
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || known.includes(name) || HARMLESS.includes(name)) continue
    throw new NotSupported(`the option '${name}' of ${operation}`)
  }
  // mongoose says both; alone, the older name would ask for something that nobody reads.
  if (given.returnOriginal !== undefined && given.returnDocument === undefined) {
    throw new NotSupported("the option 'returnOriginal' without 'returnDocument'")
  }
  for (const name of ['skip', 'limit']) {
    const value = given[name]
    if (value !== undefined && value !== null && !(Number.isInteger(value) && (value as number) >= 0)) {
      throw new NotSupported(`${name} ${String(value)}`)
    }
  }
  return given
}
