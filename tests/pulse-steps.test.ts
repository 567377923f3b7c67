import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { dump, lines, MEMBERS, startStory, type Story } from './support/pulse-story.ts'
import { words, type World } from './support/world.ts'

// What follows from a result: coordinators choose one step, the team is told, and only then the next pulse opens.

let story: Story
let world: World
beforeEach(async () => {
  story = await startStory()
  world = story.world
  await world.advance({ hours: 28 })
})
afterEach(() => world.close())

const told = async (channel: string) =>
  (await world.channel(channel)).filter(({ summary }) => /^(What follows|Was aus unserer)/.test(summary))
const states = async () =>
  (await dump(world))
    .pulse_waves!.toSorted((a, b) => Number(a.turn) - Number(b.turn))
    .map(({ state }) => state)
const offerTo = (member: string) => story.find(world.inbox(member), /eine Idee/)
const reminders = async (member: string) =>
  (await world.inbox(member)).filter(({ summary }) => /wartet auf eine Wahl/.test(summary))
const close = async (): Promise<void> => {
  await story.tapAll([2, 2, 3, 1, 2])
  await story.close()
}

describe('the offer', () => {
  test('goes to coordinators alone, and says what it is for, who sees it and how long it takes', async () => {
    await close()
    const offer = words(await offerTo('youth-1'))
    expect(offer).toContain('in einer Minute')
    expect(offer).toContain('diese Nachricht sieht nur die Koordination')
    expect(offer).toContain('Was es nicht heißt')
    expect(offer).toContain('Woher Rückhalt kommt')
    for (const member of MEMBERS.filter((id) => !['city-1', 'youth-1'].includes(id)))
      expect(await story.find(world.inbox(member), /idea|Idee/)).toBeUndefined()
    expect(await story.find(world.channel('netzwerk'), /Idee/)).toBeUndefined()
  })

  test('the first choice is told to every team channel in its language, and stands', async () => {
    await close()
    const late = await offerTo('city-1')
    const reply = await world.press('youth-1', await offerTo('youth-1'), 'Ersten Schritt wählen')
    expect(words(reply.notice)).toContain('auf dem Weg in den Teamkanal')
    const second = await world.press('city-1', late, 'Übung wählen')
    expect(words(second.notice)).toContain('hat schon jemand gewählt')
    await world.advance({ hours: 24 })
    for (const [channel, sentence] of [
      ['netzwerk', 'kleinen ersten Schritt vor'],
      ['netzwerk-rheinfurt', 'suggest a small first step'],
      ['Präventionsnetzwerk', 'kleinen ersten Schritt vor'],
    ] as const) {
      expect(await told(channel)).toHaveLength(1)
      expect(words((await told(channel))[0])).toContain(sentence)
    }
    expect(words((await told('netzwerk-rheinfurt'))[0])).toContain('We decide together')
    // All offers are settled, and members read the step beside the result.
    for (const member of ['city-1', 'youth-1']) {
      const settled = await story.find(world.inbox(member), /ist gewählt/)
      expect(settled?.blocks.some(({ type }) => type === 'buttons')).toBe(false)
    }
    expect(words((await world.say('fans-2', 'results')).notice)).toContain('suggest a small first step')
    expect(await told('koordination')).toEqual([])
  })

  test('an exercise comes with its steps, for the next meeting', async () => {
    await close()
    await world.press('city-1', await offerTo('city-1'), 'Übung wählen')
    await world.advance({ hours: 24 })
    const [view] = await told('netzwerk-rheinfurt')
    expect(words(view)).toContain('an exercise for our next meeting')
    expect(words(view)).toContain('1. ')
    expect(view?.blocks.some(({ type }) => type === 'buttons')).toBe(false)
  })

  test('own words are guarded, needed, and shown as they are', async () => {
    await close()
    const { form } = await world.press('city-1', await offerTo('city-1'), 'Etwas Eigenes')
    expect(form?.intro).toContain('keine Namen')
    const personal = await world.submit('city-1', form, { text: 'Bitte 0171 2345678 anrufen' })
    expect(Object.keys(personal.errors ?? {})).toEqual(['text'])
    expect((await world.submit('city-1', form, { text: '  ' })).errors?.text).toContain('einige Worte')
    await world.submit('city-1', form, { text: 'Wir essen\nim *Juni* zusammen' })
    // Sent off again, it has no further effect.
    await world.submit('city-1', form, { text: 'Wir essen\nim *Juni* zusammen' })
    await world.advance({ hours: 24 })
    expect(await told('netzwerk-rheinfurt')).toHaveLength(1)
    expect(lines((await told('netzwerk-rheinfurt'))[0])[0]).toContain('Wir essen im \\*Juni\\* zusammen')
  })

  test('a crash between keeping the choice and telling it is mended by choosing again', async () => {
    await close()
    const deliveries = world.store.db.models.Delivery!
    const original = deliveries.insertMany.bind(deliveries)
    Object.assign(deliveries, {
      insertMany: () => {
        Object.assign(deliveries, { insertMany: original })
        throw new Error('crashed')
      },
    })
    const offer = await offerTo('city-1')
    expect((await world.press('city-1', offer, 'Übung wählen')).failed).toBe(true)
    await world.press('city-1', offer, 'Übung wählen')
    await world.advance({ hours: 24 })
    expect(await told('netzwerk')).toHaveLength(1)
  })

  test('members may not choose, and a made-up button finds nothing', async () => {
    await close()
    const offer = await offerTo('city-1')
    expect(words((await world.press('fans-2', offer, 'Ersten Schritt wählen')).notice)).toContain(
      "something the network's coordinators do",
    )
    expect((await dump(world)).pulse_waves![0]).not.toHaveProperty('step')
  })
})

