import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import express from 'express'
import fc from 'fast-check'
import { createPlayground, type Playground } from '../adapters/playground/server.ts'
import { findCommand, languagesOf } from '../src/conversation/commands.ts'
import { kinderWord, looksPersonal } from '../src/conversation/guard.ts'
import { loadTexts } from '../src/i18n/texts.ts'
import { addressKey } from '../src/kernel/address.ts'
import { movableClock } from '../src/kernel/clock.ts'
import { createLogger } from '../src/kernel/logger.ts'
import { readNetworkFile } from '../src/networks/file.ts'
import { openStore, type Store } from '../src/store/connect.ts'
import { escapeMarkdown, parseMarkdown, plainText } from '../src/views/markdown.ts'
import { knock, messageOf, pressOf, submissionOf } from './support/attacker.ts'
import { example, startRig, type Rig } from './support/rig.ts'
import { NETWORK, scriptedConversation, scriptedNetworks, START, TEAM } from './support/scripted.ts'
import type { Json } from './support/teams-cards.ts'

// Anything at all for everything that is read: no process falls, nothing answers 5xx. What is sent is right but for one
// or two places. A failure prints its seed; the codecs alone are fuzzed beside them in adapters/.

const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 200), endOnFailure: true }

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))
const NASTY: unknown[] = [
  ...[null, true, -1, 1e308, Number.MAX_SAFE_INTEGER + 1, '', [], {}, [[]], [null], nested(2000)],
  ...['\u0000', '\ud800', '\u202eabc', '\ufeff', 'x'.repeat(50_000), '\n'.repeat(5000), '__proto__', '${x}'],
  ...['{"name":"x"}', '{"name":{}}', '{', 'null', '[]', '<@U1|', '&amp;lt;', 'a:{"name":"modules.answer"}'],
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"$gt":""}'),
]

/** A valid message with one to three of its parts replaced or taken out. */
function damaged(valid: Json): fc.Arbitrary<unknown> {
  const paths = pathsOf(valid)
  const change = fc.tuple(
    fc.constantFrom(...paths),
    fc.oneof(
      fc.constantFrom(...NASTY),
      fc.constant(undefined),
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
    ),
  )
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const copy = structuredClone(valid)
    for (const [path, value] of changes) put(copy, path, value)
    return copy
  })
}

const pathsOf = (value: unknown, path: string[] = []): string[][] => [
  ...(path.length > 0 ? [path] : []),
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))
    : []),
]

function put(target: Json, path: string[], value: unknown): void {
  let at: unknown = target
  for (const key of path.slice(0, -1)) at = (at as Json | null | undefined)?.[key]
  if (typeof at === 'object' && at !== null) (at as Json)[path.at(-1) ?? ''] = value
}

const prototype = Object.getOwnPropertyNames(Object.prototype)
const unpolluted = (): void => expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype)

// What was sent is not always something that fast-check can show.
function takes(status: number, sent: unknown, logged?: string): void {
  if (status >= 500) throw new Error(`${status} for ${JSON.stringify(sent).slice(0, 5000)}\n${logged}`)
}

