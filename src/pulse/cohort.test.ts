import { describe, expect, test } from '@jest/globals'
import { bandsOnly, cohortOf, isComparable } from './cohort.ts'
import { resultOf, type Released } from './scoring.ts'

const ITEM = 'pi-trust-1'
const tell = (values: number[], only: string[] = []): Released & { item: string } => {
  const sheets = values.map((value) => ({ scores: { [ITEM]: value } }))
  return resultOf([ITEM], sheets, new Set(only)).items[0]!
}
const asked = (members: string[], spread?: 'wide') => ({
  items: [ITEM],
  invited: members.length,
  cohort: cohortOf('n', members),
  result: { items: [{ item: ITEM, band: 'mixed', ...(spread && { spread }) }] },
})
const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `m${index}`)

describe('the same statement asked again', () => {
  test('tells all there is to tell where the same people are invited, in whatever order', () => {
    const [one, other] = [asked(people(9), 'wide'), asked(people(9).toReversed())]
    expect(isComparable(one, other)).toBe(true)
    expect(bandsOnly(other, [one])).toEqual(new Set())
  })

  test.each([
    ['one has joined', people(10)],
    ['one has left', people(8)],
    ['one has come in the place of another', [...people(8), 'm99']],
    ['four have joined', people(13)],
  ])('tells the band alone where %s', (_, members) => {
    expect(bandsOnly(asked(members), [asked(people(9), 'wide')])).toEqual(new Set([ITEM]))
    // A band alone cannot be subtracted from.
    expect(bandsOnly(asked(members), [asked(people(9))])).toEqual(new Set())
  })

  test('tells all again where the group has grown or shrunk by at least five', () => {
    for (const count of [14, 4]) expect(isComparable(asked(people(count)), asked(people(9)))).toBe(true)
  })

  test('counts a wave that somebody left as another group', () => {
    expect(isComparable({ ...asked(people(9)), cohort: undefined }, asked(people(9)))).toBe(false)
    expect(isComparable({ ...asked(people(14)), cohort: undefined }, asked(people(9)))).toBe(false)
    expect(
      isComparable({ ...asked(people(9)), cohort: undefined }, { ...asked(people(9)), cohort: undefined }),
    ).toBe(false)
  })

  test('is measured against every earlier wave, not only the last', () => {
    const waves = [asked(people(9), 'wide'), asked(people(10)), asked(people(10), 'wide')]
    expect(bandsOnly(asked(people(10)), waves)).toEqual(new Set([ITEM]))
  })
})

/** All ways in which `count` people can answer, order aside. */
function* multisets(count: number, from = 1): Generator<number[]> {
  if (count === 0) yield []
  else
    for (let value = from; value <= 5; value++)
      for (const rest of multisets(count - 1, value)) yield [value, ...rest]
}

/**
 * One joins, and the attacker knows how many answer and takes it for granted that all others answer as before: in how
 * many of all cases the answer of the newcomer is certain then.
 */
function isolated(count: number, only: string[]): number {
  const answers = new Map<string, { of: Set<number>; cases: number }>()
  let all = 0
  for (const before of multisets(count))
    for (let own = 1; own <= 5; own++) {
      const key = JSON.stringify([tell(before), tell([...before, own], only)])
      const found = answers.get(key) ?? { of: new Set<number>(), cases: 0 }
      found.of.add(own)
      answers.set(key, { ...found, cases: found.cases + 1 })
      all++
    }
  const certain = [...answers.values()].filter(({ of }) => of.size === 1)
  return certain.reduce((sum, { cases }) => sum + cases, 0) / all
}

test.each([
  [5, 0.003],
  [6, 0.015],
  [8, 0],
  [12, 0.025],
])('of %i answers and one more, a band alone gives the newcomer away in hardly a case', (count, most) => {
  expect(isolated(count, [ITEM])).toBeLessThanOrEqual(most)
})

test('without this rule it would be every second of twelve', () => {
  expect(isolated(12, [])).toBeGreaterThan(0.4)
})
