import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import type { Partner } from '../networks/types.ts'
import { findPartners } from './finding.ts'
import { choosePair, type Earlier } from './pairs.ts'

const partner = (id: string, more: Partial<Partner> = {}): Partner => ({
  id,
  network: 'n',
  name: id,
  type: 'formal',
  sector: id,
  level: 'operational',
  category: 'core-member',
  ...more,
})
const START = Temporal.PlainDate.from('2026-01-15')

const partners = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    sector: fc.constantFrom('police', 'health', 'faith'),
    type: fc.constantFrom('formal' as const, 'informal' as const),
  }),
  { selector: ({ id }) => id },
)

test('in a year no pair comes twice, all are from different sectors, and nobody is introduced twice within weeks', () => {
  fc.assert(
    fc.property(partners, fc.infiniteStream(fc.boolean()), (some, isTaken) => {
      const all = some.map(({ id, ...more }) => partner(id, more))
      const earlier: Earlier[] = []
      for (let month = 0; month < 12; month++) {
        const today = START.add({ days: month * 30 })
        const pair = choosePair(all, earlier, today)
        if (!pair) continue
        const ids = pair.map(({ id }) => id)
        expect(pair[0].sector).not.toBe(pair[1].sector)
        expect(earlier.map((one) => one.partners)).not.toContainEqual(ids)
        const recent = earlier.filter(
          ({ state, date }) => state === 'introduced' && date > today.subtract({ days: 42 }).toString(),
        )
        expect(recent.flatMap((one) => one.partners).filter((id) => ids.includes(id))).toEqual([])
        const state = isTaken.next().value ? 'introduced' : 'not-now'
        earlier.push({ partners: ids, state, date: today.toString() })
      }
    }),
    { numRuns: 50 },
  )
})

test('a formal and an informal partner rather than two of a kind', () => {
  const all = [partner('a'), partner('b'), partner('c'), partner('d', { type: 'informal' })]
  expect(choosePair(all, [], START)?.map(({ id }) => id)).toContain('d')
  expect(choosePair(all.slice(0, 1), [], START)).toBeUndefined()
})

test.each([
  ['jugendamt rheinfurt', ['Jugendamt Rheinfurt']],
  ['Jugend', ['Jugendamt Rheinfurt', 'Jugendräume e. V.']],
  ['jugendraume', ['Jugendräume e. V.']],
  ['JUGENDRÄUME E.V.', ['Jugendräume e. V.']],
  ['rheinfurt polizei', ['Polizei Rheinfurt']],
  ['p-1', ['Polizei Rheinfurt']],
  ['...', []],
  ['library', []],
])('%s finds %j', (typed, names) => {
  const all = [
    partner('y-1', { name: 'Jugendamt Rheinfurt' }),
    partner('y-2', { name: 'Jugendräume e. V.' }),
    partner('p-1', { name: 'Polizei Rheinfurt' }),
  ]
  expect(findPartners(typed, all).map(({ name }) => name)).toEqual(names)
})
