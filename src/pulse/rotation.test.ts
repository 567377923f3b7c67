import { describe, expect, test } from '@jest/globals'
import { Temporal } from 'temporal-polyfill'
import { content, itemOf, type Table } from './content.ts'
import { cardItems, endsCycle, isPause, placeAfter, questionsOf, type Place } from './rotation.ts'

/** So many places, one after the other, on one table. */
function places(table: Table, count: number): Place[] {
  const found = [placeAfter(undefined, table)]
  while (found.length < count) found.push(placeAfter(found.at(-1), table))
  return found
}
const at = (table: Table, turn: number): Place => places(table, turn + 1).at(-1)!

describe.each([
  { table: 'biweekly' as const, waves: 6 },
  { table: 'weekly' as const, waves: 8 },
])('the table of $table', ({ table, waves }) => {
  const turns = places(table, 2 * waves + 3)

  test(`${waves} waves, a pause, ${waves} other waves, a pause, and again from the beginning`, () => {
    const asked = turns.map((place) => questionsOf(place)?.items)
    const { a, b } = content.tables[table]
    expect(asked.slice(0, waves)).toEqual(a.map(({ items }) => items))
    expect(asked.slice(waves + 1, 2 * waves + 1)).toEqual(b.map(({ items }) => items))
    expect(turns.flatMap((place, turn) => (isPause(place) ? [turn] : []))).toEqual([waves, 2 * waves + 1])
    expect(asked.at(-1)).toEqual(asked[0])
    expect(turns.flatMap((place, turn) => (endsCycle(place) ? [turn] : []))).toEqual([waves - 1, 2 * waves])
    expect(turns.map(({ cycle }) => cycle)).toEqual([
      ...Array.from({ length: waves + 1 }, () => 0),
      ...Array.from({ length: waves + 1 }, () => 1),
      2,
    ])
  })

  test.each([
    'm1-walk-a-mile',
    'm2-same-language',
    'm3-gender-lens',
    'm4-risk-picture',
    'm5-theory-of-change',
    'm6-practice',
    'm7-communities',
    'm8-political-buy-in',
  ])(
    '%s: never asks an element twice in a wave, what comes next, or a second reversed statement',
    (module) => {
      for (const [turn, place] of turns.entries()) {
        const { items, focus } = questionsOf(place, module) ?? { items: [] }
        const found = items.map(itemOf)
        expect(new Set(found.map(({ element }) => element)).size).toBe(found.length)
        expect(found.filter(({ reverse }) => reverse).length).toBeLessThanOrEqual(1)
        const next = questionsOf(at(table, turn + 1)) ?? questionsOf(at(table, turn + 2))
        if (focus) expect(next?.items).not.toContain(focus)
      }
    },
  )
})

test('another table begins with the next cycle, never within one', () => {
  const inTheMiddle = at('biweekly', 2)
  expect(placeAfter(inTheMiddle, 'weekly')).toEqual({ table: 'biweekly', cycle: 0, index: 3 })
  expect(placeAfter(at('biweekly', 5), 'weekly')).toEqual({ table: 'biweekly', cycle: 0, index: 6 })
  expect(placeAfter(at('biweekly', 6), 'weekly')).toEqual({ table: 'weekly', cycle: 1, index: 0 })
})

test('the free-text question changes with every wave', () => {
  const asked = places('biweekly', 6).map((place) => questionsOf(place)?.freeText)
  expect(asked).toEqual(content.freeText.map(({ id }) => id))
})

test('the focus slot takes the fifth statement of the element the running module is about', () => {
  expect(questionsOf(at('biweekly', 2), 'm1-walk-a-mile')).toMatchObject({ focus: 'pi-empathy-5' })
  expect(questionsOf(at('biweekly', 2), 'm1-walk-a-mile')?.items).toHaveLength(4)
  expect(questionsOf(at('biweekly', 0), 'm1-walk-a-mile')?.focus).toBeUndefined()
  expect(questionsOf(at('weekly', 3), 'm1-walk-a-mile')?.items).toHaveLength(3)
})

test('cards follow the calendar, a fortnight each', () => {
  const start = Temporal.PlainDate.from('2026-11-23')
  const cards = Array.from({ length: 12 }, (_, n) => cardItems(start.add({ weeks: 2 * n })).join())
  expect(new Set(cards).size).toBe(12)
})
