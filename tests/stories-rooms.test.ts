import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startRig, type Rig } from './support/rig.ts'
import type { SlackChannel, SlackUser } from './support/slack-server.ts'
import type { Channel, Person } from './support/teams-server.ts'

let rig: Rig
let slack: Rig['slack']
let teams: Rig['teams']
let aylin: SlackUser
let katrin: Person
let city: SlackChannel
let clubs: SlackChannel
let team: Channel
beforeEach(async () => {
  rig = await startRig()
  ;({ slack, teams } = rig)
  aylin = rig.slackUser('city-1')
  katrin = rig.teamsPerson('police-1')
  city = rig.slackChannel('netzwerk')
  clubs = rig.slackChannel('netzwerk-rheinfurt')
  team = rig.teamsChannel('Präventionsnetzwerk')
})
afterEach(async () => {
  const complaints = rig.complaints()
  await rig.close()
  expect(complaints).toEqual([])
})

const everywhere = () => [city, clubs, team]
const lastSeen = (place: Parameters<Rig['seen']>[0]): string => rig.seen(place).at(-1) ?? ''

test('a goal is agreed by form in Slack, confirmed in Teams, reviewed by its lead and seen at a glance', async () => {
  const lena = rig.slackUser('youth-2')
  const goal = {
    Kurztitel: 'Eine Nummer für Sorgen',
    'Die Veränderung': 'Bis Juni kennen Schulen eine Anlaufstelle.',
    'Warum uns das wichtig ist': 'Sorgen gehen zwischen uns verloren.',
    Federführung: 'Lena Fischer (Jugendamt Rheinfurt)',
    'Unterstützende Organisationen': ['Polizei Rheinfurt, Kriminalprävention'],
    'Erstes Zeichen für Fortschritt': 'Die Anlaufstelle ist benannt.',
    'Was für andere schiefgehen könnte': 'Jugendliche könnten sich beobachtet fühlen.',
  }
  await slack.command(aylin, city, '/linkpin ziel vereinbaren')
  const modal = slack.modals(aylin).at(-1)
  await slack.fill(modal, { ...goal, 'Gründliche Überprüfung bis': '2026-11-01' }).submit()
  expect(modal?.open).toBe(true)
  expect(modal?.errors).toEqual({
    'Gründliche Überprüfung bis': expect.stringContaining('24. November 2026'),
  })
  for (const place of everywhere()) expect(rig.seen(place)).toEqual([])
  await slack.fill(modal, { ...goal, 'Gründliche Überprüfung bis': '2027-06-30' }).submit()
  expect(modal?.open).toBe(false)
  for (const place of everywhere()) expect(lastSeen(place)).toContain('Eine Nummer für Sorgen')
  expect(lastSeen(clubs)).toContain('Why it matters to us')
  expect(lastSeen(lena)).toContain('für die Federführung')

  await slack.press(slack.messages(city).at(-1), 'Unsere Organisation steht dahinter', lena)
  await teams.press(teams.messages(team).at(-1)!, 'Unsere Organisation steht dahinter', katrin)
  for (const place of [city, team]) expect(lastSeen(place)).toContain('Vereinbart von')
  expect(lastSeen(clubs)).toContain('Agreed by')

  await rig.advanceTo('2026-11-26T09:30:00Z')
  expect(lastSeen(lena)).toContain('Zwei Minuten für „Eine Nummer für Sorgen“')
  await slack.press(slack.direct(lena).at(-1), 'Antworten', lena)
  const review = {
    'Wo stehen wir mit diesem Ziel?': 'In Bewegung',
    'Wie zuversichtlich sind Sie, dass wir es erreichen?': '4',
    'Was haben Sie bemerkt, das für oder gegen einen Fortschritt spricht?': 'Zwei Schulen haben angerufen',
    'Ist es noch das richtige Ziel?': 'Ja',
  }
  await slack.fill(slack.modals(lena).at(-1), review).submit()
  for (const place of everywhere()) {
    expect(lastSeen(place)).toMatch(/Unsere Ziele auf einen Blick|Our goals at a glance/)
    expect(lastSeen(place)).toMatch(/In Bewegung|Moving/)
    expect(lastSeen(place)).toContain('Zwei Schulen haben angerufen')
    expect(lastSeen(place)).not.toContain('Lena')
  }
})

