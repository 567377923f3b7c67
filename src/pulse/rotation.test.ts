import { describe, expect, test } from '@jest/globals'
import { Temporal } from 'temporal-polyfill'
import { content, itemOf } from './content.ts'
import { cardItems, cycleOf, endsCycle, questionsOf } from './rotation.ts'

const turns = Array.from({ length: 14 }, (_, turn) => turn)

test('six waves, a pause, six other waves, a pause, and again from the beginning', () => {
  const asked = turns.map((turn) => questionsOf(turn)?.items)
  expect(asked.slice(0, 6)).toEqual(content.cycles.a.map(({ items }) => items))
  expect(asked.slice(7, 13)).toEqual(content.cycles.b.map(({ items }) => items))
  expect([asked[6], asked[13]]).toEqual([undefined, undefined])
  expect(questionsOf(14)).toEqual(questionsOf(0))
  expect(turns.map(cycleOf)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
  expect(turns.filter(endsCycle)).toEqual([5, 12])
})

test('the free-text question changes with every wave', () => {
  expect(turns.slice(0, 6).map((turn) => questionsOf(turn)?.freeText)).toEqual(
    content.freeText.map(({ id }) => id),
  )
})

describe('the focus slot', () => {
  test('takes the fifth statement of the element the running module is about', () => {
    expect(questionsOf(2, 'm1-walk-a-mile')).toMatchObject({ focus: 'pi-empathy-5' })
    expect(questionsOf(2, 'm1-walk-a-mile')?.items).toHaveLength(4)
    expect(questionsOf(0, 'm1-walk-a-mile')?.focus).toBeUndefined()
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
      for (const turn of turns) {
        const { items, focus } = questionsOf(turn, module) ?? { items: [] }
        const found = items.map(itemOf)
        expect(new Set(found.map(({ element }) => element)).size).toBe(found.length)
        expect(found.filter(({ reverse }) => reverse).length).toBeLessThanOrEqual(1)
        if (focus) expect(questionsOf(turn + 1)?.items ?? questionsOf(turn + 2)?.items).not.toContain(focus)
      }
    },
  )
})

test('cards follow the calendar, a fortnight each', () => {
  const start = Temporal.PlainDate.from('2026-11-23')
  const cards = Array.from({ length: 12 }, (_, n) => cardItems(start.add({ weeks: 2 * n })).join())
  expect(new Set(cards).size).toBe(12)
})