describe('over the wire', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await startRig()
    await rig.advanceTo('2026-11-25T10:00:00Z')
    // The Bot Framework prints what it refuses.
    jest.spyOn(console, 'error').mockImplementation(() => undefined)
  })
  afterAll(async () => {
    jest.restoreAllMocks()
    await rig.idle()
    await rig.close()
  })

  test('Slack', async () => {
    const { slack } = rig
    const aylin = rig.slackUser('city-1')
    const nowhere = `${slack.url}/respond/none`
    const button = { type: 'button', action_id: 'a0', value: '{"name":"conversation.help"}' }
    const option = { value: 'done', text: { type: 'plain_text', text: 'Done' } }
    const menu = { type: 'static_select', action_id: 'a0:{"name":"goals.show"}', selected_option: option }
    const form =
      '{"action":{"name":"goals.propose","args":{}},"origin":{"team":"T0RATHAUS","channel":"C0NETZWERK"}}'
    const typed = {
      title: { value: 'x' },
      lead: { selected_option: option },
      day: { selected_date: '2026-12-01' },
    }
    const interactive = [
      pressOf(aylin, button, 'C0NETZWERK', nowhere),
      pressOf(aylin, menu, 'C0NETZWERK', nowhere),
      submissionOf(aylin, form, typed),
    ]
    const event = messageOf(aylin, 'hilfe', 'Ev0FUZZ')
    const command = { command: '/linkpin', text: 'hilfe', user_id: aylin.id, channel_id: 'C0NETZWERK' }
    const slash: Json = { ...command, team_id: aylin.team, trigger_id: '1.1', response_url: nowhere }
    const fields = (value: unknown): Record<string, string> =>
      Object.fromEntries(Object.entries(value as Json).map(([key, field]) => [key, String(field)]))
    let count = 0
    const another = <T>(value: T): T => {
      // Else only the first would get further than the recognition of repeated requests.
      const json = value as Json
      if (json.trigger_id === slash.trigger_id || typeof json.event_id === 'string') {
        Object.assign(json, json.event_id ? { event_id: `Ev${count++}` } : { trigger_id: `1.${count++}` })
      }
      return value
    }
    const bodies = fc.oneof(
      ...interactive.map((valid) => damaged(valid).map((one) => ({ payload: JSON.stringify(another(one)) }))),
      damaged(slash).map((one) => fields(another(one))),
      damaged(event).map((one) => JSON.stringify(another(one))),
      fc.json(),
      fc.string({ unit: 'binary' }),
    )
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { status } = await knock(rig.url, slack.signingSecret, body)
        takes(status, body, rig.logged.at(-1))
      }),
      RUNS,
    )
    unpolluted()
  })

  test('Teams', async () => {
    const { teams } = rig
    const katrin = rig.teamsPerson('police-1')
    await teams.install(katrin)
    const personal = teams.envelope(katrin, 'personal')
    const channel = teams.envelope(katrin, rig.teamsChannel('Präventionsnetzwerk'))
    const ref = { name: 'goals.propose', args: { goal: 'g1' } }
    const action = { verb: 'conversation.help', data: { linkpin: { args: {}, input: 'c' }, c: 'x' } }
    const data = { linkpin: { submit: ref, openedBy: ref, message: 'x' }, 'f:title': 'x', 'm:who': 'a,b' }
    const mention = [{ type: 'mention', text: '<at>L</at>', mentioned: personal.recipient }]
    const valid: Json[] = [
      { ...personal, type: 'message', text: 'hilfe' },
      { ...channel, type: 'message', text: '<at>L</at> hilfe', entities: mention },
      { ...personal, type: 'invoke', name: 'adaptiveCard/action', value: { action } },
      { ...personal, type: 'invoke', name: 'task/fetch', value: { data: { linkpin: { press: ref } } } },
      { ...personal, type: 'invoke', name: 'task/submit', value: { data } },
      { ...personal, type: 'conversationUpdate', membersAdded: [personal.recipient] },
      { ...channel, type: 'installationUpdate', action: 'remove' },
    ]
    teams.connect(`${rig.url}/api/messages`)
    await fc.assert(
      fc.asyncProperty(fc.oneof(...valid.map(damaged), fc.jsonValue()), async (activity) => {
        const { status } = await teams.post(Object(activity) as object).catch(notJson)
        // What no bot of ours was ever asked, it has not learnt.
        takes(status === 501 ? 200 : status, activity, rig.logged.at(-1))
      }),
      RUNS,
    )
    unpolluted()
  })
})

// The pages of errors that Express answers are no JSON; that is all the same here.
const notJson = (error: unknown): { status: number } => {
  if (error instanceof SyntaxError) return { status: 400 }
  throw error
}

