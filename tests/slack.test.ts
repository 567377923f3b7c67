import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { notice, type Reply } from '../src/conversation/port.ts'
import { directTo } from '../src/kernel/address.ts'
import type { Form } from '../src/views/view.ts'
import { place, question, startRig, text, texts, type Rig } from './support/slack-rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.close())

const form: Form = {
  title: 'Goal review',
  fields: [
    { id: 'change', type: 'text', label: 'What changed?', maxLength: 200, required: true },
    { id: 'when', type: 'date', label: 'When?' },
    { id: 'who', type: 'member', label: 'With whom?', options: [{ value: 'm1', label: 'Samir' }] },
    {
      id: 'parts',
      type: 'multi-choice',
      label: 'Parts',
      options: [
        { value: 'a', label: 'A' },
        { value: 'b', label: 'B' },
      ],
    },
  ],
  submitLabel: 'Send',
  cancelLabel: 'Cancel',
  action: { name: 'goals.review', args: { goal: 'g1' } },
  openedBy: { name: 'goals.openReview', args: { goal: 'g1' } },
}

describe('what people do', () => {
  test('a command is answered to the person alone, in a channel with or without Linkpin', async () => {
    rig.reply = () => notice('Hello **Aylin**')
    const other = rig.slack.channel('C0OTHER', { team: 'T0CITY', members: [rig.aylin], bot: false })
    await rig.slack.command(rig.aylin, rig.team, '/linkpin goals & more')
    await rig.slack.command(rig.aylin, other, '/linkpin')
    expect(rig.heard).toMatchObject([
      {
        account: { platform: 'slack', tenant: 'T0CITY', userId: 'U0AYLIN' },
        place,
        locale: 'de-DE',
        zone: 'Europe/Berlin',
        what: { kind: 'command', text: 'goals & more' },
        canOpenForm: true,
      },
      { place: { id: 'C0OTHER' }, what: { text: '' } },
    ])
    expect(rig.slack.ephemerals(rig.aylin).map(rig.slack.read)).toEqual(['Hello \nAylin', 'Hello \nAylin'])
    expect(rig.slack.messages(rig.team)).toEqual([])
    expect(rig.slack.violations).toEqual([])
  })

  test('a mention is answered privately in the channel, a direct message in the direct chat', async () => {
    rig.reply = () => notice('Here is help')
    await rig.slack.mention(rig.jonas, rig.team, 'help')
    await rig.slack.dm(rig.jonas, 'help &amp; &lt;more&gt; <mailto:a@b.eu|a@b.eu>')
    expect(rig.heard).toMatchObject([
      { place, what: { kind: 'command', text: 'help' }, canOpenForm: false },
      {
        place: directTo({ platform: 'slack', tenant: 'T0CITY', userId: 'U0JONAS' }),
        what: { text: 'help & <more> a@b.eu' },
      },
    ])
    expect(rig.slack.ephemerals(rig.jonas)).toHaveLength(1)
    expect(rig.slack.direct(rig.jonas).map(rig.slack.read)).toEqual(['Here is help'])
    expect(rig.slack.violations).toEqual([])
  })

  test('bots, edits, joins and channel messages are nobody’s request', async () => {
    await rig.slack.dm(rig.jonas, 'x', { bot_id: 'B0OTHER' })
    await rig.slack.dm(rig.jonas, 'x', { subtype: 'message_changed' })
    await rig.slack.dm(rig.jonas, 'x', { channel_type: 'channel', channel: 'C0TEAM' })
    await rig.slack.mention(rig.jonas, rig.team, 'x', { edited: { user: 'U0JONAS', ts: '1' } })
    await rig.slack.event('T0CITY', { type: 'reaction_added', user: 'U0JONAS' })
    expect(rig.heard).toEqual([])
  })

  test('what is null, or missing where it may be, hinders nobody', async () => {
    const event = { type: 'app_mention', user: 'U0AYLIN', channel: 'C0TEAM', text: 'help' }
    const nothing = { team: null, user_team: null, thread_ts: null, bot_id: null, subtype: null }
    const envelope = { type: 'event_callback', team_id: 'T0CITY', event_id: 'Ev1' }
    await rig.slack.post(JSON.stringify({ ...envelope, event: { ...event, ...nothing } }))
    const typed = { team_id: 'T0CITY', enterprise_id: 'E0BIG', user_id: 'U0AYLIN', channel_id: 'C0TEAM' }
    const command = new URLSearchParams({
      command: '/linkpin',
      trigger_id: '1.1',
      response_url: '',
      ...typed,
    })
    await rig.slack.post(command.toString(), 'application/x-www-form-urlencoded')
    expect(rig.heard).toMatchObject([
      { account: { tenant: 'T0CITY', userId: 'U0AYLIN' }, place, what: { kind: 'command', text: 'help' } },
      { account: { tenant: 'T0CITY', userId: 'U0AYLIN' }, place, what: { kind: 'command', text: '' } },
    ])
  })

  test('a press updates the message it was on, for everybody', async () => {
    await rig.adapter.messenger.post(place, question, { deliveryId: 'd1' })
    rig.reply = () => ({ update: text('Thank you'), notice: text('Only you see this') })
    await rig.slack.press(rig.slack.messages(rig.team).at(-1), 'Yes', rig.jonas)
    expect(rig.heard).toMatchObject([
      { place, what: { kind: 'press', action: { name: 'demo.yes', args: { id: 'g1' } } } },
    ])
    expect(rig.slack.messages(rig.team).map(rig.slack.read)).toEqual(['Thank you'])
    expect(rig.slack.ephemerals(rig.jonas).map(rig.slack.read)).toEqual(['Only you see this'])
    expect(rig.slack.violations).toEqual([])
  })

  test('a press on a private notice replaces it', async () => {
    rig.reply = () => ({ notice: question })
    await rig.slack.command(rig.jonas, rig.team, '/linkpin')
    rig.reply = () => ({ update: text('Noted') })
    await rig.slack.press(rig.slack.ephemerals(rig.jonas).at(-1), 'Yes', rig.jonas)
    expect(rig.slack.ephemerals(rig.jonas).map(rig.slack.read)).toEqual(['Noted'])
    expect(rig.slack.violations).toEqual([])
  })

  test('a file comes to the direct chat of who asked; where Slack takes none, its content is shown', async () => {
    const file = { type: 'file', name: 'results.csv', content: 'a;b\n1;2\n' } as const
    rig.reply = () => ({ notice: { summary: 'Results', blocks: [file] } })
    await rig.slack.command(rig.jonas, rig.team, '/linkpin export')
    const [uploaded] = rig.slack.files()
    expect(uploaded).toMatchObject({ name: file.name, complete: true })
    expect(uploaded?.content).toContain(file.content)
    const opened = rig.slack.calls.filter(({ method }) => method === 'conversations.open')
    expect(opened.map(({ params }) => params.users)).toEqual(['U0JONAS'])
    expect(uploaded?.channel).toMatch(/^D/)
    rig.slack.fail('files.getUploadURLExternal', { status: 500 })
    await rig.slack.command(rig.jonas, rig.team, '/linkpin export')
    expect(rig.slack.ephemerals(rig.jonas).map(rig.slack.read)).toEqual([
      'results.csv\n is in our direct chat.',
      'results.csv\na;b\n1;2\n',
    ])
    expect(rig.slack.messages(rig.team)).toEqual([])
    expect(rig.slack.violations).toEqual([])
  })

  test('the Home tab', async () => {
    rig.reply = ({ what }) => (what.kind === 'home' ? { home: question } : { home: text('Done') })
    await rig.slack.openHome(rig.aylin)
    expect(rig.slack.read(rig.slack.home(rig.aylin))).toContain('Ready?')
    await rig.slack.press(rig.slack.home(rig.aylin), 'Yes', rig.aylin)
    expect(rig.heard.at(-1)).toMatchObject({
      place: { kind: 'direct', id: 'U0AYLIN' },
      what: { kind: 'press' },
    })
    expect(rig.slack.read(rig.slack.home(rig.aylin))).toContain('Done')
    expect(rig.slack.violations).toEqual([])
  })

  test('a button that is none of ours is handed over as one that is too old', async () => {
    await rig.adapter.messenger.post(place, question, { deliveryId: 'd1' })
    const [message] = rig.slack.messages(rig.team)
    const elements = message?.blocks[1]?.elements as { value: string }[]
    Object.assign(elements[0] ?? {}, { value: '{"name":{"$gt":""}}' })
    await rig.slack.press(message, 'Yes', rig.jonas)
    expect(rig.heard).toMatchObject([{ what: { kind: 'press', action: { name: '' } } }])
  })

  test('with Slack Connect, a guest is an account of their own workspace and is reached through the one with Linkpin', async () => {
    const marta = rig.slack.user('U0MARTA', { team: 'T0POLICE' })
    const shared = rig.slack.channel('C0SHARED', { team: 'T0CITY', members: [rig.aylin, marta] })
    rig.reply = () => notice('Welcome')
    expect(
      await rig.adapter.messenger.serves(
        directTo({ platform: 'slack', tenant: 'T0POLICE', userId: 'U0MARTA' }),
      ),
    ).toBe(false)
    await rig.slack.mention(marta, shared, 'join K7QM-2XRF')
    expect(rig.heard).toMatchObject([
      { account: { tenant: 'T0POLICE', userId: 'U0MARTA' }, place: { tenant: 'T0CITY', id: 'C0SHARED' } },
    ])
    expect(rig.slack.ephemerals(marta)).toHaveLength(1)
    const address = directTo({ platform: 'slack', tenant: 'T0POLICE', userId: 'U0MARTA' })
    expect(await rig.adapter.messenger.serves(address)).toBe(true)
    await rig.adapter.messenger.post(address, text('A private word'), { deliveryId: 'd1' })
    expect(rig.slack.direct(marta, 'T0CITY').map(rig.slack.read)).toEqual(['A private word'])
    expect(rig.slack.violations).toEqual([])
  })
})

