/** A write of Linkpin's, as the two stores see it. */
export interface Boundary {
  name: string
  collection: string
  /** What the command over MongoDB's protocol says, as JSON. */
  mongodb: string
  /** What the document that is written to the embedded store says, as JSON, and what not. */
  embedded: { has: string[]; lacks: string[] }
}

const write = (
  name: string,
  collection: string,
  mongodb: string,
  has: string[],
  lacks: string[] = [],
): Boundary => ({ name, collection, mongodb, embedded: { has, lacks } })

/** Every write between "it is due" and "it was sent", in their order. */
export const boundaries: Boundary[] = [
  write('occurrence inserted', 'occurrences', '"state":"composing"', ['"state":"composing"']),
  write('deliveries inserted', 'deliveries', '"state":"pending"', ['"state":"pending"']),
  write('occurrence done', 'occurrences', '"state":"done"', ['"state":"done"']),
  write('next date set', 'checkins', '"$inc":{"revision":1}', ['"lastNominal"']),
  write('turn taken', 'paces', '', []),
  write('claimed', 'deliveries', '"$set":{"state":"claimed"', ['"state":"claimed"']),
  write('recorded as sent', 'deliveries', '"$set":{"state":"sent"', ['"state":"sent"', '"untold"']),
  write('told to the rooms', 'deliveries', '"$unset":{"untold"', ['"state":"sent"'], ['"untold"']),
]
