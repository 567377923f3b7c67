import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { View } from '../src/views/view.ts'
import { MEMBERS, startStory, type Story } from './support/pulse-story.ts'
import { words, type World } from './support/world.ts'

let story: Story
let world: World
beforeEach(async () => {
  story = await startStory()
  world = story.world
})
afterEach(() => world.close())

const fileIn = (view: View | undefined) => view?.blocks.find((block) => block.type === 'file')
const rows = (view: View | undefined): string[] => (fileIn(view)?.content ?? '').trim().split('\n').slice(1)

test('holds what the team has seen, in the reader’s language, and changes into the other format', async () => {
  expect(words((await world.say('city-1', 'exportieren')).notice)).toContain('noch kein Ergebnis')
  await world.advance({ hours: 28 })
  // While it is open there is nothing to take along either.
  await story.tapAll([2, 2, 3, 1, 2, 5])
  expect(fileIn((await world.say('city-1', 'exportieren')).notice)).toBeUndefined()
  await story.close()
  const { notice } = await world.say('city-1', 'exportieren')
  expect(fileIn(notice)?.name).toBe('linkpin-2026-11-30-to-2026-11-30.csv')
  expect(rows(notice)).toHaveLength(4)
  expect(rows(notice)[0]).toMatch(
    /^"2026-11-30";"Politischer[^"]*";"[^"]+";"[^"]+";"Die Meinungen gehen weit auseinander"?/,
  )
  const json = fileIn((await world.press('city-1', notice, 'Für Programme (JSON)')).notice)
  const parsed = JSON.parse(json?.content ?? '') as { item: string; mean?: number }[]
  expect(parsed).toHaveLength(4)
  expect(parsed.filter(({ mean }) => mean !== undefined)).toEqual([])
})

test('says nothing but "withheld" of a wave that too few answered', async () => {
  await world.advance({ hours: 28 })
  for (const member of MEMBERS.slice(0, 4)) await story.tap(member, [5, 5, 5, 5])
  await story.close()
  const some = (await world.say('city-1', 'exportieren')).notice
  expect(rows(some).every((row) => row.endsWith(';"zurückgehalten";"";""'))).toBe(true)
  const silence = await startStory()
  await silence.world.advance({ hours: 28 })
  await silence.close()
  expect((await silence.world.say('city-1', 'exportieren')).notice).toEqual(some)
  await silence.world.close()
})

test('is for coordinators', async () => {
  await world.advance({ hours: 28 })
  await story.tapAll([2, 2, 3, 1, 2])
  await story.close()
  expect(fileIn((await world.say('fans-2', 'export')).notice)).toBeUndefined()
})