describe('forms', () => {
  test('a form opens, shows mistakes beside the fields, keeps what was typed, and closes', async () => {
    rig.reply = ({ what }) => {
      if (what.kind !== 'submit') return { form }
      return what.values.change === 'x'
        ? { errors: { change: 'A little more, please' } }
        : notice('Thank you')
    }
    await rig.slack.command(rig.aylin, rig.team, '/linkpin review')
    const modal = rig.slack.modals(rig.aylin).at(-1)
    await rig.slack.fill(modal, { 'What changed?': 'x', 'When?': '2026-11-24' }).submit()
    expect(modal).toMatchObject({ open: true, errors: { 'What changed?': 'A little more, please' } })
    await rig.slack
      .fill(modal, { 'What changed?': 'We meet monthly', 'With whom?': 'Samir', Parts: ['A', 'B'] })
      .submit()
    expect(modal?.open).toBe(false)
    expect(rig.heard.at(-1)).toMatchObject({
      place,
      what: {
        kind: 'submit',
        action: { name: 'goals.review', args: { goal: 'g1' } },
        values: { change: 'We meet monthly', when: undefined, who: 'm1', parts: ['a', 'b'] },
      },
    })
    // The two sendings are two requests: the corrected one must not pass for a repetition.
    expect(new Set(rig.heard.map(({ requestId }) => requestId)).size).toBe(3)
    expect(rig.slack.ephemerals(rig.aylin).map(rig.slack.read)).toEqual(['Thank you'])
    expect(rig.slack.violations).toEqual([])
  })

  test('a form opened from a message updates that message', async () => {
    await rig.adapter.messenger.post(place, question, { deliveryId: 'd1' })
    rig.reply = ({ what }) => (what.kind === 'press' ? { form } : { update: text('Reviewed') })
    await rig.slack.press(rig.slack.messages(rig.team).at(-1), 'Yes', rig.aylin)
    await rig.slack.fill(rig.slack.modals(rig.aylin).at(-1), { 'What changed?': 'A lot' }).submit()
    expect(rig.slack.messages(rig.team).map(rig.slack.read)).toEqual(['Reviewed'])
    expect(rig.slack.violations).toEqual([])
  })

  test('where nothing can open by itself, a button opens it; a form can follow a form', async () => {
    rig.reply = ({ what }) => {
      if (what.kind === 'submit') return { form: { ...form, title: 'Second step' } }
      return { form }
    }
    await rig.slack.dm(rig.aylin, 'review')
    await rig.slack.press(rig.slack.direct(rig.aylin).at(-1), 'Formular öffnen', rig.aylin)
    expect(rig.heard.at(-1)).toMatchObject({ what: { action: form.openedBy } })
    const modal = rig.slack.modals(rig.aylin).at(-1)
    await rig.slack.fill(modal, { 'What changed?': 'A lot' }).submit()
    expect(rig.slack.read(modal)).toContain('Second step')
    expect(rig.slack.violations).toEqual([])
  })

  test('a form that Slack does not open any more is offered as a button', async () => {
    rig.slack.fail('views.open', { error: 'expired_trigger_id' })
    rig.reply = () => ({ form })
    await rig.slack.command(rig.aylin, rig.team, '/linkpin review')
    expect(rig.slack.read(rig.slack.ephemerals(rig.aylin).at(-1))).toContain('Formular öffnen')
  })

  test('after a form from a channel without Linkpin, the answer comes to the direct chat', async () => {
    const other = rig.slack.channel('C0OTHER', { team: 'T0CITY', members: [rig.aylin], bot: false })
    rig.reply = ({ what }) => (what.kind === 'submit' ? notice('Thank you') : { form })
    await rig.slack.command(rig.aylin, other, '/linkpin review')
    await rig.slack.fill(rig.slack.modals(rig.aylin).at(-1), { 'What changed?': 'A lot' }).submit()
    expect(rig.slack.direct(rig.aylin).map(rig.slack.read)).toEqual(['Thank you'])
  })
})

