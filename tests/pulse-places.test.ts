import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import express from 'express'
import { createPlayground } from '../adapters/playground/server.ts'
import type { WireMessages, WireReply } from '../adapters/playground/wire.ts'
import { addressKey, directTo } from '../src/kernel/address.ts'
import { createLogger } from '../src/kernel/logger.ts'
import { startRig, type Rig } from './support/rig.ts'
import { findAction, inputsOf, inputValue, linesOf, type Json } from './support/teams-cards.ts'
import { createWorld, type World } from './support/world.ts'

// Choosing what follows, the plan and another date: in Slack, in Teams and in the playground, as their clients send it.

// A Wednesday on which a pulse has opened; the Tuesday on which it has closed; the Wednesday on which the next is due.
const OPEN = '2026-11-25T10:00:00Z'
const CLOSED = '2026-12-01T12:00:00Z'
const NEXT = '2026-12-09T12:00:00Z'
const ANSWERING = ['city-2', 'fans-2', 'families-2', 'exit-2', 'youth-2']

describe('in Slack and in Teams', () => {
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

  const places = () => [
    rig.slackChannel('netzwerk'),
    rig.slackChannel('netzwerk-rheinfurt'),
    rig.teamsChannel('Präventionsnetzwerk'),
  ]
  async function answered(): Promise<void> {
    await rig.advanceTo(OPEN)
    for (const member of ANSWERING) {
      const user = rig.slackUser(member)
      const sheet = slack.direct(user).findLast(({ text }) => /Kurzbefragung|pulse/.test(text))
      for (const nth of [0, 1, 2, 3]) await slack.press(sheet, '2', user, nth)
    }
    await rig.advanceTo(CLOSED)
  }

  test('a result leads to a form in Slack; the choice is told everywhere, and the offers are settled', async () => {
    await answered()
    const [aylin, yusuf] = [rig.slackUser('city-1'), rig.slackUser('youth-1')]
    const offer = slack.direct(aylin).findLast(({ text }) => /Idee/.test(text))
    expect(slack.read(offer!)).toContain('Bitte wählen Sie den einen nächsten Schritt')
    await slack.press(offer, 'Etwas Eigenes', aylin)
    const modal = slack.modals(aylin).at(-1)
    await slack.fill(modal, { 'Was schlagen Sie dem Team vor?': 'Ein <@U1> Frühstück *zusammen*' }).submit()
    expect(rig.whispers(aylin).concat(rig.seen(aylin)).join()).toContain('auf dem Weg in den Teamkanal')
    await rig.advance({ hours: 1 })
    const [city, clubs, team] = places().map((place) =>
      rig.seen(place).findLast((text) => /Was aus unserer|What follows/.test(text)),
    )
    expect(city).toContain('Die Koordination schlägt als nächsten Schritt vor:')
    expect(clubs).toContain('The coordinators suggest as our next step:')
    // Shown as it was written: no mention, no formatting.
    for (const text of [city, clubs, team]) expect(text).toContain('Frühstück *zusammen*')
    for (const user of [aylin, yusuf]) {
      expect(rig.seen(user).join()).toContain('Die Koordination hat gewählt')
      expect(rig.seen(user).join()).not.toContain('Etwas Eigenes')
    }
    await rig.advanceTo(NEXT)
    expect(rig.seen(rig.slackUser('fans-2')).at(-1)).toContain('people are invited')
  })

  test('what waits is found and chosen in Teams, by whoever coordinates, on any account', async () => {
    await answered()
    await rig.advanceTo(NEXT)
    expect(rig.seen(rig.slackUser('city-1')).at(-1)).toContain('Heute gab es keine Kurzbefragung')
    expect(rig.seen(rig.slackUser('fans-2')).at(-1)).not.toContain('people are invited')
    const aylin = rig.teamsPerson('city-1')
    await teams.install(aylin)
    const [status] = await teams.say(aylin, 'personal', 'stand der kurzbefragung')
    expect(status?.text()).toContain('Das letzte Ergebnis wartet')
    await teams.press(status!, 'Nächsten Schritt wählen', aylin)
    const choices = teams.messages(aylin).at(-1)
    const dialog = await teams.openDialog(choices!, 'Diesmal keiner', aylin)
    await dialog.fill({ 'Diesmal keiner, weil …': 'Im Dezember ist viel los.' }).submit()
    await rig.advance({ hours: 1 })
    expect(rig.seen(rig.teamsChannel('Präventionsnetzwerk')).at(-1)).toContain(
      'weil: Im Dezember ist viel los.',
    )
    expect(rig.seen(rig.slackChannel('netzwerk-rheinfurt')).at(-1)).toContain('This time no step follows')
  })

  test('the plan is chosen in Slack and a date moved in Teams', async () => {
    const [aylin, aylinInTeams] = [rig.slackUser('city-1'), rig.teamsPerson('city-1')]
    await slack.command(aylin, rig.slackChannel('netzwerk'), '/linkpin plan der kurzbefragung')
    const modal = slack.modals(aylin).at(-1)
    await slack.fill(modal, { Plan: 'Jede Woche, drei Aussagen' }).submit()
    expect(rig.whispers(aylin).at(-1)).toContain('Er gilt ab jetzt.')
    await teams.install(aylinInTeams)
    const [list] = await teams.say(aylinInTeams, 'personal', 'check-ins')
    expect(list?.text()).toMatch(/Kurzbefragung, jede Woche am Mittwoch/)
    const [offer] = await teams.say(aylinInTeams, 'personal', 'verschieben kurzbefragung')
    const dialog = await teams.openDialog(offer!, 'Öffnen', aylinInTeams)
    await dialog.fill({ 'Auf welchen Tag': '2026-11-28' }).submit()
    expect(dialog.text).toContain('An diesem Tag arbeitet niemand')
    await dialog.fill({ 'Auf welchen Tag': '2026-11-26', 'Um wie viel Uhr': '11:00' }).submit()
    expect(dialog.text).toContain('26. November um 11:00')
    await rig.advanceTo(OPEN)
    for (const place of places()) expect(rig.seen(place).join()).not.toMatch(/anonym/)
    await rig.advanceTo('2026-11-26T10:30:00Z')
    for (const place of places()) expect(rig.seen(place).join()).toMatch(/anonym/)
  })
})

