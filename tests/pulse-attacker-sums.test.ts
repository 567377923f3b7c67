/**
 * The attacker who subtracts: thousands of invented networks over two cycles, reckoned with the rules alone. ATTACKED says
 * how many. What is asked again while one to four people have come or gone must not be told twice in full.
 */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bandsOnly, cohortOf } from '../src/pulse/cohort.ts'
import { questionsOf } from '../src/pulse/rotation.ts'
import { resultOf, type Answers, type Released, type Result } from '../src/pulse/scoring.ts'
import { life, peopleOf, type Life } from './support/lives.ts'

const NETWORKS = Number(process.env.ATTACKED ?? 2000)
const CYCLES = 2
const WAVES = 6

interface Told {
  items: string[]
  invited: number
  cohort: string | undefined
  result: Result
  /** Who might have answered: known to the attacker, and to this test. */
  people: Set<number>
  answers: Answers[]
}

/** What a network is told in two cycles, with the same statement of its own and the same module all along. */
function toldOf(network: Life): Told[] {
  const people = peopleOf(network)
  const waves: Told[] = []
  for (const [n, { quits, sheets }] of network.turns.entries()) {
    const members = people[n] ?? []
    const asked = questionsOf(
      { table: 'biweekly', cycle: Math.floor(n / WAVES), index: n % WAVES },
      'm1-walk-a-mile',
    )
    const items = [...(asked?.items ?? []), ...(n % WAVES === 1 ? ['own-1'] : [])]
    const staying = quits ? members.slice(0, -1) : members
    const given = sheets.slice(0, staying.length)
    const answers = given.map(({ scores, text }): Answers => ({
      scores: Object.fromEntries(items.map((item, index) => [item, scores[index] ?? 0])),
      text,
    }))
    const named = members.map((number) => `m${number}`)
    const cohort = quits ? undefined : cohortOf('n', named)
    const frozen = { items, invited: members.length, cohort }
    const result = resultOf(items, answers, bandsOnly(frozen, waves))
    waves.push({ ...frozen, result, people: new Set(staying), answers })
  }
  return waves
}

const difference = (one: Set<number>, other: Set<number>): number =>
  [...one].filter((number) => !other.has(number)).length +
  [...other].filter((number) => !one.has(number)).length
const isMore = ({ spread, mean }: Released): boolean => spread !== undefined || mean !== undefined

test('no two results differ by what one to four people have said, unless one of them is a band alone', () => {
  let pairs = 0
  let repeated = 0
  for (const network of fc.sample(life(CYCLES * WAVES), NETWORKS)) {
    const waves = toldOf(network)
    for (const [n, later] of waves.entries())
      for (const earlier of waves.slice(0, n))
        for (const item of later.result.items) {
          const before = earlier.result.items.find((one) => one.item === item.item)
          if (!before) continue
          repeated++
          const apart = difference(earlier.people, later.people)
          if (apart < 1 || apart > 4) continue
          pairs++
          expect([network.size, n, item.item, isMore(before) && isMore(item)]).toEqual([
            network.size,
            n,
            item.item,
            false,
          ])
        }
  }
  // There was something to subtract.
  expect(repeated).toBeGreaterThan(NETWORKS)
  expect(pairs).toBeGreaterThan(NETWORKS / 10)
})

test('below the minimum, and of what (nearly) all agree on, nothing is told that points to anybody', () => {
  for (const network of fc.sample(life(WAVES), NETWORKS))
    for (const { result, answers } of toldOf(network))
      for (const { item, band, ...more } of result.items) {
        const given = answers.map(({ scores }) => scores[item] ?? 0).filter((score) => score > 0)
        const most = Math.max(
          0,
          ...[1, 2, 3, 4, 5].map((score) => given.filter((one) => one === score).length),
        )
        expect(band !== undefined).toBe(given.length >= 5)
        if (isMore(more)) expect(given.length - most).toBeGreaterThanOrEqual(3)
        if (more.mean !== undefined) expect(given.length).toBeGreaterThanOrEqual(12)
      }
})

const ITEM = 'pi-trust-1'

/** All ways in which `count` people can answer, order aside. */
function* multisets(count: number, from = 1): Generator<number[]> {
  if (count === 0) yield []
  else
    for (let value = from; value <= 5; value++)
      for (const rest of multisets(count - 1, value)) yield [value, ...rest]
}
/** All groups of so many among them. */
function groupsOf(values: number[], size: number): number[][] {
  if (size === 0) return [[]]
  return values.flatMap((value, index) =>
    groupsOf(values.slice(index + 1), size - 1).map((rest) => [value, ...rest]),
  )
}

/** What so many who put their answers together can see, and in how much of it they are certain of another's answer. */
function certain(together: number, counts: number[]): { of: number; are: number } {
  const others = new Map<string, Set<number>>()
  for (const values of counts.flatMap((count) => [...multisets(count)])) {
    const [told] = resultOf(
      [ITEM],
      values.map((value) => ({ scores: { [ITEM]: value } })),
    ).items
    const groups = new Set(groupsOf(values, together).map((group) => group.join('')))
    for (const group of groups) {
      const key = `${JSON.stringify(told)} ${group}`
      const rest = [...group].reduce((left, one) => left.toSpliced(left.indexOf(Number(one)), 1), values)
      others.set(key, new Set([...(others.get(key) ?? []), ...rest]))
    }
  }
  return { of: others.size, are: [...others.values()].filter(({ size }) => size < 2).length }
}

test('alone nobody is certain of anything, knowing how many answered or not; together some are, as we say', () => {
  for (const counts of [[5], [6], [7], [5, 6], [5, 6, 7, 8]]) expect(certain(1, counts).are).toBe(0)
  expect(certain(2, [5])).toEqual({ of: 97, are: 6 })
  expect(certain(4, [5])).toEqual({ of: 170, are: 77 })
})