describe('until a step is chosen', () => {
  test('no new pulse opens; each date left out is recorded with its reason and reminds once', async () => {
    await close()
    await world.advance({ weeks: 4 })
    expect(await states()).toEqual(['closed'])
    for (const member of ['city-1', 'youth-1']) expect(await reminders(member)).toHaveLength(2)
    for (const member of ['city-2', 'fans-1']) expect(await reminders(member)).toEqual([])
    const silent = (await dump(world)).occurrences!.filter(({ reason }) => reason === 'next-step-open')
    expect(silent.map(({ _id }) => _id)).toEqual([
      'rheinfurt|pulse|2026-12-08T10:00',
      'rheinfurt|pulse|2026-12-22T10:00',
    ])
    // By hand it waits as well, and does not remind a second time on one day.
    await world.say('city-1', 'jetzt starten puls')
    await world.say('city-1', 'jetzt starten puls')
    await world.advance({ hours: 24 })
    expect(await states()).toEqual(['closed'])
    expect(await reminders('city-1')).toHaveLength(3)
  })

  test('"none, because" is enough, also from the reminder, and the next date opens a pulse', async () => {
    await close()
    await world.advance({ weeks: 2 })
    expect(words((await reminders('city-1'))[0])).toContain('Ohne Eile')
    const said = await story.chooseNone('zurzeit sind alle im Urlaub')
    expect(words(said.notice)).toContain('Danke')
    await world.advance({ weeks: 2 })
    expect(words((await told('netzwerk'))[0])).toContain('weil: zurzeit sind alle im Urlaub')
    expect(words((await told('netzwerk-rheinfurt'))[0])).toContain('please say so')
    expect(await states()).toEqual(['closed', 'open'])
    expect(await reminders('city-1')).toHaveLength(1)
  })

  test('coordinators find the choice on their Home tab and in the status; members do not', async () => {
    await close()
    const home = async (member: string) => {
      const account = (await world.app.networks.member('rheinfurt', member))!.accounts[0]!
      const place = { ...account, kind: 'direct' as const, id: account.userId }
      const what = { kind: 'home' as const }
      return (
        await world.conversation.handle({
          requestId: `home-${member}`,
          account,
          place,
          what,
          canOpenForm: true,
        })
      ).home
    }
    expect(words(await home('city-2'))).not.toContain('Nächsten Schritt wählen')
    const { notice } = await world.press('city-1', await home('city-1'), 'Nächsten Schritt wählen')
    await world.press('city-1', notice, 'Ersten Schritt wählen')
    expect(words(await home('city-1'))).not.toContain('Nächsten Schritt wählen')
    expect(words((await world.say('city-1', 'stand der kurzbefragung')).notice)).not.toContain('wartet')
  })

  test('a withheld result asks for no step', async () => {
    await story.tapAll([1, 2, 3, 4])
    await story.close()
    await world.advance({ weeks: 2 })
    expect(await story.offer()).toBeUndefined()
    expect(await states()).toEqual(['closed', 'closed'])
  })
})
