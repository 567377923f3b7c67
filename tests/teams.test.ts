import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createTeamsAdapter } from '../adapters/teams/teams.ts'
import type { Incoming, Reply } from '../src/conversation/port.ts'
import type { Address } from '../src/kernel/address.ts'
import type { Form, View } from '../src/views/view.ts'
import { startScripted } from './support/teams-scripted.ts'
import type { Channel, Person, TeamsServer } from './support/teams-server.ts'

type Scripted = Awaited<ReturnType<typeof startScripted>>

let app: Scripted
let teams: TeamsServer
let aylin: Person
let channel: Channel

beforeEach(async () => {
  app = await startScripted()
  teams = app.teams
  aylin = teams.person('Aylin', { aadObjectId: 'aylin', locale: 'de-DE', zone: 'Europe/Berlin' })
  channel = teams.channel('Prevention', { id: '19:prevention@thread.tacv2' })
})

afterEach(() => app.close())

const line = (text: string): View => ({ summary: text, blocks: [{ type: 'text', text }] })
const notice = (text: string): Reply => ({ notice: line(text) })
const card = (text: string): View => ({
  summary: text,
  blocks: [
    { type: 'heading', text },
    {
      type: 'scale',
      statement: 'We can rely on each other.',
      points: [1, 2, 3, 4, 5].map((value) => ({ value, label: `Point ${value}` })),
      skipLabel: 'Cannot say',
      action: { name: 'pulse.answer', args: { item: 'trust-1' } },
    },
    {
      type: 'buttons',
      buttons: [
        { label: 'Later', action: { name: 'pulse.later' } },
        { label: 'Write', action: { name: 'goals.write', args: { goal: 'g1' } }, opensForm: true },
      ],
    },
  ],
})
const form: Form = {
  title: 'Common goal',
  intro: 'In general terms, please.',
  fields: [
    { id: 'change', type: 'text', label: 'What changes', required: true, multiline: true, maxLength: 500 },
    {
      id: 'partners',
      type: 'multi-choice',
      label: 'With whom',
      options: [
        { value: 'school, east', label: 'School' },
        { value: 'police', label: 'Police' },
        { value: 'youth%2C', label: 'Youth work' },
      ],
    },
  ],
  submitLabel: 'Save',
  cancelLabel: 'Cancel',
  action: { name: 'goals.save', args: { goal: 'g1' } },
  openedBy: { name: 'goals.write', args: { goal: 'g1' } },
}
const team = (): Address => ({ platform: 'teams', tenant: 'contoso', kind: 'channel', id: channel.id })
const chat = (person: Person): Address => ({
  platform: 'teams',
  tenant: person.tenant,
  kind: 'direct',
  id: person.aadObjectId,
})
const posted = (address: Address, view: View) => app.messenger.post(address, view, { deliveryId: 'd1' })
const kinds = () => app.asked.map(({ what }) => what.kind)

describe('a person in Teams', () => {
  test('is greeted in the personal chat, once the app is there', async () => {
    app.answer({ home: card('Welcome') })
    const messages = await teams.install(aylin)
    expect(messages.map((message) => message.summary)).toEqual(['Welcome'])
    expect(app.asked).toMatchObject([{ what: { kind: 'home' }, place: chat(aylin), canOpenForm: false }])
    expect(teams.violations).toEqual([])
  })

  test('types a command in the personal chat and is answered there', async () => {
    await teams.install(aylin)
    app.answer(notice('**Help** for _you_'))
    const [answer] = await teams.say(aylin, 'personal', 'hilfe bitte')
    expect(answer?.text()).toBe('Help for you')
    expect(app.asked.at(-1)).toMatchObject({
      account: { platform: 'teams', tenant: 'contoso', userId: 'aylin' },
      place: chat(aylin),
      locale: 'de-DE',
      zone: 'Europe/Berlin',
      what: { kind: 'command', text: 'hilfe bitte' },
      canOpenForm: false,
    })
  })

  test('mentions the bot in a channel and is answered in private', async () => {
    await teams.addTo(channel, aylin)
    await teams.install(aylin)
    app.answer(notice('For you alone'))
    await teams.say(aylin, channel, '@Linkpin goals this week')
    expect(app.asked.at(-1)).toMatchObject({
      place: team(),
      what: { kind: 'command', text: 'goals this week' },
    })
    expect(teams.messages(channel)).toEqual([])
    expect(teams.messages(aylin).at(-1)?.text()).toBe('For you alone')
  })

  test('without a personal chat learns in the thread how to open it, and nothing private', async () => {
    await teams.addTo(channel, aylin)
    app.answer(notice('For you alone'))
    const [hint] = await teams.say(aylin, channel, '@Linkpin help')
    expect(hint?.text()).toContain('persönlichen Chat')
    expect(JSON.stringify(hint?.card())).not.toContain('For you alone')
  })

  test('is not read where the bot is not mentioned', async () => {
    await teams.addTo(channel, aylin)
    await teams.say(aylin, channel, 'among ourselves')
    expect(app.asked).toEqual([])
    expect(app.logged.join()).not.toContain('among ourselves')
  })

  test('who repeats a request carries the same id; who asks twice does not', async () => {
    await teams.install(aylin)
    const message = { ...teams.envelope(aylin, 'personal'), type: 'message', text: 'help' }
    await teams.post(message)
    await teams.post(message)
    await teams.post({ ...message, id: 'another' })
    const [first, again, other] = app.asked.slice(-3).map(({ requestId }) => requestId)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })
})

