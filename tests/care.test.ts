import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createCare } from '../src/care/care.ts'
import type { Ctx, Reply } from '../src/conversation/port.ts'
import type { Occurrence } from '../src/checkins/kind.ts'
import { createEvents } from '../src/kernel/events.ts'
import { createLogger } from '../src/kernel/logger.ts'
import type { View } from '../src/views/view.ts'
import { createWorld, words, type World } from './support/world.ts'

// A Monday morning in Rheinfurt.
const MONDAY = '2026-11-23T08:00:00Z'

let world: World
beforeEach(async () => {
  world = await createWorld(MONDAY)
})
afterEach(() => world.close())

const labels = (view: View | undefined): string[] =>
  (view?.blocks ?? []).flatMap((block) =>
    block.type === 'buttons' ? block.buttons.map(({ label }) => label) : [],
  )
const options = (view: View | undefined): string[] =>
  (view?.blocks ?? []).flatMap((block) =>
    block.type === 'choice' ? block.options.map(({ label }) => label) : [],
  )
const ledger = () => world.store.db.collection('care_contacts').find({}).toArray()
const network = () => world.app.networks.network('rheinfurt')
/** Moves the clock, and nothing else. */
const later = async (days: number): Promise<void> => {
  await world.clock.moveTo(world.clock.now().add({ hours: 24 * days }))
}
/** What a coordinator is shown about a partner. */
const look = async (partner: string): Promise<string> =>
  words((await world.say('city-1', `pflege ${partner}`)).notice)
/** A request, noted on the spot. */
async function note(partner: string, label: string): Promise<Reply> {
  const { notice } = await world.say('youth-2', `kontakt ${partner}`)
  return world.press('youth-2', notice, label)
}
/** The care room alone, for what comes from the clock and from the ledger of deliveries. */
async function room() {
  const { clock, texts } = world
  // The collections that the app has opened already.
  const db = { model: (name: string) => world.store.db.models[name] } as never
  const events = createEvents(createLogger('silent'))
  const deliveries = { revise: async () => undefined } as never
  const unused = {} as never
  const care = createCare({
    db,
    clock,
    networks: world.app.networks,
    checkins: unused,
    deliveries,
    texts,
    events,
  })
  const kind = (name: string) => care.kinds.find((one) => one.name === name)
  const occur = async (name: string, byHand = false): Promise<View[] | string> => {
    const now = clock.now()
    const nominal = now.toZonedDateTimeISO('Europe/Berlin').toPlainDateTime()
    const occurrence: Occurrence = {
      id: `rheinfurt|${name}|${nominal.toString()}`,
      checkin: `rheinfurt|${name}`,
      network: await network(),
      nominal,
      dueAt: now,
      now,
      byHand,
    }
    const composed = await kind(name)?.compose(occurrence)
    if (!composed) throw new Error(`no kind ${name}`)
    if ('silent' in composed) return composed.silent
    for (const { to, ask } of composed.drafts) {
      expect([{ member: 'city-1' }, { member: 'youth-1' }]).toContainEqual(to)
      expect(ask ?? 0).toBe(0)
    }
    return composed.drafts.map(({ view }) => view)
  }
  const send = (member: string, cause: string, weight = 1) =>
    events.emit('delivery.sent', {
      network: 'rheinfurt',
      member,
      cause,
      ask: weight > 0,
      weight,
      at: new Date(clock.now().epochMilliseconds),
    })
  const ask = (member: string, cause: string, weight = 1) =>
    care.recheck({ network: 'rheinfurt', member, cause, weight })
  return { occur, send, ask, kind }
}

