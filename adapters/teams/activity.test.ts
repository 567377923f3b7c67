import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { notice } from '../../src/conversation/port.ts'
import type { View } from '../../src/views/view.ts'
import { startScripted } from '../../tests/support/teams-scripted.ts'
import type { Channel, Person } from '../../tests/support/teams-server.ts'

let app: Awaited<ReturnType<typeof startScripted>>
let aylin: Person
let channel: Channel
beforeEach(async () => {
  app = await startScripted()
  aylin = app.teams.person('Aylin')
  channel = app.teams.channel('Netzwerk')
  app.answer(notice('Hello'))
})
afterEach(() => app.close())

describe('a message is understood', () => {
  test('through a connector that writes null for what it has not got', async () => {
    const envelope = app.teams.envelope(aylin, 'personal')
    const conversation = { ...(envelope.conversation as object), tenantId: null }
    const nothing = {
      locale: null,
      name: null,
      value: null,
      replyToId: null,
      timestamp: null,
      entities: null,
    }
    await app.teams.post({ ...envelope, ...nothing, type: 'message', text: 'help', conversation })
    expect(app.asked).toMatchObject([
      { account: { tenant: aylin.tenant }, what: { kind: 'command', text: 'help' } },
    ])
  })

  test('in markup, and beside mentions of others and of what cannot be read', async () => {
    await app.teams.addTo(channel, aylin)
    const envelope = app.teams.envelope(aylin, channel)
    const { id } = envelope.recipient as { id: string }
    const mentions = [
      { type: 'mention', text: '<at>Bo</at>', mentioned: { id: '29:bo' } },
      { type: 'mention', text: '<at>Linkpin</at>', mentioned: { id } },
    ]
    const text = '<p><at>Linkpin</at>&nbsp;contact M &amp; N</p>\n'
    await app.teams.post({ ...envelope, type: 'message', text, entities: [null, { a: 1 }, ...mentions] })
    expect(app.asked.at(-1)?.what).toEqual({ kind: 'command', text: 'contact M & N' })
  })
})

test('a press is never answered with nothing, which Teams takes for a failure', async () => {
  const button = { label: 'Later', action: { name: 'pulse.later' } }
  const card: View = { summary: 'Card', blocks: [{ type: 'buttons', buttons: [button] }] }
  app.answer({ home: card })
  const [greeting] = await app.teams.install(aylin)
  expect(await app.teams.press(greeting!, 'Later', aylin)).toMatchObject({
    popUp: 'My answer is in our personal chat.',
    messages: [{ summary: 'Card' }],
  })
  app.answer({})
  expect((await app.teams.press(greeting!, 'Later', aylin)).popUp).toBe('That has arrived.')
  expect(app.teams.violations).toEqual([])
})
