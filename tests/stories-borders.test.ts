import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { example, startRig, type Rig } from './support/rig.ts'
import type { SlackMessage } from './support/slack-server.ts'
import { partsOf, type Json } from './support/teams-cards.ts'

const OTHER_TENANT = 'aaaaaaaa-0000-4000-8000-00000000000a'
/** A second network, with people and channels of its own in both products. */
const ELSEWHERE = `
id: kleinau
name: Netzwerk Kleinau
zone: Europe/Berlin
languages: [de]
phase: first-steps
partners:
  - { id: hall, name: Rathaus Kleinau, type: formal, sector: municipality, level: strategic, category: core-member }
members:
  - { id: eve, name: Eve Elsewhere, partner: hall, language: de, coordinator: true, accounts: [{ slack: T0KLEINAU/U0EVE }] }
  - { id: rob, name: Rob Elsewhere, partner: hall, language: de, accounts: [{ teams: ${OTHER_TENANT}/rob }] }
spaces:
  - { kind: team, name: kleinau, language: de, slack: T0KLEINAU/C0KLEINAU }
  - { kind: team, name: Kleinau, language: de, teams: '${OTHER_TENANT}/19:kleinau@thread.tacv2' }
`

let rig: Rig
let slack: Rig['slack']
let teams: Rig['teams']
afterEach(async () => {
  const complaints = rig.complaints()
  await rig.close()
  expect(complaints).toEqual([])
})
const start = async (options: Parameters<typeof startRig>[0] = {}): Promise<void> => {
  rig = await startRig(options)
  ;({ slack, teams } = rig)
}

/** Everything stored, except what only says that a request was seen, and when a channel may be written to again. */
async function stored(): Promise<string> {
  const models = Object.values(rig.store.db.models).filter(
    ({ modelName }) => !['InboxEntry', 'Pace'].includes(modelName),
  )
  return JSON.stringify(
    await Promise.all(models.map((model) => model.find({}).sort({ _id: 1 }).lean())),
    null,
    1,
  )
}

