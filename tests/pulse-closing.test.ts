import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { dump, lines, MEMBERS, startStory, type Story } from './support/pulse-story.ts'
import { words, type World } from './support/world.ts'

const CHANNELS = ['netzwerk', 'netzwerk-rheinfurt', 'Präventionsnetzwerk']

let story: Story
let world: World
beforeEach(async () => {
  story = await startStory()
  world = story.world
  await world.advance({ hours: 28 })
})
afterEach(() => world.close())

describe('after closing', () => {
  test('the result stands in every channel in its language, once, with one thing to talk about', async () => {
    const rows = [
      [2, 2, 4, 4],
      [1, 3, 4, 3],
      [3, 1, 5, 2],
      [2, 2, 3, 4],
      [3, 1, 4, 5],
      [1, 3, 3, 0],
    ]
    for (const [index, row] of rows.entries()) await story.tap(MEMBERS[index] ?? '', row)
    await story.close()
    for (const channel of CHANNELS) {
      const results = (await world.channel(channel)).filter(({ summary }) =>
        /What we said|Das haben/.test(summary),
      )
      expect(results).toHaveLength(1)
    }
    const view = await story.result()
    expect(lines(view).slice(0, 4)).toEqual([
      '- **Political and organisational backing** ●●○○○ Worth a conversation soon',
      // Disagreeing with a statement against the team speaks for it.
      '- **Working towards common goals** ●●●●○ Steady for now',
      '- **Documentation and formalisation** ●●●●○ Steady for now · Most agree',
      '- **Including under-represented perspectives** ●●●○○ Mixed picture',
    ])
    const english = words(view)
    expect(english).toContain('5 or more')
    expect(english).toContain('One thing to talk about: Political and organisational backing')
    expect(english).toContain('have never asked for clearly?')
    expect(words(await story.result('netzwerk'))).toContain('Frage für unser nächstes Treffen')
  })

  test('four answers show nothing and leave nothing', async () => {
    await story.tapAll([1, 2, 4, 5])
    await story.write('city-1', 'Mehr Zeit')
    await story.close()
    expect(words(await story.result())).toContain('Fewer than five answers came in, so no result is shown')
    expect(await story.offer()).toBeUndefined()
    const { pulse_waves: waves, pulse_sheets: sheets, pulse_remarks: remarks, ...rest } = await dump(world)
    expect([sheets, remarks]).toEqual([[], []])
    expect(waves![0]!.result).toEqual({ items: (waves![0]!.items as string[]).map((item) => ({ item })) })
    expect(JSON.stringify(rest)).not.toContain('Mehr Zeit')
  })

  test('secret, sheets and the answers in the chats are gone', async () => {
    await story.tapAll([1, 2, 3, 4, 5])
    expect((await dump(world)).pulse_waves![0]!.secret).toMatch(/^[\w-]{44}$/)
    await story.close()
    const { pulse_waves: waves, pulse_sheets: sheets } = await dump(world)
    expect(waves![0]).toMatchObject({ state: 'closed' })
    expect(waves![0]).not.toHaveProperty('secret')
    expect(sheets).toEqual([])
    for (const member of MEMBERS) expect(await story.sheet(member)).toBeUndefined()
    const cleared = await story.find(world.inbox('city-1'), /ist geschlossen/)
    expect(words(cleared)).toContain('Die Antworten, die hier standen, sind gelöscht')
  })

  test('a late answer is declined kindly, wherever it comes from', async () => {
    const before = await story.sheet('fans-2')
    await story.tap('fans-2', [4])
    const { form } = await world.say('fans-2', 'pulse')
    const announced = await story.announcement('netzwerk')
    await story.close()
    for (const reply of [
      await world.press('fans-2', before, 'Agree'),
      await world.press('fans-2', announced, 'Antworten'),
      await world.submit('fans-2', form, { score0: '1' }),
    ])
      expect(words(reply.notice)).toContain('next time counts just as much')
  })

  test.each(['updateMany', 'deleteMany'] as const)(
    'a crash at %s loses and doubles nothing',
    async (step) => {
      await story.tapAll([2, 2, 3, 1, 2])
      await world.advance({ days: 5 })
      const sheets = world.store.db.models.PulseSheet!
      const original = sheets[step].bind(sheets)
      Object.assign(sheets, {
        [step]: () => {
          Object.assign(sheets, { [step]: original })
          throw new Error('crashed')
        },
      })
      await world.advance({ days: 1 })
      expect(lines(await story.result())[0]).toContain('Worth a conversation soon')
      expect(
        (await world.channel('netzwerk')).filter(({ summary }) => /Das haben/.test(summary)),
      ).toHaveLength(1)
      expect((await dump(world)).pulse_sheets).toEqual([])
    },
  )

  test('the last result can be looked at again; before the first there is none', async () => {
    expect(words((await world.say('fans-2', 'results')).notice)).toContain('There is no pulse result yet')
    await story.tapAll([2, 2, 3, 1, 2])
    await story.close()
    expect((await world.say('fans-2', 'results')).notice).toEqual(await story.result())
    expect(words((await world.say('fans-2', 'pulse')).notice)).toContain('Tuesday 8 December at 10:00')
  })
})