describe('a press', () => {
  const scale = async (): Promise<void> => {
    await teams.addTo(channel, aylin)
    await posted(team(), card('Pulse'))
  }

  test('changes the message in place, for everybody', async () => {
    await scale()
    const [message] = teams.messages(channel)
    app.answer({ update: line('Thank you') })
    await teams.press(message!, '4', aylin)
    expect(app.asked.at(-1)).toMatchObject({
      place: team(),
      what: { kind: 'press', action: { name: 'pulse.answer', args: { item: 'trust-1', value: 4 } } },
    })
    expect(message?.edits).toBe(1)
    expect([message?.text(), message?.text(aylin)]).toEqual(['Thank you', 'Thank you'])
    expect(teams.violations).toEqual([])
  })

  test('is answered to this person only by a line that nobody else sees', async () => {
    await scale()
    const [message] = teams.messages(channel)
    app.answer(notice('Only coordinators can do that.'))
    const { popUp, messages } = await teams.press(message!, 'Later', aylin)
    expect(popUp).toBe('Only coordinators can do that.')
    expect(messages).toEqual([])
    expect(message?.edits).toBe(0)
  })

  test('with a longer private answer in a channel leads to the personal chat', async () => {
    await scale()
    await teams.install(aylin)
    app.answer({ notice: card('In private'), update: line('Done') })
    const [message] = teams.messages(channel)
    const { messages } = await teams.press(message!, 'Later', aylin)
    expect(messages.map(({ summary }) => summary)).toEqual(['In private'])
    expect(teams.messages(aylin)).toContain(messages[0])
    expect(message?.text(aylin)).toBe('Done')
  })

  test('whose answer is a form leads to a button that opens it', async () => {
    await teams.install(aylin)
    app.answer({ form })
    const [message] = await teams.say(aylin, 'personal', 'goal')
    app.answer((incoming) => (incoming.canOpenForm ? { form } : {}))
    const dialog = await teams.openDialog(message!, 'Öffnen', aylin)
    expect(dialog.title).toBe('Common goal')
  })

  test('from a long list brings the chosen option', async () => {
    await teams.addTo(channel, aylin)
    const options = [...'abcdefgh'].map((value) => ({ value: `id-${value}`, label: `Option ${value}` }))
    await posted(team(), {
      summary: 'Phase',
      blocks: [{ type: 'choice', question: 'Which phase?', options, action: { name: 'modules.phase' } }],
    })
    await teams.press(teams.messages(channel)[0]!, 'OK', aylin, { choose: 'Option g' })
    expect(app.asked.at(-1)?.what).toEqual({
      kind: 'press',
      action: { name: 'modules.phase', args: { value: 'id-g' } },
    })
  })
})

