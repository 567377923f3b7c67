import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Reply } from '../src/conversation/port.ts'
import { directTo } from '../src/kernel/address.ts'
import { randomId } from '../src/kernel/ids.ts'
import type { View } from '../src/views/view.ts'
import { createWorld, words, type World } from './support/world.ts'

// A Monday morning in Rheinfurt.
const MONDAY = '2026-11-23T08:00:00Z'
const CHANNELS = ['netzwerk', 'netzwerk-rheinfurt', 'Präventionsnetzwerk']

let world: World
beforeEach(async () => {
  world = await createWorld(MONDAY)
})
afterEach(() => world.close())

const last = async (channel: string): Promise<View | undefined> => (await world.channel(channel)).at(-1)
const labels = (view: View | undefined): string[] =>
  (view?.blocks ?? []).flatMap((block) =>
    block.type === 'buttons' ? block.buttons.map(({ label }) => label) : [],
  )

/** Nothing but the nudges: it is Tuesday noon, and the first has come. */
async function firstNudge(): Promise<void> {
  for (const kind of ['kurzbefragung', 'netzwerkpflege', 'zwischenstand', 'vernetzung']) {
    await world.say('city-1', `pausieren ${kind}`)
  }
  await world.advance({ hours: 28 })
}

/** Presses in the channel itself: the answer then takes the channel's language. */
async function pressIn(channel: string, member: string, label: string): Promise<Reply> {
  const { app } = world
  const message = world.posted.findLast(({ view }) => labels(view).includes(label))
  const space = (await app.networks.spaces('rheinfurt')).find(({ name }) => name === channel)
  const account = (await app.networks.member('rheinfurt', member))?.accounts[0]
  const button = message?.view.blocks
    .flatMap((block) => (block.type === 'buttons' ? block.buttons : []))
    .find((one) => one.label === label)
  if (!space || !account || !button) throw new Error('nothing to press')
  return app.conversation.handle({
    requestId: randomId(),
    account,
    place: space.address,
    what: { kind: 'press', action: button.action },
    canOpenForm: true,
  })
}