describe('numbers', () => {
  const varied = [1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 2, 3]

  test.each([
    [11, false],
    [12, true],
  ])('%i answers: %s', async (count, isShown) => {
    await story.tapAll(varied.slice(0, count))
    await story.close()
    expect(lines(await story.result())[0]!.includes('3 of 5')).toBe(isShown)
    expect(JSON.stringify((await dump(world)).pulse_waves).includes('"mean"')).toBe(isShown)
    expect(words(await story.result())).toContain('5 or more')
  })
})

describe('remarks', () => {
  const texts = ['Kürzere Sitzungen', 'Frau Muster stört', 'Danke für das Frühstück']
  const prepare = async (count: number): Promise<void> => {
    await story.tapAll(Array.from({ length: count }, () => 3))
    for (const [index, text] of texts.entries()) await story.write(MEMBERS[index]!, text)
    await story.close()
  }

  test('nine answers: nobody ever reads them', async () => {
    await prepare(9)
    expect((await dump(world)).pulse_remarks).toEqual([])
    await world.advance({ days: 2 })
    expect(await story.find(world.inbox('city-1'), /Bemerkungen/)).toBeUndefined()
    expect(JSON.stringify(await dump(world))).not.toContain('Frühstück')
  })

  test('ten answers: a coordinator reads them first, a day later, and decides what the team sees', async () => {
    await prepare(10)
    expect(await story.find(world.inbox('city-1'), /Bemerkungen/)).toBeUndefined()
    await world.advance({ days: 1 })
    const message = await story.find(world.inbox('city-1'), /Bemerkungen/)
    expect(await story.find(world.inbox('fans-1'), /Bemerkungen|Remarks/)).toBeUndefined()
    const { form } = await world.press('city-1', message, 'Bemerkungen lesen')
    const shown = form!.fields.map(({ value }) => String(value))
    expect(shown.toSorted()).toEqual(texts.toSorted())
    const values = Object.fromEntries(
      form!.fields.map(({ id, value }) => [id, value === texts[1] ? '' : `${String(value)}.`]),
    )
    expect(words((await world.submit('city-1', form, values)).notice)).toContain('auf dem Weg')
    await world.advance({ hours: 24 })
    const posted = words(await story.find(world.channel('netzwerk-rheinfurt'), /In our own words/))
    expect(posted).toContain('Kürzere Sitzungen.')
    expect(posted).toContain('Danke für das Frühstück.')
    expect(posted).not.toContain('Muster')
    expect((await dump(world)).pulse_remarks).toEqual([])
    const late = await world.press(
      'youth-1',
      await story.find(world.inbox('youth-1'), /Bemerkungen/),
      'Bemerkungen lesen',
    )
    expect(words(late.notice)).toContain('Hier wartet nichts mehr')
  })

  test('what nobody releases is deleted after two weeks', async () => {
    await prepare(10)
    expect((await dump(world)).pulse_remarks).toHaveLength(3)
    await world.advance({ weeks: 2 })
    expect((await dump(world)).pulse_remarks).toEqual([])
  })
})
