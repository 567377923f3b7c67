import { afterEach, describe, expect, test } from '@jest/globals'
import { content } from '../src/pulse/content.ts'
import { dump, startStory, type Story } from './support/pulse-story.ts'
import { smallNetwork } from './support/small-network.ts'
import { words, type World } from './support/world.ts'

// How often the team is asked: plans, a slower one that is proposed, and what coordinators can know while a pulse is open.

let story: Story
let world: World
async function start(size = 6, phase = 'first-steps'): Promise<void> {
  story = await startStory(smallNetwork(size).replace('phase: first-steps', `phase: ${phase}`), 'm-1')
  world = story.world
}
afterEach(() => world.close())

/** Chooses a plan in the form and returns what is said. */
async function choose(plan: string): Promise<string> {
  const { form } = await world.say('m-1', 'plan der kurzbefragung')
  return words((await world.submit('m-1', form, { plan })).notice)
}
const list = async (): Promise<string> => words((await world.say('m-1', 'check-ins')).notice)
const waves = async () => (await dump(world)).pulse_waves!.toSorted((a, b) => Number(a.turn) - Number(b.turn))
const tables = async () => (await waves()).map(({ table, cycle, state }) => [table, cycle, state].join(' '))
const proposals = async (member: string) =>
  (await world.inbox(member)).filter(({ summary }) => /langsamerer Rhythmus/.test(summary))

describe('a plan', () => {
  test('holds at once as long as no pulse of the cycle has opened, and says what it costs', async () => {
    await start()
    const { form } = await world.say('m-1', 'plan der kurzbefragung')
    expect(form?.fields[0]).toMatchObject({ type: 'choice', value: 'biweekly' })
    expect(form?.intro).toContain('nur, wenn das Team es möchte')
    expect(words((await world.say('m-2', 'plan der kurzbefragung')).notice)).toContain('Koordination')
    const said = await choose('weekly')
    expect(said).toContain('Jede Woche, drei Aussagen')
    expect(said).toContain('Er gilt ab jetzt')
    expect(await list()).toContain('jede Woche am Dienstag um 10:00')
    await world.advance({ weeks: 2 })
    expect(await tables()).toEqual(['weekly 0 closed', 'weekly 0 open'])
    expect((await waves()).map(({ items }) => items)).toEqual(
      content.tables.weekly.a.slice(0, 2).map(({ items }) => items),
    )
  })

  test('with other statements waits for the end of the cycle; a slower rhythm does not', async () => {
    await start()
    await world.advance({ hours: 28 })
    expect(await choose('weekly')).toContain('Er beginnt mit dem nächsten Durchgang')
    expect(await list()).toContain('alle 2 Wochen')
    await world.advance({ weeks: 12 })
    // Six waves and the turn that is left out; from there on every week, from the other half of the weekly table.
    expect((await tables()).at(-1)).toBe('biweekly 0 pause')
    expect(await list()).toContain('jede Woche am Dienstag')
    await world.advance({ weeks: 1 })
    expect((await tables()).at(-1)).toBe('weekly 1 open')
    expect((await waves()).at(-1)?.items).toEqual(content.tables.weekly.b[0]!.items)

    expect(await choose('biweekly')).toContain('Der langsamere Rhythmus beginnt jetzt')
    expect(await list()).toContain('alle 2 Wochen')
    await world.advance({ weeks: 1 })
    expect(await waves()).toHaveLength(8)
    await world.advance({ weeks: 1 })
    expect((await tables()).at(-1)).toBe('weekly 1 open')
    expect(await choose('weekly')).toContain('Er gilt ab jetzt')
    expect(await list()).toContain('jede Woche am Dienstag')
  })

  test('with the same statements changes its rhythm at once, counted from the last date', async () => {
    await start()
    await world.advance({ hours: 28 })
    expect(await choose('monthly')).toContain('Er gilt ab jetzt')
    expect(await list()).toContain('alle 4 Wochen')
    await world.advance({ weeks: 3 })
    expect(await waves()).toHaveLength(1)
    await world.advance({ weeks: 1 })
    expect(await waves()).toHaveLength(2)
  })

  test('is every four weeks from the start where a network consolidates', async () => {
    const { world: quiet } = await startStory(smallNetwork(6).replace('first-steps', 'consolidating'), 'm-1')
    world = quiet
    const { form } = await world.say('m-1', 'plan der kurzbefragung')
    expect(form?.fields[0]).toMatchObject({ value: 'monthly' })
  })

  test('can be chosen from the preview, and says so where no pulse is scheduled', async () => {
    await start()
    const { notice } = await world.say('m-1', 'vorschau puls')
    const { form } = await world.press('m-1', notice, 'Plan ändern')
    expect(form?.title).toBe('Wie oft wir fragen')
    await world.store.db.models.Checkin?.deleteMany({ kind: 'pulse' })
    expect(await choose('monthly')).toContain('Zurzeit ist keine Kurzbefragung geplant')
  })
})