describe('in the playground', () => {
  let world: World
  let post: (body: object) => Promise<WireReply>
  let read: (member: string) => Promise<WireMessages['messages']>
  let stop: () => Promise<void>

  beforeEach(async () => {
    world = await createWorld('2026-11-23T09:00:00Z')
    const { app, clock, store, texts } = world
    const playground = createPlayground({
      ...{ conversation: app.conversation, networks: app.networks, clock, texts, db: store.db },
      log: createLogger('silent'),
      network: 'rheinfurt',
      advance: async () => undefined,
    })
    // Before the world's own messenger, which serves everybody.
    app.addMessenger(playground.messenger)
    const server = createServer(express().use('/playground', playground.router)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/playground/api/`
    const space = async (member: string) =>
      addressKey(directTo((await app.networks.member('rheinfurt', member))!.accounts[0]!))
    const chat = await space('city-1')
    post = async (body) => {
      const response = await fetch(`${base}act`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Linkpin': 'playground' },
        body: JSON.stringify({ member: 'city-1', space: chat, ...body }),
      })
      expect(response.status).toBe(200)
      return (await response.json()) as WireReply
    }
    read = async (member) => {
      const query = new URLSearchParams({ space: await space(member), member, limit: '50' })
      return ((await (await fetch(`${base}messages?${query}`)).json()) as WireMessages).messages
    }
    stop = async () => {
      playground.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await world.close()
    }
  })
  afterEach(() => stop())

  /** Fills in the form as Teams shows it and sends it off. */
  async function submit({ form }: WireReply, values: Record<string, string>): Promise<WireReply> {
    const card = form?.teams
    const [action] = (card as { actions: Json[] }).actions
    const inputs = inputsOf(card).map((input) => {
      const given = values[String(input.label)]
      return [String(input.id), given === undefined ? String(input.value ?? '') : inputValue(input, given)]
    })
    const payload = { data: { ...Object.fromEntries(inputs), ...(action?.data as Json) } }
    return post({ what: { kind: 'submit', form: form?.id, platform: 'teams', payload } })
  }
  const last = async (): Promise<string> => linesOf((await read('city-1')).at(-1)?.teams).join('\n')

  test('the plan, another date, and how the pulse is doing are there in both renderings', async () => {
    const form = await post({ what: { kind: 'command', text: '@Linkpin plan der kurzbefragung' } })
    expect(JSON.stringify(form.form?.slack)).toContain('Alle vier Wochen, vier Aussagen')
    await submit(form, { Plan: 'Alle vier Wochen, vier Aussagen' })
    expect(await last()).toContain('Er gilt ab jetzt.')
    const move = await post({ what: { kind: 'command', text: 'verschieben kurzbefragung' } })
    const refused = await submit(move, { 'Um wie viel Uhr': '22:00' })
    expect(Object.values(refused.form?.errors ?? {}).join()).toContain('Zwischen 18:00 und 08:00')
    await submit(refused, { 'Auf welchen Tag': '2026-11-27', 'Um wie viel Uhr': '09:00' })
    expect(await last()).toContain('27. November um 09:00')
    await post({ what: { kind: 'command', text: 'stand der kurzbefragung' } })
    const status = (await read('city-1')).at(-1)
    for (const drawn of [status?.slack, status?.teams])
      expect(JSON.stringify(drawn)).toContain('Plan: Alle vier Wochen')
    const button = findAction(status?.teams, 'Plan ändern')
    expect(
      (await post({ what: { kind: 'press', platform: 'teams', payload: { data: button?.data } } })).form
        ?.title,
    ).toBe('Wie oft wir fragen')
  })
})
