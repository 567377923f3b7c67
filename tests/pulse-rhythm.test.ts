import { afterEach, expect, test } from '@jest/globals'
import { dump, lines, scales, startStory, type Story } from './support/pulse-story.ts'
import { smallNetwork } from './support/small-network.ts'
import { words } from './support/world.ts'

let story: Story
afterEach(() => story.world.close())

test('a network of five gets a card for its meeting, and nothing is stored', async () => {
  story = await startStory(smallNetwork(5), 'm-1')
  const { world } = story
  await world.advance({ hours: 28 })
  const card = await story.find(world.channel('team'), /^Statements for your next meeting/)
  expect(words(card)).toContain('answers would not stay anonymous')
  expect(lines(card).filter((line) => line.startsWith('- '))).not.toEqual([])
  expect(world.posted.flatMap(({ view }) => scales(view))).toEqual([])
  const { pulse_waves: waves, pulse_sheets: sheets } = await dump(world)
  expect([waves, sheets]).toEqual([[], []])
  expect(words((await world.say('m-1', 'vorschau puls')).notice)).toContain('In einem kleinen Kreis')
})

test('a wave that nobody closed is closed and shown first; the next one opens after it', async () => {
  story = await startStory(smallNetwork(6), 'm-1')
  const { world } = story
  await world.advance({ hours: 28 })
  await world.store.db.models.Checkin?.deleteMany({ kind: 'pulse-close' })
  await world.advance({ weeks: 1 })
  expect(await story.result('team')).toBeUndefined()
  await world.advance({ weeks: 1 })
  expect(words(await story.result('team'))).toContain('no result is shown')
  const states = async () => (await dump(world)).pulse_waves?.map(({ state }) => state)
  expect(await states()).toEqual(['closed'])
  await world.advance({ weeks: 2 })
  expect(await states()).toEqual(['closed', 'open'])
})