describe('care', () => {
  test('a contact is noted in Teams; how partners are doing is seen by coordinators alone', async () => {
    const aylinInTeams = rig.teamsPerson('city-1')
    const jonas = rig.slackUser('city-2')
    for (const person of [katrin, aylinInTeams]) await teams.install(person)
    const [contact] = await teams.say(katrin, 'personal', 'kontakt jugendamt')
    expect(contact?.text()).toContain('In Kontakt mit: Jugendamt Rheinfurt')
    await teams.press(contact!, 'Danken', katrin)
    expect(lastSeen(katrin)).toContain('Notiert: Danken, Jugendamt Rheinfurt')
    const [which] = await teams.say(katrin, 'personal', 'anfragen')
    await expect(teams.press(which!, 'OK', katrin)).rejects.toThrow('→ Welcher Partner?')
    await teams.press(which!, 'OK', katrin, { choose: 'Jugendamt Rheinfurt' })
    expect(lastSeen(katrin)).toContain('Bevor Sie fragen: Jugendamt Rheinfurt')

    await slack.mention(aylin, city, 'netzwerkpflege')
    await teams.say(aylinInTeams, team, '@Linkpin netzwerkpflege')
    for (const list of [rig.whispers(aylin).at(-1), lastSeen(aylinInTeams)]) {
      expect(list).toContain('Wie es unseren Partnern mit uns geht')
      expect(list).toContain('Jugendamt Rheinfurt')
    }
    await slack.mention(jonas, city, 'netzwerkpflege')
    await teams.say(katrin, team, '@Linkpin netzwerkpflege')
    for (const answer of [rig.whispers(jonas).at(-1), lastSeen(katrin)])
      expect(answer).toBe('Das ist Sache der Koordination Ihres Netzwerks. Bitte sprechen Sie sie an.')
    for (const place of everywhere()) expect(rig.seen(place)).toEqual([])
  })

  test('the digest reaches coordinators only', async () => {
    await rig.advanceTo('2026-11-30T09:00:00Z')
    const digest =
      /Netzwerkpflege in dieser Woche|Wir sind mit allen Partnern in Kontakt|Partner care this week/
    for (const id of ['city-1', 'youth-1']) expect(rig.seen(rig.slackUser(id)).join()).toMatch(digest)
    const others = ['city-2', 'exit-1', 'exit-2', 'fans-2', 'harbour-1', 'youth-2'].map(rig.slackUser)
    const inTeams = ['police-1', 'police-2', 'schools-1', 'schools-2'].map(rig.teamsPerson)
    for (const place of [...everywhere(), rig.slackChannel('koordination'), ...others, ...inTeams])
      expect(rig.seen(place).join()).not.toMatch(digest)
  })
})

describe('check-ins', () => {
  test('are scheduled, previewed, skipped and run by a coordinator; everybody can ask when the next one is', async () => {
    const daniel = rig.slackUser('exit-2')
    await slack.command(aylin, city, '/linkpin planen')
    const rhythm = { Was: 'Wochenimpuls', 'Wie oft': 'Jede Woche', 'Ab wann': '2026-11-26' }
    const modal = slack.modals(aylin).at(-1)
    await slack
      .fill(modal, { ...rhythm, 'An welchen Wochentagen': ['Donnerstag'], 'Um wie viel Uhr': '22:00' })
      .submit()
    expect(modal?.errors['Um wie viel Uhr']).toContain('Zwischen 18:00 und 08:00 Uhr')
    await slack
      .fill(modal, { ...rhythm, 'An welchen Wochentagen': ['Donnerstag'], 'Um wie viel Uhr': '11:15' })
      .submit()
    expect(rig.whispers(aylin).at(-1)).toContain('Kommt jede Woche am Donnerstag um 11:15 Uhr.')

    // In London it is an hour earlier.
    await slack.command(daniel, clubs, '/linkpin when is the next one?')
    expect(rig.whispers(daniel).at(-1)).toContain('Next: Thursday 26 November at 10:15')
    expect(rig.whispers(daniel).at(-1)).not.toContain('Care digest')
    await teams.install(katrin)
    await teams.say(katrin, 'personal', 'Wann ist der nächste?')
    expect(lastSeen(katrin)).toContain('Als Nächstes: Donnerstag, 26. November um 11:15')

    await slack.command(aylin, city, '/linkpin vorschau wochenimpuls')
    expect(rig.whispers(aylin).at(-1)).toContain('Drei Zeilen zu meiner Rolle')
    for (const place of everywhere()) expect(rig.seen(place)).toEqual([])

    await slack.command(aylin, city, '/linkpin auslassen wochenimpuls')
    expect(rig.whispers(aylin).at(-1)).toContain('Donnerstag, 3. Dezember um 11:15')
    await rig.advanceTo('2026-11-26T11:00:00Z')
    for (const place of everywhere()) expect(rig.seen(place).join()).not.toContain('1 von 5')

    await slack.command(aylin, city, '/linkpin jetzt starten wochenimpuls')
    expect(rig.whispers(aylin).at(-1)).toContain('Nachrichten sind unterwegs')
    for (const place of everywhere())
      expect(lastSeen(place)).toMatch(/Drei Zeilen zu meiner Rolle|Three lines/)
  })

  test('are scheduled in Teams as well; a mistake stands beside its field, and nothing is lost', async () => {
    const aylinInTeams = rig.teamsPerson('city-1')
    await teams.install(aylinInTeams)
    const [offer] = await teams.say(aylinInTeams, 'personal', 'planen')
    const dialog = await teams.openDialog(offer!, 'Öffnen', aylinInTeams)
    const wanted = { Was: 'Kurzbefragung', 'Wie oft': 'Alle 4 Wochen', 'An welchen Wochentagen': ['Freitag'] }
    await dialog.fill({ ...wanted, 'Um wie viel Uhr': '10:30', 'Ab wann': '2026-11-20' }).submit()
    expect(dialog.text).toContain('Dieser Tag ist vorbei.')
    expect(dialog.values).toMatchObject({ Was: 'pulse', 'Wie oft': 'week-4', 'Um wie viel Uhr': '10:30' })
    await dialog.fill({ 'Ab wann': '2026-11-27' }).submit()
    expect(dialog.text).toContain('Kommt alle 4 Wochen am Freitag um 10:30 Uhr.')

    const [list] = await teams.say(aylinInTeams, 'personal', 'check-ins')
    expect(list?.text()).toContain('Freitag, 27. November um 10:30')
    await teams.press(list!, 'Einmal auslassen', aylinInTeams, {
      nth: list!.buttons().filter((one) => one === 'Einmal auslassen').length - 1,
    })
    expect(list?.text(aylinInTeams)).toContain('ausgelassen')
  })
})