describe('a dialog', () => {
  const opened = async () => {
    await teams.addTo(channel, aylin)
    await posted(team(), card('Goals'))
    app.answer({ form })
    return teams.openDialog(teams.messages(channel)[0]!, 'Write', aylin)
  }

  test('brings what was filled in, and closes', async () => {
    const dialog = await opened()
    expect(app.asked.at(-1)).toMatchObject({ canOpenForm: true, what: { action: form.openedBy } })
    expect(dialog.text).toContain('In general terms, please.')
    app.answer({})
    await dialog.fill({ 'What changes': 'More, "talk"', 'With whom': ['School', 'Youth work'] }).submit()
    expect(app.asked.at(-1)?.what).toEqual({
      kind: 'submit',
      action: form.action,
      values: { change: 'More, "talk"', partners: ['school, east', 'youth%2C'] },
    })
    expect(dialog.open).toBe(false)
    expect(teams.violations).toEqual([])
  })

  test('shows mistakes beside the fields and keeps what was typed', async () => {
    const dialog = await opened()
    app.answer(({ what }) => (what.kind === 'submit' ? { errors: { change: 'In general terms' } } : { form }))
    await dialog.fill({ 'What changes': 'Mr X', 'With whom': ['Police'] }).submit()
    expect(dialog.open).toBe(true)
    expect(dialog.text).toContain('What changes\n→ In general terms')
    expect(dialog.values).toEqual({ 'What changes': 'Mr X', 'With whom': 'police' })
    app.answer(notice('Saved'))
    await dialog.submit('Save')
    expect(dialog.text).toBe('Saved')
  })

  test('updates the message it was opened from', async () => {
    const dialog = await opened()
    app.answer({ update: line('Agreed') })
    await dialog.fill({ 'What changes': 'More talk' }).submit()
    expect(teams.messages(channel)[0]?.text()).toBe('Agreed')
  })

  test('cannot be pointed at another message', async () => {
    const dialog = await opened()
    await posted(team(), line('Another'))
    const [first, other] = teams.messages(channel)
    const mine = JSON.stringify(dialog.card)
    expect(mine).toContain(first!.id)
    const action = (
      JSON.parse(mine.replaceAll(`.${first!.id}`, `.${other!.id}`)) as { actions: { data: object }[] }
    ).actions[0]!
    app.answer({ update: line('Changed') })
    const { status } = await teams.post({
      ...teams.envelope(aylin, channel, other!.conversation),
      type: 'invoke',
      name: 'task/submit',
      value: { data: action.data },
    })
    expect(status).toBe(200)
    expect(other?.text()).toBe('Another')
  })

  test('can be left', async () => {
    const dialog = await opened()
    const before = app.asked.length
    await dialog.submit('Cancel')
    expect(dialog.open).toBe(false)
    expect(app.asked).toHaveLength(before)
  })

  test('answers with buttons of its own', async () => {
    const dialog = await opened()
    app.answer({ notice: card('Almost') })
    await dialog.fill({ 'What changes': 'More talk' }).submit()
    app.answer({})
    await dialog.submit('Later')
    expect(app.asked.at(-1)).toMatchObject({
      canOpenForm: true,
      what: { kind: 'press', action: { name: 'pulse.later' } },
    })
    expect(dialog.open).toBe(false)
    expect(teams.violations).toEqual([])
  })
})