describe('the playground', () => {
  let store: Store
  let playground: Playground
  let server: Server
  beforeAll(async () => {
    store = await openStore({ dataFolder: ':memory:' })
    const clock = movableClock(START)
    playground = createPlayground({
      ...{ conversation: scriptedConversation(), networks: scriptedNetworks, clock, db: store.db },
      texts: await loadTexts('locales'),
      log: createLogger('silent'),
      network: NETWORK.id,
      advance: async (to) => void clock.moveTo(to),
    })
    server = createServer(express().use('/playground', playground.router)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
  })
  afterAll(async () => {
    playground.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await store.close()
  })

  test('its API', async () => {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/playground/api`
    const send = (path: string, body: unknown): Promise<Response> =>
      fetch(`${base}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-linkpin': 'playground' },
        body: JSON.stringify(body),
      })
    const jonas = { member: 'jonas', space: addressKey(TEAM) }
    const press = {
      kind: 'press',
      platform: 'slack',
      payload: { action_id: 'a0', value: '{"name":"test.plan"}' },
    }
    const opened = (await (await send('act', { ...jonas, what: press })).json()) as { form: { id: string } }
    const form = opened.form.id
    const state = { values: { topic: { a: { value: 'x' } } } }
    const onSlack = {
      platform: 'slack',
      payload: { private_metadata: '{"action":{"name":"test.save"}}', state },
    }
    const onTeams = { platform: 'teams', payload: { 'f:topic': 'x' } }
    const acts = [
      press,
      { kind: 'command', text: 'help' },
      { kind: 'submit', form, ...onSlack },
      { kind: 'home' },
    ]
    const requests = fc.oneof(
      ...acts.map((what) => damaged({ ...jonas, what }).map((body) => ['act', body] as const)),
      ...[onSlack, onTeams].map((sent) => damaged({ form, ...sent }).map((body) => ['form', body] as const)),
      damaged({ step: 'PT1H' }).map((body) => ['clock', body] as const),
      fc.tuple(fc.constantFrom('act', 'form', 'clock'), fc.jsonValue()),
    )
    await fc.assert(
      fc.asyncProperty(requests, async ([path, body]) => {
        const { status } = await send(path, body)
        takes(status, body)
      }),
      RUNS,
    )
    unpolluted()
  })
})

describe('texts', () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom('*', '_', '\\', '- ', '\n', '\r', ' ', 'a', '\ud800'), maxLength: 60 }),
  )

  test('whatever was typed is shown as it was', () => {
    fc.assert(
      fc.property(any, (text) => {
        parseMarkdown(text)
        expect(plainText(escapeMarkdown(text))).toBe(text)
      }),
      { numRuns: 5000 },
    )
  })

  test('commands and the guard read anything', async () => {
    const texts = await loadTexts('locales')
    const languages = languagesOf(texts, ['de'])
    const commands = [{ feature: 'conversation', name: 'help' }]
    fc.assert(
      fc.property(any, (text) => {
        findCommand(text, commands, languages)
        looksPersonal(text)
        kinderWord(text, languages[0]!)
      }),
      { numRuns: 1000 },
    )
    expect(findCommand(' HILFE:  bitte', commands, languages)).toMatchObject({ name: 'help', rest: 'bitte' })
  })

  test('a network’s file with anything in any place', () => {
    const lines = example().split('\n')
    const value = fc.oneof(
      fc.constantFrom(
        '{ $gt: "" }',
        '[]',
        '~',
        '&a [*a]',
        '<<: *x',
        '!!binary x',
        '0x7fffffffffffffff',
        '"\\ud800"',
      ),
      fc.constantFrom('__proto__: { polluted: 1 }', 'constructor: { prototype: { polluted: 1 } }'),
      fc.string({ unit: 'binary', maxLength: 30 }),
    )
    const place = fc.nat(lines.length - 1)
    fc.assert(
      fc.property(place, value, fc.boolean(), (at, written, whole) => {
        const line = lines[at] ?? ''
        readNetworkFile(lines.with(at, whole ? written : line.replace(/:.*/, `: ${written}`)).join('\n'))
      }),
      { numRuns: 150 },
    )
    for (const key of ['__proto__', 'constructor', 'toString'])
      expect(readNetworkFile(`${example()}\n${key}: { prototype: { polluted: 1 } }\n`)).toHaveProperty(
        'problems',
      )
    unpolluted()
  })
})