describe('who is not who they say', () => {
  beforeEach(() => start())

  test('is turned away: a forged signature in Slack, a wrong token in Teams', async () => {
    const body = new URLSearchParams({
      command: '/linkpin',
      text: 'verlassen',
      team_id: 'T0RATHAUS',
      user_id: 'U0AYLIN',
      channel_id: 'C0NETZWERK',
      trigger_id: 'forged',
      response_url: `${slack.url}/respond/none`,
    }).toString()
    // The Bot Framework prints refused tokens to the console.
    const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    const before = await stored()
    const forged = { 'x-slack-signature': `v0=${'0'.repeat(64)}` }
    expect((await slack.post(body, 'application/x-www-form-urlencoded', forged)).status).toBe(401)
    const old = { 'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000) - 3600) }
    expect((await slack.post(body, 'application/x-www-form-urlencoded', old)).status).toBe(401)
    const katrin = rig.teamsPerson('police-1')
    const message = { ...teams.envelope(katrin, 'personal'), type: 'message', text: 'meine daten' }
    for (const twist of [{ wrongKey: true }, { tampered: true }, { expiresIn: -600 }, { header: '' }]) {
      const { status } = await teams.post(message, twist)
      expect([401, 403]).toContain(status)
    }
    printed.mockRestore()
    expect(await stored()).toBe(before)
    expect([rig.seen(katrin), rig.whispers(rig.slackUser('city-1'))]).toEqual([[], []])
    // Refusing is the one thing that was to be logged here.
    const warnings = rig.logged
      .splice(0)
      .filter((line) => (JSON.parse(line) as { level: number }).level >= 40)
    expect(warnings.every((line) => line.includes('was refused'))).toBe(true)
  })

  test('a request that is repeated has one effect', async () => {
    const [aylin, katrin] = [rig.slackUser('city-1'), rig.teamsPerson('police-1')]
    for (let n = 0; n < 3; n++)
      await slack.mention(aylin, rig.slackChannel('netzwerk'), 'verknüpfen', {}, 'Ev0SAME')
    expect(rig.whispers(aylin)).toHaveLength(1)
    await teams.install(katrin)
    const before = rig.seen(katrin).length
    const message = { ...teams.envelope(katrin, 'personal'), type: 'message', text: 'verknüpfen' }
    await Promise.all([teams.post(message), teams.post(message)])
    await teams.post(message)
    expect(rig.seen(katrin)).toHaveLength(before + 1)
  })

  test('a button of last week, or of nobody, gets a kind word that only one person sees', async () => {
    const [jonas, katrin] = [rig.slackUser('city-2'), rig.teamsPerson('police-1')]
    const [city, team] = [rig.slackChannel('netzwerk'), rig.teamsChannel('Präventionsnetzwerk')]
    await rig.advanceTo('2026-11-24T09:00:00Z')
    const old = structuredClone(slack.messages(city)[0]) as SlackMessage
    await rig.advance({ weeks: 1, hours: 2 })
    const before = rig.seen(city)
    await slack.press(old, 'Erledigt', jonas)
    expect(rig.whispers(jonas)).toEqual([expect.stringContaining('Weg')])
    expect(rig.seen(city)).toEqual(before)

    const unknown = JSON.parse(
      JSON.stringify(old).replaceAll('modules.answer', 'modules.gone'),
    ) as SlackMessage
    await slack.press(unknown, 'Erledigt', jonas)
    expect(rig.whispers(jonas).at(-1)).toContain('gehört zu einer älteren Nachricht')
    const nudge = teams.messages(team).findLast((message) => message.buttons().includes('Erledigt'))!
    const action = partsOf(nudge.card()).find(({ title }) => title === 'Erledigt')
    const { body } = await teams.post({
      ...teams.envelope(katrin, team, nudge.conversation),
      type: 'invoke',
      name: 'adaptiveCard/action',
      replyToId: nudge.id,
      value: {
        action: {
          type: 'Action.Execute',
          ...(JSON.parse(JSON.stringify(action).replaceAll('modules.answer', 'modules.gone')) as Json),
        },
      },
    })
    expect(body.value).toContain('gehört zu einer älteren Nachricht')
  })
})

test('a button of another network shows and changes nothing of it', async () => {
  await start({ files: [example(), ELSEWHERE] })
  const [eve, rob] = [rig.slackUser('eve'), rig.teamsPerson('rob')]
  const [aylin, emeka, lena] = [rig.slackUser('city-1'), rig.slackUser('fans-2'), rig.slackUser('youth-2')]
  // In the first network: a goal, a nudge, an open pulse, a contact to be noted, the list of check-ins.
  await slack.command(emeka, undefined, '/linkpin goal')
  const words = [
    'Short title',
    'The change',
    'Why it matters to us',
    'First sign of progress',
    'What could go wrong for others',
  ]
  const goal = {
    ...Object.fromEntries(words.map((label) => [label, `Secret ${label}`])),
    Lead: 'Lena Fischer (Jugendamt Rheinfurt)',
  }
  await slack.fill(slack.modals(emeka).at(-1), goal).submit()
  await rig.advanceTo('2026-11-25T10:00:00Z')
  for (const typed of ['netzwerkpflege', 'check-ins', 'kontakt jugendamt', 'ziele', 'anfragen jugendamt'])
    await slack.command(aylin, undefined, `/linkpin ${typed}`)
  const foreign = [
    ...slack.messages(rig.slackChannel('netzwerk')),
    ...slack.direct(aylin),
    ...slack.direct(lena),
    ...slack.ephemerals(aylin),
  ]
  const values = new Set(
    foreign.flatMap(({ blocks }) => pressable(blocks).map((element) => JSON.stringify(element))),
  )
  expect(values.size).toBeGreaterThan(40)
  const before = await ofFirst()

  await slack.command(eve, rig.slackChannel('kleinau'), '/linkpin hilfe')
  const own = slack.ephemerals(eve).at(-1)!
  const [open] = slack.modals(eve)
  expect(open).toBeUndefined()
  for (const value of values) {
    const element = JSON.parse(value) as Json
    const labelled = { type: 'plain_text', text: 'Press' }
    const pressed = {
      ...element,
      ...(element.type === 'button'
        ? { text: labelled }
        : { options: (element.options as Json[]).slice(0, 1).map((one) => ({ ...one, text: labelled })) }),
    }
    await slack.press({ ...own, blocks: [{ type: 'actions', elements: [pressed] }] }, 'Press', eve)
  }
  expect(await ofFirst()).toBe(before)
  const shown = [
    ...rig.whispers(eve),
    ...rig.seen(eve),
    ...slack.modals(eve).map(slack.read),
    slack.read(own),
  ].join('\n')
  expect(shown).toMatch(/Rathaus Kleinau/)
  expect(shown).not.toMatch(/Rheinfurt|Secret|Aylin|Emeka|Lena|Jugendamt|Kompass/)

  // A form of the first network, sent off by somebody of the second.
  await slack.command(lena, undefined, '/linkpin ziele')
  for (const label of ['Secret Short title', 'Ändern'])
    await slack.press(slack.ephemerals(lena).at(-1), label, lena)
  const stolen = { ...slack.modals(lena).at(-1)!, user: eve.id, team: eve.team }
  await slack.fill(stolen, { Kurztitel: 'Taken over' }).submit()
  expect(stolen.errors).toMatchObject({ Federführung: 'Bitte wählen Sie ein Mitglied des Netzwerks.' })
  expect(await ofFirst()).toBe(before)

  // A guest in a channel of the first network.
  const city = rig.slackChannel('netzwerk')
  city.members.add(eve.id)
  const nudge = slack.messages(city).find(({ text }) => text.includes('Drei Zeilen'))
  await slack.mention(eve, city, 'ziele')
  await slack.press(nudge, 'Erledigt', eve)
  for (const answer of rig.whispers(eve).slice(-2))
    expect(answer).toContain('In diesem Kanal kann ich Ihnen nicht')

  await teams.install(rob)
  const theirs = teams.messages(rig.teamsChannel('Präventionsnetzwerk')).map((message) => message.card())
  const actions = theirs.flatMap(partsOf).filter(({ type }) => type === 'Action.Execute')
  expect(actions.length).toBeGreaterThan(5)
  for (const action of actions) {
    const value = { action }
    const envelope = teams.envelope(rob, rig.teamsChannel('Kleinau'))
    const { status } = await teams.post({ ...envelope, type: 'invoke', name: 'adaptiveCard/action', value })
    expect(status).toBe(200)
  }
  expect(await ofFirst()).toBe(before)
  expect(rig.seen(rob).join()).not.toMatch(/Rheinfurt|Secret|Lena/)

  async function ofFirst(): Promise<string> {
    const all = (JSON.parse(await stored()) as Json[][]).flat().map((doc) => JSON.stringify(doc, null, 1))
    return all.filter((doc) => doc.includes('rheinfurt') || !/kleinau|KLEINAU|aaaaaaaa/.test(doc)).join('\n')
  }
})

const pressable = (blocks: Json[]): Json[] =>
  blocks.filter(({ type }) => type === 'actions').flatMap(({ elements }) => elements as Json[])

describe('the first look', () => {
  beforeEach(() => start())

  test('Slack’s Home tab shows what comes next; coordinators find their check-ins there', async () => {
    const [aylin, daniel] = [rig.slackUser('city-1'), rig.slackUser('exit-2')]
    await slack.openHome(daniel)
    const home = slack.read(slack.home(daniel))
    expect(home).toContain('Linkpin for Präventionsnetzwerk Rheinfurt')
    expect(home).toContain('Tuesday 24 November at 08:30')
    expect(home).not.toMatch(/Care digest|Run now/)
    await slack.press(slack.home(daniel), 'What can you do?', daniel)
    expect(rig.seen(daniel).at(-1)).toContain('What I can do for you')

    await slack.openHome(aylin)
    await slack.press(slack.home(aylin), 'Check-ins', aylin)
    expect(rig.seen(aylin).at(-1)).toContain('Wochenimpuls, jede Woche am Dienstag um 09:30 Uhr')
  })

  test('a stranger finds on the Home tab how to join, and gets no message for looking', async () => {
    const mia = slack.user('U0MIA', { team: 'T0VEREINE', locale: 'de-DE' })
    for (let n = 0; n < 2; n++) await slack.openHome(mia)
    expect(slack.read(slack.home(mia))).toContain('um einen Einmalcode')
    expect(rig.seen(mia)).toEqual([])
  })

  test('Teams greets each member in their own language, strangers with how to join', async () => {
    const [katrin, priya] = [rig.teamsPerson('police-1'), rig.teamsPerson('schools-1')]
    const mia = teams.person('Mia', { tenant: katrin.tenant })
    for (const person of [katrin, priya, mia]) await teams.install(person)
    expect(rig.seen(katrin)).toEqual([expect.stringContaining('Linkpin für Präventionsnetzwerk Rheinfurt')])
    expect(rig.seen(priya)).toEqual([expect.stringContaining('Linkpin for Präventionsnetzwerk Rheinfurt')])
    expect(rig.seen(mia)).toEqual([expect.stringContaining('join CODE')])
  })
})