describe('fewer than half, twice', () => {
  test('proposes a slower rhythm to coordinators once, with a button that does it', async () => {
    await start()
    await world.advance({ weeks: 2 })
    expect(await proposals('m-1')).toEqual([])
    await world.advance({ weeks: 2 })
    const [proposal] = await proposals('m-1')
    expect(words(proposal)).toContain('Daran hat niemand Schuld')
    expect(await proposals('m-2')).toEqual([])
    const reply = await world.press('m-1', proposal, 'Ja, alle vier Wochen')
    expect(words(reply.notice)).toContain('Er gilt ab jetzt')
    expect(await list()).toContain('alle 4 Wochen')
    // There is no slower one.
    await world.advance({ weeks: 12 })
    expect(await proposals('m-1')).toHaveLength(1)
  })

  test('counts sheets, not results: five of twelve are enough to show, and still few', async () => {
    await start(12)
    await world.advance({ hours: 28 })
    for (let wave = 0; wave < 2; wave++) {
      await answer(5)
      await world.advance({ days: 6 })
      await story.chooseNone()
      await world.advance({ days: 8 })
    }
    expect((await waves()).map(({ state, half }) => [state, half])).toEqual([
      ['closed', false],
      ['closed', false],
      ['open', undefined],
    ])
    expect(await proposals('m-1')).toHaveLength(1)
    // The pair has had its proposal; one good wave, and the count begins again.
    await answer(6)
    await world.advance({ days: 6 })
    expect((await waves()).at(-1)).toMatchObject({ state: 'closed', half: true })
    expect(JSON.stringify(await waves())).not.toMatch(/"answers"|"count"/)
  })
})

/** So many members fill in the form, one after the other, each in as many seconds. */
async function answer(members: number, seconds: number[] = []): Promise<void> {
  for (let index = 0; index < members; index++) {
    const { form } = await world.say(`m-${index + 1}`, 'pulse')
    await world.clock.moveTo(world.clock.now().add({ seconds: seconds[index] ?? 0 }))
    const fields = (form?.fields ?? []).filter(({ type }) => type === 'scale')
    await world.submit(`m-${index + 1}`, form, Object.fromEntries(fields.map(({ id }) => [id, '2'])))
  }
}

describe('what coordinators can ask while a pulse is open', () => {
  const status = async () => words((await world.say('m-1', 'befragungsstand')).notice)

  test.each([
    [5, 'gab es genug Antworten'],
    [4, 'gab es noch nicht genug Antworten'],
  ])('%i answers: nothing before the reminder, one word after it, and never again', async (count, said) => {
    await start()
    await world.advance({ hours: 28 })
    expect(words((await world.say('m-2', 'befragungsstand')).notice)).toContain('Koordination')
    await answer(count)
    expect(await status()).toContain('Vorher sehe ich nicht nach')
    await world.advance({ days: 3 })
    expect(await status()).toContain(said)
    // One more makes no difference: what is said stays as it was looked at.
    await answer(6)
    expect(await status()).toContain(said)
    await world.advance({ days: 3 })
    expect(await status()).toContain('Gerade ist keine Kurzbefragung offen')
    expect((await waves())[0]).not.toHaveProperty('enough')
  })
})

describe('how long answering takes', () => {
  test('is the median of the network, to five seconds, and all that is kept', async () => {
    await start()
    await world.advance({ hours: 28 })
    await answer(5, [31, 44, 38, 61, 20])
    const [open] = await waves()
    expect(open?.pace).toEqual({ s20: 1, s30: 1, s40: 1, s45: 1, s60: 1 })
    await answer(5, [9, 9, 9, 9, 9])
    expect((await waves())[0]?.pace).toEqual(open?.pace)
    await world.advance({ days: 6 })
    expect((await waves())[0]).toMatchObject({ state: 'closed', seconds: 40 })
    expect((await waves())[0]).not.toHaveProperty('pace')
    expect(words(await story.offer())).toContain('ungefähr 40 Sekunden')
  })

  test('is not known from fewer than the minimum of sheets, nor from a sheet that lay open for long', async () => {
    await start()
    await world.advance({ hours: 28 })
    await answer(5, [30, 30, 30, 30, 3600])
    await world.advance({ days: 6 })
    expect((await waves())[0]).not.toHaveProperty('seconds')
    expect(words(await story.offer())).not.toContain('Sekunden')
  })

  test('runs from the first tap to the last', async () => {
    await start()
    await world.advance({ hours: 28 })
    for (const member of ['m-1', 'm-2', 'm-3', 'm-4', 'm-5']) {
      const t = world.texts.in((await world.app.networks.member('small', member))?.language)
      for (const nth of [0, 1, 2, 3]) {
        const sheet = await story.sheet(member)
        await world.press(member, sheet, t.plain('pulse-content:scale.4'), nth)
        await world.clock.moveTo(world.clock.now().add({ seconds: 10 }))
      }
    }
    expect((await waves())[0]?.pace).toEqual({ s30: 5 })
  })
})
