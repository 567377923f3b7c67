import { afterEach, describe, expect, test } from '@jest/globals'
import { content, itemOf, type Table } from '../src/pulse/content.ts'
import { dump, lines, startStory, type Story } from './support/pulse-story.ts'
import { smallNetwork } from './support/small-network.ts'
import type { World } from './support/world.ts'

// Months and years of pulses with invented answerers: what is asked when, what rests, and nothing twice.

const SIZE = 6
const ANSWERS = ['2', '2', '3', '1', '4']
const PATIENCE = 240_000

let story: Story
let world: World
afterEach(() => world.close())

async function start(plan: string): Promise<void> {
  story = await startStory(smallNetwork(SIZE), 'm-1')
  world = story.world
  const { form } = await world.say('m-1', 'plan der kurzbefragung')
  await world.submit('m-1', form, { plan })
  await world.advance({ hours: 28 })
}

async function answer(): Promise<void> {
  for (const [index, score] of ANSWERS.entries()) {
    const { form } = await world.say(`m-${index + 1}`, 'pulse')
    const fields = (form?.fields ?? []).filter(({ type }) => type === 'scale')
    await world.submit(`m-${index + 1}`, form, Object.fromEntries(fields.map(({ id }) => [id, score])))
  }
}

/** From a Tuesday noon on: what is open is answered, what is shown leads to a choice, and the next Tuesday comes. */
async function live(weeks: number): Promise<void> {
  for (let week = 0; week < weeks; week++) {
    const isOpen = (await waves()).at(-1)?.state === 'open'
    if (isOpen) await answer()
    await world.advance({ days: 6 })
    if (isOpen) await story.chooseNone(`Woche ${week}`)
    await world.advance({ days: 1 })
  }
}

const waves = async () => (await dump(world)).pulse_waves!.toSorted((a, b) => Number(a.turn) - Number(b.turn))
const posted = async (summary: RegExp) =>
  (await world.channel('team')).filter((view) => summary.test(view.summary))

/** What a table asks in two cycles with a pause after each, over and over. */
function expected(table: Table, turns: number): string[][] {
  const { a, b } = content.tables[table]
  const round = [...a.map(({ items }) => items), [], ...b.map(({ items }) => items), []]
  return Array.from({ length: turns }, (_, turn) => round[turn % round.length] ?? [])
}

describe.each([
  // Two cycles and their pauses.
  { plan: 'weekly', table: 'weekly' as const, every: 1, weeks: 18 },
  // A year.
  { plan: 'biweekly', table: 'biweekly' as const, every: 2, weeks: 52 },
  // Two cycles and their pauses.
  { plan: 'monthly', table: 'biweekly' as const, every: 4, weeks: 56 },
])('$weeks weeks of the plan $plan', ({ plan, table, every, weeks }) => {
  test(
    'ask the right statements, rest after each cycle, and show each result once',
    async () => {
      await start(plan)
      await live(weeks)
      const all = await waves()
      const turns = weeks / every + 1
      const asked = all.map((wave) => {
        const focus = wave.focus as string | undefined
        return (wave.items as string[]).filter((item) => item !== focus)
      })
      expect(asked).toEqual(expected(table, turns))
      expect(all.map(({ state }) => state)).toEqual(
        expected(table, turns).map((items, turn) =>
          items.length === 0 ? 'pause' : turn === turns - 1 ? 'open' : 'closed',
        ),
      )
      const closed = all.filter(({ state }) => state === 'closed')
      const rests = all.filter(({ state }) => state === 'pause')
      const cycles = closed.filter(({ index }) => index === content.tables[table].a.length - 1)
      expect(await posted(/^What we said together/)).toHaveLength(closed.length)
      expect(await posted(/^What follows from our pulse/)).toHaveLength(closed.length)
      expect(await posted(/^No pulse this time/)).toHaveLength(rests.length)
      expect(await posted(/whole cycle/)).toHaveLength(cycles.length)
      for (const view of await posted(/whole cycle/)) {
        const elements = lines(view).filter((line) => line.startsWith('- '))
        expect(elements).toHaveLength(11)
      }
      expect(await posted(/^A short team pulse is open/)).toHaveLength(
        all.length - rests.length - closed.length,
      )
      // Each cycle asks each element twice, and never about what the focus asks beside it.
      for (const { items } of closed) {
        const elements = (items as string[]).map((item) => itemOf(item).element)
        expect(new Set(elements).size).toBe(elements.length)
      }
      const seen = world.posted.map(
        ({ address, view, at }) => `${address.id} ${at.toString()} ${view.summary}`,
      )
      expect(seen.filter((one, n) => seen.indexOf(one) !== n)).toEqual([])
    },
    PATIENCE,
  )
})

test(
  'a month in which nobody chooses has one pulse; then it goes on where it stopped',
  async () => {
    await start('biweekly')
    await answer()
    await world.advance({ weeks: 6 })
    expect((await waves()).map(({ index, state }) => [index, state])).toEqual([[0, 'closed']])
    const reminders = (await world.inbox('m-1')).filter(({ summary }) => /wartet auf eine Wahl/.test(summary))
    expect(reminders).toHaveLength(3)
    await story.chooseNone()
    await world.advance({ weeks: 2 })
    expect((await waves()).map(({ index, state }) => [index, state])).toEqual([
      [0, 'closed'],
      [1, 'open'],
    ])
  },
  PATIENCE,
)