describe('noting a contact', () => {
  test('takes one press, keeps no person, and can be taken back', async () => {
    const { notice } = await world.say('fans-1', 'kontakt jugendamt', 'netzwerk')
    expect(words(notice)).toContain('In Kontakt mit: Jugendamt Rheinfurt')
    expect(labels(notice)).toEqual(expect.arrayContaining(['Danken', 'Dabei sein', 'Kleine Bitte']))
    const reply = await world.press('fans-1', notice, 'Danken')
    expect(reply.update).toBeUndefined()
    expect(words(reply.notice)).toContain('Notiert: Danken, Jugendamt Rheinfurt')
    expect(words(reply.notice)).not.toContain('sechs Teile')
    const [contact, ...more] = await ledger()
    expect(more).toEqual([])
    expect(contact).toMatchObject({ partner: 'youth', type: 'thank', date: '2026-11-23', by: 'member' })
    expect(JSON.stringify(contact)).not.toMatch(/fans-1|U0NICO|Nico/)
    expect(words((await world.press('fans-1', reply.notice, 'Zurücknehmen')).notice)).toContain(
      'Zurückgenommen',
    )
    expect(await ledger()).toEqual([])
    const again = await world.press('fans-1', reply.notice, 'Zurücknehmen')
    expect(words(again.notice)).toContain('nichts mehr')
  })

  test('counts once, however often the same button is pressed', async () => {
    const { notice } = await world.say('fans-1', 'kontakt jugendamt')
    await world.press('fans-1', notice, 'Danken')
    await world.press('fans-1', notice, 'Danken')
    expect(await ledger()).toHaveLength(1)
  })

  test('finds the partner by a part of its name, and asks where it may be several or none', async () => {
    expect(words((await world.say('exit-2', 'contact HAFENVIERTEL')).notice)).toContain(
      'Nachbarschaftsinitiative',
    )
    const several = (await world.say('exit-2', 'contact rheinfurt')).notice
    expect(words(several)).toContain('Several partners fit')
    expect(options(several)).toEqual([
      'Fanprojekt Rheinfurt 09',
      'Jugendamt Rheinfurt',
      'Polizei Rheinfurt, Kriminalprävention',
      'Stadt Rheinfurt, Fachstelle Prävention',
    ])
    const chosen = await world.press('exit-2', several, 'Fanprojekt Rheinfurt 09')
    expect(words(chosen.notice)).toContain('In touch with Fanprojekt')
    expect(options((await world.say('exit-2', 'contact library')).notice)).toHaveLength(9)
  })

  test('has a form for another day, which refuses tomorrow', async () => {
    const { form } = await world.say('schools-1', 'contact')
    const values = { partner: 'harbour', type: 'presence' }
    const { errors } = await world.submit('schools-1', form, { ...values, date: '2026-11-24' })
    expect(errors?.date).toContain('today at the latest')
    const { notice } = await world.submit('schools-1', form, { ...values, date: '2026-11-20' })
    expect(words(notice)).toContain('Be there')
    expect(await ledger()).toMatchObject([{ partner: 'harbour', date: '2026-11-20' }])
    expect((await world.submit('schools-1', form, { ...values, partner: 'nobody' })).errors).toHaveProperty(
      'partner',
    )
  })
})

describe('before asking', () => {
  test('a small request with room is noted at once', async () => {
    const { notice } = await world.say('youth-2', 'anfragen moscheegemeinden')
    const reply = await world.press('youth-2', notice, 'Kleine Bitte')
    expect(words(reply.notice)).toContain('Notiert: Kleine Bitte')
    // More was asked than given: something small to balance it.
    expect(words(reply.notice)).toContain('zum Ausgleich')
  })

  test('from weight two on three questions come first', async () => {
    const { notice } = await world.say('exit-2', 'ask polizei')
    const weighed = (await world.press('exit-2', notice, 'Request for time')).notice
    expect(words(weighed)).toContain('Is this one of our important matters?')
    expect(words(weighed)).toContain('Is there no smaller way to ask?')
    expect(labels(weighed)).toEqual(['Yes, I will ask', 'Later'])
    expect(await ledger()).toEqual([])
    const reply = await world.press('exit-2', weighed, 'Yes, I will ask')
    expect(words(reply.notice)).toContain('six parts')
    expect(await ledger()).toMatchObject([{ partner: 'police', type: 'ask-time' }])
  })

  test('a request past the limit is not forbidden, but seen before, with who else could be asked', async () => {
    await note('moscheegemeinden', 'Bitte um Zeit')
    const { notice } = await world.say('youth-2', 'anfragen moscheegemeinden')
    const weighed = (await world.press('youth-2', notice, 'Kleine Bitte')).notice
    expect(words(weighed)).toContain('wurde zuletzt viel gefragt')
    expect(words(weighed)).toContain('Ab Mittwoch, 23. Dezember 2026')
    expect(words(weighed)).toContain('Fanprojekt Rheinfurt 09 könnte dafür Luft haben')
    expect(words(weighed)).not.toContain('Jugendamt')
    await world.press('youth-2', weighed, 'Später')
    expect(await ledger()).toHaveLength(1)
    await world.press('youth-2', weighed, 'Trotzdem fragen')
    expect(await ledger()).toHaveLength(2)
    expect(await look('moscheegemeinden')).toContain('Überbeansprucht')
  })
})

