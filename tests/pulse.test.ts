import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { directTo } from '../src/kernel/address.ts'
import { randomId } from '../src/kernel/ids.ts'
import { dump, lines, MEMBERS, scales, startStory, type Story } from './support/pulse-story.ts'
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

describe('an open wave', () => {
  test('comes to everybody in their own language, with the promise before the statements', async () => {
    for (const member of MEMBERS) expect(scales(await story.sheet(member))).toHaveLength(4)
    const german = words(await story.sheet('police-1'))
    expect(german).toContain('17 Personen sind eingeladen')
    expect(german).toContain('Deutsch (Übersetzungsvorschlag)')
    expect(german).toContain('bis Montag, 30. November um 10:00 Uhr offen')
    expect(german).toContain('Tippen Sie bei jeder Aussage')
    const english = words(await story.sheet('exit-2'))
    expect(english).toContain('17 people are invited')
    // In London it is an hour earlier.
    expect(english).toContain('until Monday 30 November at 09:00')
    expect(english).toContain('at least 5 people have answered it')
    expect(english.indexOf('I show nobody who answered')).toBeLessThan(english.indexOf('scale'))
    expect(english).toContain('those who run me')
  })

  test('is announced in the channels, without any number of people', async () => {
    for (const channel of CHANNELS) {
      expect(words(await story.announcement(channel))).toMatch(/anonym/)
      expect(words(await story.announcement(channel))).not.toMatch(/17|\b5\b/)
    }
    expect(await world.channel('koordination')).toEqual([])
  })

  test('is answered in place with one tap each, which can be changed until the end', async () => {
    await story.tap('fans-2', [4])
    expect(scales(await story.sheet('fans-2')).map(({ answer }) => answer)).toEqual([
      4,
      undefined,
      undefined,
      undefined,
    ])
    await story.tap('fans-2', [2, 0, 5, 1])
    expect(scales(await story.sheet('fans-2')).map(({ answer }) => answer)).toEqual([2, 0, 5, 1])
    expect(words(await story.sheet('fans-2'))).toContain('Thank you. You will see the team result')
    // Nobody else's sheet shows it.
    expect(scales(await story.sheet('fans-1')).every(({ answer }) => answer === undefined)).toBe(true)
  })

  test('can be taken up again from any of the accounts, and from the channel', async () => {
    await story.tap('city-1', [4])
    const teams = (await world.app.networks.member('rheinfurt', 'city-1'))?.accounts[1]
    const { form } = await world.conversation.handle({
      requestId: randomId(),
      account: teams!,
      place: directTo(teams!),
      what: { kind: 'command', text: 'puls' },
      canOpenForm: false,
    })
    expect(form?.fields.map(({ value }) => value)).toEqual(['4', undefined, undefined, undefined, undefined])
    const saved = await world.submit('city-1', form, { score1: '3', text: 'Mehr Zeit' })
    expect(words(saved.notice)).toContain('Gespeichert')
    expect(saved.update).toBeUndefined()
    const again = await world.press('city-1', await story.announcement('netzwerk'), 'Antworten')
    expect(again.form?.fields.map(({ value }) => value)).toEqual([
      '4',
      '3',
      undefined,
      undefined,
      'Mehr Zeit',
    ])
  })

  test('takes a tap in a channel as a private matter', async () => {
    const network = await world.app.networks.spaces('rheinfurt', 'team')
    const account = (await world.app.networks.member('rheinfurt', 'fans-1'))!.accounts[0]!
    const [scale] = scales(await story.sheet('fans-1'))
    const action = { ...scale!.action, args: { ...scale!.action.args, value: 3 } }
    const place = network[0]!.address
    const what = { kind: 'press' as const, action }
    const reply = await world.conversation.handle({
      requestId: randomId(),
      account,
      place,
      what,
      canOpenForm: true,
    })
    expect(reply.update).toBeUndefined()
    expect(scales(reply.notice)).toHaveLength(4)
  })

  test('keeps out data about persons, kindly', async () => {
    const reply = await story.write('fans-1', 'Fragen Sie nico@example.org')
    expect(Object.keys(reply.errors ?? {})).toEqual(['text'])
    expect(JSON.stringify((await dump(world)).pulse_sheets)).not.toContain('nico')
  })

  test('reminds everybody invited once, whoever has answered, on the last working day', async () => {
    const reminders = async (member: string) =>
      (await world.inbox(member)).filter(({ summary }) =>
        /open a little longer|noch etwas offen|nog even open/.test(summary),
      )
    await story.tapAll([3, 3, 3])
    await world.advance({ days: 2 })
    for (const member of MEMBERS) expect(await reminders(member)).toHaveLength(0)
    await world.advance({ days: 1 })
    for (const member of MEMBERS) expect(await reminders(member)).toHaveLength(1)
    await story.close()
    for (const member of MEMBERS) expect(await reminders(member)).toHaveLength(1)
    expect(words((await reminders('exit-2'))[0])).toContain('I do not know who has answered')
  })

  test('holds no link from a member to an answer, no time and no order', async () => {
    await story.tapAll([1, 2, 3, 4, 5])
    await story.write('city-1', 'Mehr Zeit')
    const { pulse_sheets: sheets = [], ...rest } = await dump(world)
    expect(sheets).toHaveLength(17)
    expect(new Set(sheets.flatMap((one) => Object.keys(one)))).toEqual(
      new Set(['_id', 'wave', 'open', 'scores', 'text']),
    )
    for (const member of MEMBERS) expect(JSON.stringify(sheets)).not.toContain(member)
    const ids = sheets.map(({ _id }) => String(_id))
    expect(ids).toEqual(ids.toSorted())
    for (const id of ids) expect(JSON.stringify(rest)).not.toContain(id)
    // The ledger of messages knows the sheets as they were sent: empty.
    expect(JSON.stringify(rest.deliveries)).not.toMatch(/"answer":|Mehr Zeit/)
  })

  test('is closed to who joined later, and forgets who leaves', async () => {
    await story.tap('fans-2', [5, 5, 5, 5])
    const answers = async () =>
      (await dump(world)).pulse_sheets!.filter(({ scores }) => Object.keys(scores as object).length > 0)
    expect(await answers()).toHaveLength(1)
    const { notice } = await world.say('fans-2', 'leave')
    await world.press('fans-2', notice, 'Yes, leave')
    expect(await answers()).toEqual([])
    expect((await dump(world)).pulse_sheets).toHaveLength(16)
    const [wave] = (await dump(world)).pulse_waves!
    expect(wave).toMatchObject({ invited: 17, state: 'open' })

    const { form } = await world.say('city-1', 'einladen')
    const invited = await world.submit('city-1', form, { name: 'Mia Braun', partner: 'fans', language: 'en' })
    const code = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(JSON.stringify(invited))?.[0]
    const account = { platform: 'slack' as const, tenant: 'T0VEREINE', userId: 'U0MIA' }
    const say = (text: string) =>
      world.conversation.handle({
        requestId: randomId(),
        account,
        place: directTo(account),
        what: { kind: 'command', text },
        canOpenForm: false,
      })
    await say(`join ${code}`)
    expect(words((await say('pulse')).notice)).toContain('You are welcome next time')
  })

  test('is the only one: nothing new opens before its result', async () => {
    const reply = await world.say('city-1', 'jetzt starten puls')
    expect(reply.notice).toBeDefined()
    expect((await dump(world)).pulse_waves).toHaveLength(1)
  })
})

