import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startRig, type Rig } from './support/rig.ts'
import type { SlackUser } from './support/slack-server.ts'
import type { Person } from './support/teams-server.ts'

let rig: Rig
let slack: Rig['slack']
let teams: Rig['teams']
beforeEach(async () => {
  rig = await startRig()
  ;({ slack, teams } = rig)
})
afterEach(async () => {
  const complaints = rig.complaints()
  await rig.close()
  expect(complaints).toEqual([])
})

const TENANT = '7c1f6a52-3d0b-4b8e-9a64-0e5f2b7d9c31'
const CODE = /[A-Z2-9]{4}-[A-Z2-9]{4}/
const codeIn = (text: string | undefined): string => {
  const code = CODE.exec(text ?? '')?.[0]
  if (!code) throw new Error(`no code in: ${text}`)
  return code
}

describe('a network in Slack and in Teams', () => {
  test('gets its nudge on its day everywhere, each space in its language, and one press counts everywhere', async () => {
    const [city, clubs] = [rig.slackChannel('netzwerk'), rig.slackChannel('netzwerk-rheinfurt')]
    const team = rig.teamsChannel('Präventionsnetzwerk')
    await rig.advanceTo('2026-11-24T08:29:00Z')
    for (const place of [city, clubs, team]) expect(rig.seen(place)).toEqual([])
    await rig.advance({ minutes: 5 })
    expect(rig.seen(city)).toEqual([expect.stringContaining('Drei Zeilen zu meiner Rolle')])
    expect(rig.seen(clubs)).toEqual([expect.stringContaining('Three lines about my role')])
    expect(rig.seen(team)).toEqual([expect.stringContaining('Drei Zeilen zu meiner Rolle')])

    const [nudge] = teams.messages(team)
    await teams.press(nudge!, 'Erledigt', rig.teamsPerson('police-1'))
    expect(nudge?.buttons()).toEqual([])
    for (const place of [city, team]) expect(rig.seen(place)[0]).toContain('Erledigt. Danke Ihnen allen.')
    expect(rig.seen(clubs)[0]).toContain('Done. Thank you all.')

    const tip = expect.stringContaining('Tipp zum Wochenimpuls')
    for (const id of ['city-1', 'youth-1']) expect(rig.seen(rig.slackUser(id))).toEqual([tip])
    for (const id of ['city-2', 'fans-2', 'youth-2']) expect(rig.seen(rig.slackUser(id))).toEqual([])
    for (const id of ['city-1', 'police-1', 'schools-1']) expect(rig.seen(rig.teamsPerson(id))).toEqual([])
    expect(rig.seen(rig.slackChannel('koordination'))).toEqual([])

    await rig.advance({ weeks: 1 })
    const next = slack.messages(clubs).find((message) => slack.read(message).includes('nudge 2 of 5'))
    await slack.press(next, 'Skip', rig.slackUser('fans-2'))
    for (const place of [city, team])
      expect(rig.seen(place).join()).toContain('Übersprungen, und das ist in Ordnung.')
  })
})