describe('how partners are doing', () => {
  test('is for coordinators only, by name, and never in the channel', async () => {
    expect(words((await world.say('fans-1', 'pflege')).notice)).toContain('Koordination')
    const reply = await world.say('city-1', 'pflege', 'netzwerk')
    expect(reply.update).toBeUndefined()
    const names = options(reply.notice)
    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, 'de')))
    expect(words(reply.notice)).toContain('Jugendamt Rheinfurt: In Kontakt')
    expect(await world.channel('netzwerk')).toEqual([])
  })

  test('a coordinator gives a rest and ends it', async () => {
    const { notice } = await world.say('city-1', 'pflege lotta')
    const reply = await world.press('city-1', notice, '4 Wochen')
    expect(words(reply.notice)).toContain('bis Montag, 21. Dezember 2026 Ruhezeit')
    const resting = (await world.say('city-1', 'pflege lotta')).notice
    expect(words(resting)).toContain('In Ruhezeit')
    const ask = (await world.say('fans-1', 'anfragen lotta')).notice
    expect(words((await world.press('fans-1', ask, 'Kleine Bitte')).notice)).toContain('Bitten warten')
    const awake = await world.press('city-1', resting, 'Ruhezeit beenden')
    expect(words(awake.notice)).toContain('In Kontakt')
    const own = await world.press('fans-1', resting, '4 Wochen')
    expect(words(own.notice)).toContain('Koordination')
    expect(await look('lotta')).not.toContain('Ruhezeit bis')
  })
})

describe('the messages of the bot', () => {
  test('count once a cause and partner, and only where they ask', async () => {
    const { send } = await room()
    await send('mosques-1', 'pulse-1')
    await send('mosques-2', 'pulse-1')
    await send('mosques-1', 'pulse-1')
    await send('mosques-1', 'tip-1', 0)
    await send('nobody', 'pulse-1')
    expect(await ledger()).toMatchObject([{ partner: 'mosques', type: 'ask-small', by: 'bot' }])
    expect(JSON.stringify(await ledger())).not.toContain('mosques-1')
  })

  test('are held back before they pass a limit or disturb a rest, and the digest says so, once', async () => {
    const { ask, send, occur } = await room()
    expect(await ask('harbour-1', 'pulse-1')).toBe('send')
    await send('harbour-1', 'pulse-1')
    expect(await ask('harbour-1', 'pulse-1')).toBe('send')
    expect(await ask('harbour-1', 'pulse-2')).toBe('drop')
    expect(await ask('harbour-1', 'pulse-2')).toBe('drop')
    expect(await ask('police-1', 'pulse-2')).toBe('send')
    const digest = await occur('care-digest')
    expect(words(digest[0] as View)).toContain('Nachbarschaftsinitiative Hafenviertel')
    expect(words(digest[0] as View)).toContain('zurückgehalten')
    expect(words(((await occur('care-digest', true)) as View[])[0])).toContain('zurückgehalten')
    await later(31)
    expect(words(((await occur('care-digest')) as View[])[0])).not.toContain('zurückgehalten')
    expect(await ask('harbour-1', 'pulse-3')).toBe('send')
    const { notice } = await world.say('city-1', 'pflege hafenviertel')
    await world.press('city-1', notice, '2 Wochen')
    expect(await ask('harbour-1', 'pulse-4')).toBe('drop')
  })
})

