import type { Partner } from '../networks/types.ts'

const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim()

/**
 * The partners a person may mean: the one whose name or id it is, else those that begin with it, else those that
 * contain all of its words. Case, accents and punctuation do not matter.
 */
export function findPartners(typed: string, partners: Partner[]): Partner[] {
  const wanted = bare(typed)
  if (wanted === '') return []
  const matching = (fits: (name: string) => boolean): Partner[] =>
    partners.filter(({ id, name }) => fits(bare(name)) || fits(bare(id)))
  const exact = matching((name) => name === wanted)
  if (exact.length > 0) return exact
  const beginning = matching((name) => name.startsWith(wanted))
  if (beginning.length > 0) return beginning
  return matching((name) => wanted.split(' ').every((word) => name.includes(word)))
}
