import { fingerprint } from '../kernel/ids.ts'
import { content } from './content.ts'
import type { WaveDoc } from './model.ts'

type Asked = Pick<WaveDoc, 'items' | 'invited' | 'cohort' | 'result'>

/** Names a group of members: equal for exactly the same people. Who is invited is no secret; who answers is. */
export const cohortOf = (network: string, members: string[]): string =>
  fingerprint(JSON.stringify([network, ...members.toSorted()]))

/**
 * Whether two results of one statement may be subtracted from each other: the same people were invited to both and
 * stayed, or so many more or fewer that the difference is a group large enough by itself. Between these, the difference
 * would be what one to four people have said.
 */
export function isComparable(one: Asked, other: Asked): boolean {
  // Who has left meanwhile is counted as invited, but has no answer in the result.
  if (one.cohort === undefined || other.cohort === undefined) return false
  if (one.cohort === other.cohort) return true
  const difference = Math.abs((one.invited ?? 0) - (other.invited ?? 0))
  return difference >= content.anonymity.minAnswers
}

/**
 * The statements of a wave of which nothing but the band may be released: of an earlier wave more was released, and the
 * two must not be subtracted. It follows from who was invited alone, never from an answer.
 * @param earlier closed waves of the network
 */
export function bandsOnly(wave: Asked, earlier: Asked[]): Set<string> {
  const barred = earlier
    .filter((one) => !isComparable(one, wave))
    .flatMap(({ result }) => result?.items ?? [])
  const told = barred.filter(({ spread, mean }) => spread !== undefined || mean !== undefined)
  return new Set(told.map(({ item }) => item).filter((item) => wave.items.includes(item)))
}
