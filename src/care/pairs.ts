import type { Temporal } from 'temporal-polyfill'
import type { Partner } from '../networks/types.ts'
import { content } from './content.ts'
import { turnOf, weekNumber } from './rules.ts'

/** Two partners who were proposed before. */
export interface Earlier {
  partners: string[]
  state: string
  /** ISO date. */
  date: string
}

/**
 * Two partners who might gain from knowing each other: from different sectors, a formal and an informal one rather than
 * two of a kind; never the same two within a year, and nobody who was introduced some weeks ago. Chance would do as
 * well as taking turns, but the same day must give the same pair on every replica.
 * @param free the partners that are neither resting nor asked too much
 */
export function choosePair(
  free: Partner[],
  earlier: Earlier[],
  today: Temporal.PlainDate,
): [Partner, Partner] | undefined {
  const { gapDays, notAgainWithinDays } = content.introductions
  const within = (days: number) => earlier.filter(({ date }) => date > today.subtract({ days }).toString())
  const busy = new Set(
    within(gapDays)
      .filter(({ state }) => state === 'introduced')
      .flatMap(({ partners }) => partners),
  )
  const known = new Set(within(notAgainWithinDays).map(({ partners }) => partners.toSorted().join('|')))
  const candidates = free.filter(({ id }) => !busy.has(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const pairs = candidates.flatMap((a, index) =>
    candidates
      .slice(index + 1)
      .filter((b) => a.sector !== b.sector && !known.has([a.id, b.id].toSorted().join('|')))
      .map((b): [Partner, Partner] => [a, b]),
  )
  const across = pairs.filter(([a, b]) => a.type !== b.type)
  const best = across.length > 0 ? across : pairs
  // A step that shares no factor with most counts, so that neighbours in the list do not follow each other.
  return best.length > 0 ? turnOf(best, weekNumber(today) * 7) : undefined
}