describe('the digest', () => {
  test('comes on Monday to coordinators only, and what the bot asked meanwhile is in the ledger', async () => {
    await world.advance({ days: 7 })
    for (const coordinator of ['city-1', 'youth-1'])
      expect((await world.inbox(coordinator)).map(words).join()).toContain('Netzwerkpflege in dieser Woche')
    expect((await world.inbox('fans-1')).map(words).join()).not.toContain('Netzwerkpflege')
    for (const channel of ['netzwerk', 'koordination'])
      expect((await world.channel(channel)).map(words).join()).not.toContain('Netzwerkpflege')
    const contacts = await ledger()
    expect(contacts.filter(({ partner }) => partner === 'mosques')).toHaveLength(1)
    expect(new Set(contacts.map(({ by }) => by))).toEqual(new Set(['bot']))
  })

  test('says whom we left alone, with one idea each, and one press notes the thank-you of two coordinators', async () => {
    const { occur } = await room()
    await look('hafenviertel')
    await later(57)
    const views = (await occur('care-digest')) as View[]
    expect(views).toHaveLength(2)
    const text = words(views[0])
    expect(text).toContain('Ein Lebenszeichen wäre schön')
    expect(text).toContain('Nachbarschaftsinitiative Hafenviertel')
    expect(text).not.toContain('Jugendamt')
    expect(text).not.toMatch(/\d+ ?%|Punkte/)
    await world.press('city-1', views[0], 'Ich habe Danke gesagt')
    await world.press('youth-1', views[1], 'Ich habe Danke gesagt')
    const thanks = (await ledger()).filter(({ type }) => type === 'thank')
    expect(thanks).toHaveLength(1)
  })

  test('says who was asked a lot and whom to give a rest, which takes one press', async () => {
    await note('lotta', 'Bitte um sichtbare Unterstützung')
    await note('lotta', 'Kleine Bitte')
    await note('fanprojekt', 'Bitte um sichtbare Unterstützung')
    await note('fanprojekt', 'Kleine Bitte')
    const { occur } = await room()
    const [view] = (await occur('care-digest')) as View[]
    const text = words(view)
    expect(text.indexOf('Zuletzt viel gefragt')).toBeLessThan(text.indexOf('Lotta'))
    expect(text.indexOf('Eine Ruhezeit täte gut')).toBeLessThan(text.indexOf('Fanprojekt'))
    expect(labels(view)).toContain('8 Wochen Ruhezeit')
    await world.press('city-1', view, '8 Wochen Ruhezeit')
    expect(await look('fanprojekt')).toContain('In Ruhezeit')
    expect(words(((await occur('care-digest')) as View[])[0])).not.toContain('Fanprojekt')
  })

  test('says so when all is well, and after two quiet weeks nothing, unless asked', async () => {
    const { occur, kind } = await room()
    const outcomes: string[] = []
    for (let week = 0; week < 3; week++) {
      const said = await occur('care-digest')
      outcomes.push(typeof said === 'string' ? said : words(said[0]))
      await later(1)
    }
    expect(outcomes[0]).toContain('niemand wurde zu viel gefragt')
    expect(outcomes[1]).toContain('niemand wurde zu viel gefragt')
    expect(outcomes[2]).toBe('all-in-touch')
    expect(typeof (await occur('care-digest', true))).not.toBe('string')
    const t = world.texts.in('en')
    const before = await world.store.db.collection('care_digests').countDocuments({})
    expect(words(await kind('care-digest')?.preview?.({ network: await network(), t } as Ctx))).toContain(
      'nobody has been asked too much',
    )
    expect(await world.store.db.collection('care_digests').countDocuments({})).toBe(before)
  })
})

describe('introductions', () => {
  test('are proposed to coordinators, posted by nobody, and never repeated within a year', async () => {
    const { occur } = await room()
    const pairs = new Set<string>()
    for (let month = 0; month < 12; month++) {
      const views = await occur('introduction')
      expect(typeof views).not.toBe('string')
      const text = (views as View[])[0]?.blocks.find((b) => b.type === 'text' && b.text.startsWith('**'))
      pairs.add(JSON.stringify(text))
      await later(29)
    }
    expect(pairs.size).toBe(12)
  })

  test('an introduction comes as texts to send; once both said yes it is a contact of both', async () => {
    const { occur } = await room()
    const [view] = (await occur('introduction')) as View[]
    expect(view).toEqual(((await occur('introduction')) as View[])[0])
    const reply = await world.press('city-1', view, 'Bekannt machen')
    expect(labels(reply.update)).toEqual([])
    expect(words(reply.notice)).toContain('Fragen Sie zuerst jede Seite einzeln')
    expect(await ledger()).toEqual([])
    await world.press('city-1', reply.notice, 'Beide haben Ja gesagt: notieren')
    await world.press('youth-1', reply.notice, 'Beide haben Ja gesagt: notieren')
    expect((await ledger()).map(({ type }) => type)).toEqual(['introduce', 'introduce'])
    const late = await world.press('youth-1', view, 'Jetzt nicht')
    expect(words(late.update)).toContain('macht die beiden miteinander bekannt')
    const [doc] = await world.store.db.collection('care_introductions').find({}).toArray()
    await later(29)
    const next = await occur('introduction')
    const [, second] = await world.store.db.collection('care_introductions').find({}).toArray()
    expect(next).not.toBe('nobody-to-introduce')
    for (const partner of doc?.partners as string[]) expect(second?.partners).not.toContain(partner)
    expect(second?.date).toBe('2026-12-22')
  })

  test('not now is an answer', async () => {
    const { occur } = await room()
    const [view] = (await occur('introduction')) as View[]
    const reply = await world.press('youth-1', view, 'Jetzt nicht')
    expect(words(reply.update)).toContain('jetzt nicht')
    expect(reply.notice).toBeUndefined()
  })
})

test('members learn what is kept', async () => {
  expect(words((await world.say('fans-1', 'meine daten')).notice)).toContain('nicht, dass Sie es waren')
})