describe('a delivery', () => {
  test('starts a thread in a channel and can be updated', async () => {
    await teams.addTo(channel, aylin)
    const ref = await posted(team(), card('Nudge'))
    await app.messenger.update(team(), ref, line('Closed'))
    const [message] = teams.messages(channel)
    expect(message?.conversation).toBe(`${channel.id};messageid=${message?.id}`)
    expect([message?.text(), message?.edits]).toEqual(['Closed', 1])
  })

  test('reaches a person who never wrote, through their team', async () => {
    await teams.addTo(channel, aylin)
    const ben = teams.person('Ben')
    await posted(chat(ben), line('Hello Ben'))
    await posted(chat(ben), line('Hello again'))
    expect(teams.messages(ben).map((message) => message.text())).toEqual(['Hello Ben', 'Hello again'])
    expect(teams.calls.filter((call) => call === 'POST /v3/conversations')).toHaveLength(1)
  })

  test('does not cross tenants', async () => {
    await teams.addTo(channel, aylin)
    const eve = teams.person('Eve', { tenant: 'fabrikam' })
    expect(await app.messenger.serves(chat(eve))).toBe(false)
    await expect(posted(chat(eve), line('x'))).rejects.toMatchObject({ reason: 'not_installed' })
    await expect(posted({ ...chat(eve), tenant: 'contoso' }, line('x'))).rejects.toMatchObject({
      name: 'Refused',
      reason: 'BotNotInConversationRoster',
      retryAfterSeconds: undefined,
    })
  })

  test('ends at once where the app is removed', async () => {
    await teams.install(aylin)
    expect(await app.messenger.serves(chat(aylin))).toBe(true)
    await teams.addTo(channel, aylin)
    await teams.uninstall(aylin)
    expect(await app.messenger.serves(chat(aylin))).toBe(false)
    await teams.say(aylin, channel, '@Linkpin help')
    expect(await app.messenger.serves(chat(aylin))).toBe(false)
    await teams.removeFrom(channel, aylin)
    expect(await app.messenger.serves(team())).toBe(false)
    await expect(posted(team(), line('x'))).rejects.toMatchObject({ reason: 'not_installed' })
    await teams.install(aylin)
    expect(await app.messenger.serves(chat(aylin))).toBe(true)
  })

  test.each([
    [
      { status: 429, retryAfter: 7 },
      { reason: 'rate_limited', retryAfterSeconds: 7 },
    ],
    [{ status: 429 }, { reason: 'rate_limited', retryAfterSeconds: 30 }],
    [
      { status: 403, code: 'BotDisabledByAdmin' },
      { reason: 'BotDisabledByAdmin', retryAfterSeconds: undefined },
    ],
    [
      { status: 413, code: 'MessageSizeTooBig' },
      { reason: 'MessageSizeTooBig', retryAfterSeconds: undefined },
    ],
    [
      { status: 404, code: 'two words' },
      { reason: 'http_404', retryAfterSeconds: undefined },
    ],
  ])('refused with %j is one call and a clean refusal', async (refusal, expected) => {
    await teams.install(aylin)
    const before = teams.calls.length
    teams.refuse({ ...refusal, times: 5 })
    await expect(posted(chat(aylin), line('x'))).rejects.toMatchObject({ name: 'Refused', ...expected })
    expect(teams.calls).toHaveLength(before + 1)
  })

  test.each([500, 502, 412, 408, 'reset'] as const)(
    'that ends with %s may have arrived: one call, no refusal',
    async (status) => {
      await teams.install(aylin)
      const before = teams.calls.length
      teams.refuse({ status, times: 5 })
      const outcome = await posted(chat(aylin), line('x')).catch((error: unknown) => error)
      expect(outcome).toBeInstanceOf(Error)
      expect((outcome as Error).name).not.toBe('Refused')
      expect(teams.calls).toHaveLength(before + 1)
    },
  )

  test('that cannot connect has clearly not arrived', async () => {
    await teams.install(aylin)
    await teams.close()
    await expect(posted(chat(aylin), line('x'))).rejects.toMatchObject({ name: 'Refused' })
  })
})

describe('the answer to a member survives trouble on the way', () => {
  test('a refused message is logged by its ids and does not fail the request', async () => {
    await teams.install(aylin)
    app.answer(notice('A secret word'))
    teams.refuse({ status: 500 })
    await teams.say(aylin, 'personal', 'my own words')
    expect(kinds().at(-1)).toBe('command')
    const log = app.logged.join()
    expect(log).toContain('a step beside the answer failed')
    expect(log).not.toMatch(/secret word|own words|Aylin/)
  })

  test('what is not ours is answered and has no effect', async () => {
    await teams.install(aylin)
    const before = app.asked.length
    const envelope = teams.envelope(aylin, 'personal')
    const invoke = (name: string, value: unknown) => teams.post({ ...envelope, type: 'invoke', name, value })
    expect((await invoke('adaptiveCard/action', { action: { verb: 'x', data: {} } })).status).toBe(400)
    expect(
      (await invoke('task/fetch', { data: { linkpin: { press: { name: 'a.b', args: { $gt: '' } } } } }))
        .status,
    ).toBe(400)
    expect((await invoke('task/submit', null)).status).toBe(400)
    expect((await invoke('constructor', {})).status).toBe(501)
    expect((await teams.post({ ...envelope, type: 'messageReaction' })).status).toBe(200)
    expect(app.asked).toHaveLength(before)
  })
})

test('without an app id the adapter does not start', () => {
  const start = (appId: string) =>
    createTeamsAdapter({ appId, appPassword: '' }, {
      conversation: { handle: async (_: Incoming) => ({}) },
    } as never)
  expect(() => start('')).toThrow(/app id/)
  expect(() => start(' ')).toThrow(/app id/)
})