describe('the weekly nudge', () => {
  test('comes to every team channel in its language, and the tip to coordinators only', async () => {
    await firstNudge()
    for (const channel of CHANNELS) expect(await world.channel(channel)).toHaveLength(1)
    expect(words(await last('netzwerk'))).toContain('Drei Zeilen zu meiner Rolle')
    expect(words(await last('netzwerk-rheinfurt'))).toContain('Three lines about my role')
    expect(labels(await last('netzwerk'))).toEqual(['Erledigt', 'Später', 'Überspringen'])
    expect(await world.channel('koordination')).toEqual([])
    for (const coordinator of ['city-1', 'youth-1']) {
      expect((await world.inbox(coordinator)).map(words).join()).toContain('Tipp zum Wochenimpuls')
    }
    expect(await world.inbox('fans-1')).toEqual([])
    for (const channel of CHANNELS) {
      expect(words(await last(channel))).not.toMatch(/Danken Sie jeder Person|Thank each person/)
    }
  })

  test('is done for all channels when one member presses, and nobody learns who', async () => {
    await firstNudge()
    const reply = await pressIn('netzwerk', 'youth-2', 'Erledigt')
    expect(words(reply.update)).toContain('Erledigt. Danke Ihnen allen.')
    expect(reply.notice).toBeUndefined()
    expect(words(await last('netzwerk-rheinfurt'))).toContain('Done. Thank you all.')
    expect(labels(await last('netzwerk-rheinfurt'))).toEqual([])
    expect(words(await last('netzwerk-rheinfurt'))).not.toContain('Lena')
    const stored = await world.store.db.collection('journeys').findOne({})
    expect(JSON.stringify(stored)).not.toMatch(/youth-2|U0LENA/)
  })

  test('counts the first press; the second person is told kindly', async () => {
    await firstNudge()
    const message = await last('Präventionsnetzwerk')
    await world.press('youth-2', message, 'Erledigt')
    const late = await world.press('city-2', { summary: '', blocks: message?.blocks ?? [] }, 'Überspringen')
    expect(words(late.notice)).toContain('Jemand war einen Moment schneller')
    expect(words(late.update)).toContain('Erledigt. Danke Ihnen allen.')
  })

  test('counts once when two members press at the same moment', async () => {
    await firstNudge()
    const message = await last('netzwerk')
    const replies = await Promise.all([
      world.press('youth-2', message, 'Erledigt'),
      world.press('city-2', message, 'Später'),
    ])
    expect(replies.filter(({ notice }) => notice)).toHaveLength(1)
    expect(new Set(replies.map(({ update }) => words(update))).size).toBe(1)
  })

  test('can be previewed by coordinators: nothing is sent, stored or moved', async () => {
    const shown = words((await world.say('city-1', 'vorschau wochenimpuls')).notice)
    expect(shown).toContain('Drei Zeilen zu meiner Rolle')
    expect(shown).toContain('Hier stehen die Schaltflächen')
    expect(world.posted).toEqual([])
    expect(await world.store.db.collection('journeys').findOne({})).toBeNull()
  })

  test('comes again after "later", and moves on without hurry when nobody answered', async () => {
    await firstNudge()
    await world.press('city-2', await last('netzwerk'), 'Später')
    await world.advance({ weeks: 1 })
    expect((await world.channel('netzwerk')).map(words).join()).toMatch(/(Drei Zeilen.*){2}/s)
    expect(labels(await last('netzwerk'))).toHaveLength(3)
    await world.advance({ weeks: 1 })
    const shown = await world.channel('netzwerk')
    expect(words(shown.at(-1))).toContain('Zehn Minuten auf dem anderen Stuhl')
    expect(words(shown.at(-2))).toContain('Keine Eile')
    expect(labels(shown.at(-2))).toEqual([])
  })

  test('can be shown again privately, and a coordinator can have it brought again', async () => {
    expect(words((await world.say('fans-1', 'nudge')).notice)).toMatch(
      /noch keinen Wochenimpuls|no nudge yet/,
    )
    await firstNudge()
    const { notice } = await world.say('youth-2', 'wochenimpuls')
    await world.press('youth-2', notice, 'Überspringen')
    expect(words(await last('netzwerk'))).toContain('Übersprungen, und das ist in Ordnung')
    expect(labels((await world.say('youth-2', 'wochenimpuls')).notice)).toEqual([])
    const again = (await world.say('city-1', 'wochenimpuls')).notice
    await world.press('city-1', again, 'Nächstes Mal noch einmal bringen')
    await world.advance({ hours: 1 })
    expect(words(await last('netzwerk'))).toContain('Später ist in Ordnung')
  })
})

describe('the end of a module', () => {
  async function fiveWeeks(): Promise<void> {
    await firstNudge()
    for (let week = 1; week <= 5; week++) {
      await world.press('youth-2', await last('netzwerk'), 'Erledigt')
      if (week < 5) await world.advance({ weeks: 1 })
    }
    await world.advance({ hours: 1 })
  }

  test('brings one question to all, the exercise to coordinators, and never says "finished"', async () => {
    await fiveWeeks()
    const closing = words(await last('netzwerk'))
    expect(closing).toContain('ein guter Boden für den nächsten Schritt')
    expect(closing).toContain('Welche Grenze eines Partners')
    expect(closing).toContain('kurzen Auffrischung')
    expect(closing).toContain('Dieselbe Sprache sprechen')
    expect(words(await last('netzwerk-rheinfurt'))).toContain('good ground for the next step')
    expect((await world.inbox('youth-1')).map(words).join()).toContain('Runde mit Rollentausch')
    expect(closing).not.toContain('Runde mit Rollentausch')
  })

  test('is followed by the next module, and by a question some weeks later', async () => {
    await fiveWeeks()
    await world.advance({ weeks: 1 })
    expect(words(await last('netzwerk'))).toContain('Wörter, über die wir stolpern')
    await world.advance({ weeks: 6 })
    const asked = (await world.inbox('city-1')).map(words).join()
    expect(asked).toContain('Vor 6 Wochen kam der letzte Impuls')
    expect((await world.inbox('fans-1')).map(words).join()).not.toContain('Vor 6 Wochen')
  })
})