test('joining in Teams, linking Slack, being the same person in both, and leaving both', async () => {
  const aylin = rig.slackUser('city-1')
  const mia = slack.user('U0MIA', { team: 'T0VEREINE', locale: 'de-DE', zone: 'Europe/Berlin' })
  const miaInTeams = teams.person('Mia Braun', { tenant: TENANT, locale: 'de-DE' })
  const stranger = /Ich kenne Sie noch nicht|I do not know you yet/
  await slack.dm(mia, 'hallo')
  expect(rig.seen(mia)).toEqual([expect.stringContaining('beitreten CODE')])

  await slack.command(aylin, rig.slackChannel('koordination'), '/linkpin einladen')
  const person = {
    'Neu: Name': 'Mia Braun',
    'Neu: Partner': 'Fanprojekt Rheinfurt 09',
    'Neu: Sprache': 'Deutsch',
  }
  await slack.fill(slack.modals(aylin).at(-1), person).submit()
  const invitation = rig.whispers(aylin).at(-1)
  expect(invitation).toContain('Einmalcode für Mia Braun')
  expect(rig.seen(rig.slackChannel('koordination'))).toEqual([])

  await teams.install(miaInTeams)
  expect(rig.seen(miaInTeams).at(-1)).toMatch(stranger)
  await teams.say(miaInTeams, 'personal', `beitreten ${codeIn(invitation)}`)
  expect(rig.seen(miaInTeams).at(-1)).toContain('Willkommen bei Präventionsnetzwerk Rheinfurt')
  await teams.say(miaInTeams, 'personal', 'verknüpfen')
  await slack.dm(mia, `join ${codeIn(rig.seen(miaInTeams).at(-1))}`)
  expect(rig.seen(mia).at(-1)).toContain('Auch dieses Konto gehört jetzt zu Ihnen, Mia Braun.')

  await slack.command(mia, undefined, '/linkpin was wissen Sie über mich?')
  await teams.say(miaInTeams, 'personal', 'what do you know about me')
  for (const answer of [rig.whispers(mia).at(-1), rig.seen(miaInTeams).at(-1)]) {
    expect(answer).toContain('Mia Braun, für Fanprojekt Rheinfurt 09')
    expect(answer).toContain('Ihre Konten: Microsoft Teams und Slack')
  }

  await slack.command(mia, undefined, '/linkpin verlassen')
  await slack.press(slack.ephemerals(mia).at(-1), 'Ja, verlassen', mia)
  expect(rig.whispers(mia).at(-1)).toContain('Sie haben Präventionsnetzwerk Rheinfurt verlassen')
  await slack.dm(mia, 'hilfe')
  await teams.say(miaInTeams, 'personal', 'hilfe')
  for (const place of [mia, miaInTeams]) expect(rig.seen(place).at(-1)).toMatch(stranger)
  const models = Object.values(rig.store.db.models)
  const stored = await Promise.all(models.map((model) => model.find({}).lean()))
  expect(JSON.stringify(stored)).not.toContain('Mia Braun')
})

test('a coordinator connects new channels by form; nudges come there until they are disconnected', async () => {
  const aylin = rig.slackUser('city-1')
  const aylinInTeams = rig.teamsPerson('city-1')
  const fresh = slack.channel('C0NEU', { team: 'T0RATHAUS', name: 'neu', members: [aylin] })
  const freshTeam = teams.channel('Neues Team', { tenant: TENANT })
  await teams.addTo(freshTeam, aylinInTeams)
  await teams.install(aylinInTeams)

  await slack.mention(aylin, fresh, 'verbinden')
  await slack.press(slack.ephemerals(aylin).at(-1), 'Formular öffnen', aylin)
  const own = { 'Wie heißt er?': 'neu', 'Sprache des Kanals': 'English' }
  await slack.fill(slack.modals(aylin).at(-1), own).submit()
  expect(rig.whispers(aylin).at(-1)).toContain('Dieser Kanal ist jetzt ein Teamkanal')

  const [offer] = await teams.say(aylinInTeams, freshTeam, '@Linkpin verbinden')
  const dialog = await teams.openDialog(offer!, 'Öffnen', aylinInTeams)
  await dialog.fill({ 'Wie heißt er?': 'Neues Team', 'Sprache des Kanals': 'Deutsch' }).submit()
  expect(dialog.text).toContain('Dieser Kanal ist jetzt ein Teamkanal')

  await rig.advanceTo('2026-11-24T09:00:00Z')
  expect(rig.seen(fresh)).toEqual([expect.stringContaining('Three lines about my role')])
  expect(rig.seen(freshTeam).at(-1)).toContain('Drei Zeilen zu meiner Rolle')

  await slack.mention(aylin, fresh, 'trennen')
  expect(rig.whispers(aylin).at(-1)).toContain('In diesem Kanal schreibe ich nicht mehr.')
  await teams.say(aylinInTeams, freshTeam, '@Linkpin trennen')
  expect(rig.seen(aylinInTeams).at(-1)).toContain('In diesem Kanal schreibe ich nicht mehr.')
  const before = [rig.seen(fresh).length, rig.seen(freshTeam).length]
  await rig.advance({ weeks: 1 })
  expect([rig.seen(fresh).length, rig.seen(freshTeam).length]).toEqual(before)
  expect(rig.seen(rig.slackChannel('netzwerk')).join()).toMatch(/Impuls 2 von 5/)
})