describe('when the answer takes longer than Slack waits', () => {
  let finish: (reply: Reply) => void
  const slowly = (): Promise<Reply> => new Promise((resolve) => (finish = resolve))

  test('a command says so at once, and the answer follows', async () => {
    rig.slack.connect(rig.url())
    rig.reply = slowly
    const { status } = await rig.slack.command(rig.aylin, rig.team, '/linkpin help')
    expect(status).toBe(200)
    finish(notice('Here it is'))
    await rig.adapter.idle()
    const shown = rig.slack.ephemerals(rig.aylin).map(rig.slack.read)
    expect(shown.sort()).toEqual(['Here it is', texts.in('de').plain('slack:slow')].sort())
  })

  test('a form waits; mistakes bring it back with what was typed', async () => {
    rig.reply = () => ({ form })
    await rig.slack.command(rig.aylin, rig.team, '/linkpin review')
    rig.slack.connect(rig.url())
    rig.reply = slowly
    const modal = rig.slack.modals(rig.aylin).at(-1)
    await rig.slack.fill(modal, { 'What changed?': 'Much', Parts: ['B'] }).submit()
    expect(rig.slack.read(modal)).toContain(texts.in('de').plain('slack:slow'))
    finish({ errors: { change: 'More, please' } })
    await rig.adapter.idle()
    expect(rig.slack.read(modal)).toContain('⚠ More, please')
    rig.slack.connect(rig.url(), rig.adapter.idle)
    rig.reply = () => ({})
    await rig.slack.fill(modal, {}).submit()
    expect(rig.heard.at(-1)).toMatchObject({ what: { values: { change: 'Much', parts: ['b'] } } })
    expect(modal?.open).toBe(false)
    expect(rig.slack.violations).toEqual([])
  })
})