describe('the journey', () => {
  test('shows phase, progress in a picture and in words, and all eight modules', async () => {
    await firstNudge()
    const shown = words((await world.say('exit-2', 'journey')).notice)
    expect(shown).toContain('First steps')
    expect(shown).toContain('▱▱▱▱▱▱▱▱ We have been through 0 of 8 modules so far')
    expect(shown).toContain("Module 1: Walk a mile in your colleagues' shoes: runs now, nudge 1 of 5")
    expect(shown.match(/still ahead/g)).toHaveLength(7)
    // Daniel's own zone is London's.
    expect(shown).toContain('1 December at 08:30')
  })

  test('is on the Home tab', async () => {
    await firstNudge()
    const account = (await world.app.networks.member('rheinfurt', 'exit-2'))?.accounts[0]
    if (!account) throw new Error('no account')
    const { home } = await world.conversation.handle({
      requestId: randomId(),
      account,
      place: directTo(account),
      what: { kind: 'home' },
      canOpenForm: true,
    })
    expect(words(home)).toContain('runs now, nudge 1 of 5')
  })

  test('lets coordinators, and nobody else, choose the next module', async () => {
    await firstNudge()
    expect(words((await world.say('fans-1', 'module 3')).notice)).toMatch(/coordinator|Koordination/)
    const { form } = await world.say('city-1', 'modul')
    await world.submit('city-1', form, { module: 'm7-communities', when: 'now' })
    await world.advance({ weeks: 1 })
    expect(words(await last('netzwerk'))).toContain('Viele Türen')
    const found = (await world.say('city-1', 'modul genderbrille')).notice
    expect(words(found)).toContain('Modul 3')
    const reply = await world.press('city-1', found, 'Nach dem laufenden Modul')
    expect(words(reply.notice)).toContain('kommt nach dem Modul')
    expect(words((await world.say('city-1', 'modul 17')).notice)).toContain('Nummer von 1 bis 8')
  })

  test('follows the phase the coordinator chooses, after eight questions or without', async () => {
    const shown = (await world.say('city-1', 'phase')).notice
    const { form } = await world.press('city-1', shown, 'Erst acht Fragen (4 Minuten)')
    expect(form?.fields).toHaveLength(8)
    const answers = Object.fromEntries((form?.fields ?? []).map(({ id }) => [id, '3']))
    const suggested = (await world.submit('city-1', form, answers)).notice
    expect(words(suggested)).toContain('Ihre Antworten weisen auf: Etablierung und Vertiefung')
    await world.press('city-1', suggested, 'Wählen: Etablierung und Vertiefung')
    await firstNudge()
    expect(words(await last('netzwerk'))).toContain('Postkarte aus der Zukunft')
    expect((await world.submit('city-1', form, { 'ph-goals': '9' })).errors).toHaveProperty('ph-goals')
  })
})

describe('meetings', () => {
  test('have an exercise for every module, for coordinators', async () => {
    expect(words((await world.say('city-1', 'übung 4')).notice)).toContain('Unser Bild an der Wand')
    expect(words((await world.say('city-1', 'übung')).notice)).toContain('Zurzeit läuft kein Modul')
  })

  test('can practise with an invented scene, put into the channel by a coordinator', async () => {
    const card = (await world.say('city-1', 'szenario')).notice
    const twisted = (await world.press('city-1', card, 'Wendung ergänzen')).notice
    await world.press('city-1', twisted, 'In den Kanal stellen')
    await world.press('city-1', twisted, 'In den Kanal stellen')
    await world.advance({ hours: 1 })
    const channel = await world.channel('netzwerk')
    expect(channel).toHaveLength(1)
    expect(words(channel[0])).toMatch(/Halden-Werken.*Eine Wendung:.*Die Szene ist erfunden/s)
    expect(labels(channel[0])).toEqual([])
  })
})