describe('a pulse', () => {
  const CLOSED = '2026-12-01T12:00:00Z'
  const places = () => [
    rig.slackChannel('netzwerk'),
    rig.slackChannel('netzwerk-rheinfurt'),
    rig.teamsChannel('Präventionsnetzwerk'),
  ]
  const sheetInSlack = (user: SlackUser) =>
    slack.direct(user).findLast((message) => /Kurzbefragung|pulse/.test(message.text))
  const inSlack = async (member: string, values: number[]): Promise<void> => {
    const user = rig.slackUser(member)
    for (const [nth, value] of values.entries())
      await slack.press(sheetInSlack(user), String(value), user, nth)
  }
  const inTeams = async (person: Person, values: number[]): Promise<void> => {
    const sheet = teams.messages(person).findLast(({ summary }) => /Kurzbefragung|pulse/.test(summary))
    for (const [nth, value] of values.entries()) await teams.press(sheet!, String(value), person, { nth })
  }

  beforeEach(() => rig.advanceTo('2026-11-25T10:00:00Z'))

  test('is answered in Slack and Teams, in place and by form, and shown to all when it is closed', async () => {
    const [priya, katrin, aylin] = [
      rig.teamsPerson('schools-1'),
      rig.teamsPerson('police-1'),
      rig.teamsPerson('city-1'),
    ]
    expect(rig.seen(rig.slackUser('fans-2')).at(-1)).toContain('17 people are invited')
    expect(rig.seen(katrin).at(-1)).toContain('17 Personen sind eingeladen')
    await inSlack('fans-2', [4, 4, 4, 4])
    await inSlack('families-2', [2, 4, 4, 5])
    await inSlack('city-2', [5, 4, 3, 5])
    await inSlack('city-1', [1, 1, 1, 1])
    await inTeams(katrin, [4, 4, 4, 4])
    expect(rig.seen(katrin).at(-1)).toContain('Danke')

    const announcement = teams.messages(rig.teamsChannel('Präventionsnetzwerk')).at(-1)
    const dialog = await teams.openDialog(announcement!, 'Antworten', priya)
    const statements = Object.keys(dialog.values).slice(0, 4)
    await dialog.fill(Object.fromEntries(statements.map((statement) => [statement, 'Agree']))).submit()
    expect(dialog.text).toContain('Saved.')

    // Aylin changes in Teams what she answered in Slack.
    await teams.install(aylin)
    const [offer] = await teams.say(aylin, 'personal', 'puls')
    const again = await teams.openDialog(offer!, 'Öffnen', aylin)
    expect(Object.values(again.values).slice(0, 4)).toEqual(['1', '1', '1', '1'])
    await again
      .fill(
        Object.fromEntries(
          Object.keys(again.values)
            .slice(0, 4)
            .map((one) => [one, 'Stimme zu']),
        ),
      )
      .submit()

    for (const place of places()) expect(rig.seen(place).join()).not.toMatch(/Antworten: 6|Answers: 6/)
    await rig.advanceTo(CLOSED)
    const [city, clubs, team] = places().map((place) =>
      rig.seen(place).findLast((text) => /gemeinsam gesagt|What we said/.test(text)),
    )
    expect(city).toContain('Antworten: 5 oder mehr')
    expect(clubs).toContain('Answers: 5 or more')
    expect(team).toContain('5 oder mehr')
    for (const text of [city, clubs, team]) expect(text).not.toMatch(/ von 5| of 5/)
    expect(rig.seen(rig.slackUser('fans-2')).join()).toContain('The answers that stood here are deleted')
  })

  test('with four answers shows nothing', async () => {
    for (const member of ['fans-2', 'families-2', 'city-2']) await inSlack(member, [1, 1, 1, 1])
    await inTeams(rig.teamsPerson('police-1'), [1, 1, 1, 1])
    await rig.advanceTo(CLOSED)
    const results = places().map((place) =>
      rig.seen(place).findLast((text) => /gemeinsam gesagt|What we said/.test(text)),
    )
    for (const text of results) {
      expect(text).toMatch(/weniger als fünf Antworten|Fewer than five/)
      expect(text).not.toMatch(/●|Gespräch wert|conversation soon/)
    }
  })
})