test('a coordinator can look ahead to the next one, and nothing of it is stored', async () => {
  const before = await dump(world)
  const { notice } = await world.say('city-1', 'vorschau puls')
  expect(scales(notice)).toHaveLength(4)
  expect(words(notice)).toContain('17 Personen')
  const reply = await world.press('city-1', notice, 'Stimme zu')
  expect(words(reply.notice)).toContain('Es wird nichts gespeichert')
  const after = await dump(world)
  expect([after.pulse_waves, after.pulse_sheets]).toEqual([before.pulse_waves, before.pulse_sheets])
})

test('docs/privacy.md says the same words', async () => {
  const said = lines(await story.sheet('fans-2')).filter((line) => line.startsWith('- '))
  const plain = said.map((line) => line.replaceAll('**', ''))
  expect(plain).toHaveLength(3)
  const quoted = readFileSync('docs/privacy.md', 'utf8')
    .replace(/\n> +(?!-)/g, ' ')
    .replace(/ +/g, ' ')
  for (const line of plain) expect(quoted).toContain(`> ${line}`)
})

test('members are told that nothing about their answers is known', async () => {
  await story.tap('fans-2', [5])
  const { notice } = await world.say('fans-2', 'my data')
  expect(words(notice)).toContain('I keep neither what you answered nor whether you did')
})
