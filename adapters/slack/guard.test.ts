import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { notice } from '../../src/conversation/port.ts'
import { startRig, type Rig } from '../../tests/support/slack-rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.close())

describe('who may knock', () => {
  const body = JSON.stringify({
    type: 'event_callback',
    team_id: 'T0CITY',
    event_id: 'Ev1',
    event: { type: 'app_mention', user: 'U0AYLIN', channel: 'C0TEAM', text: 'help' },
  })
  const seconds = (ahead: number): string => String(Math.floor(Date.now() / 1000) + ahead)

  test.each([
    ['no signature', { 'x-slack-signature': null }],
    ['no timestamp', { 'x-slack-request-timestamp': null }],
    ['a wrong signature', { 'x-slack-signature': `v0=${'0'.repeat(64)}` }],
    ['a truncated signature', { 'x-slack-signature': 'v0=12' }],
    ['another version', { 'x-slack-signature': `v1=${'0'.repeat(64)}` }],
    ['a timestamp of 301 seconds ago', { 'x-slack-request-timestamp': seconds(-301) }],
    ['a timestamp of tomorrow', { 'x-slack-request-timestamp': seconds(86_400) }],
    ['a timestamp that is no number', { 'x-slack-request-timestamp': 'now' }],
    ['a wrong content type', { 'content-type': 'text/plain' }],
  ])('%s: 401', async (_what, headers) => {
    expect((await rig.slack.post(body, 'application/json', headers)).status).toBe(401)
    expect(rig.heard).toEqual([])
  })

  test('a header twice: 401, even with a right signature', async () => {
    const timestamp = seconds(0)
    const hmac = createHmac('sha256', rig.slack.signingSecret).update(`v0:${timestamp}:${body}`)
    const signature = `v0=${hmac.digest('hex')}`
    const send = (signatures: string[]): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = {
          'content-type': 'application/json',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': signatures,
        }
        request(`${rig.url()}/slack/events`, { method: 'POST', headers }, (response) =>
          resolve(response.resume().statusCode),
        )
          .on('error', reject)
          .end(body)
      })
    expect(await send([signature, signature])).toBe(401)
    expect(rig.heard).toEqual([])
    expect(await send([signature])).toBe(200)
  })

  test('a body changed by one byte: 401', async () => {
    const hmac = createHmac('sha256', rig.slack.signingSecret).update(`v0:${seconds(0)}:${body}`)
    const headers = {
      'x-slack-request-timestamp': seconds(0),
      'x-slack-signature': `v0=${hmac.digest('hex')}`,
    }
    expect((await rig.slack.post(body.replace('help', 'halp'), 'application/json', headers)).status).toBe(401)
  })

  test('more than 256 KiB: 413; nothing readable: 400; unsigned ssl_check: 401; unknown paths: 404', async () => {
    expect((await rig.slack.post(JSON.stringify({ text: 'x'.repeat(300_000) }))).status).toBe(413)
    for (const nothing of ['null', '[]', '{', '"x"']) expect((await rig.slack.post(nothing)).status).toBe(400)
    expect((await rig.slack.post('payload=null', 'application/x-www-form-urlencoded')).status).toBe(400)
    const unsigned = { 'x-slack-signature': null }
    expect((await rig.slack.post('ssl_check=1', 'application/x-www-form-urlencoded', unsigned)).status).toBe(
      401,
    )
    for (const path of ['/slack/other', '/slack/install', '/slack/events']) {
      expect((await fetch(rig.url() + path)).status).toBe(404)
    }
    expect((await fetch(`${rig.url()}//`)).status).toBe(400)
    expect(rig.heard).toEqual([])
  })

  test.each([
    { type: 'app_rate_limited', team_id: 'T0CITY' },
    { type: 'event_callback', team_id: 'T0CITY', event_id: 'Ev1' },
    { type: 'event_callback', team_id: 'T0CITY', event_id: 'Ev1', event: null },
    { type: 'event_callback', team_id: 'T0CITY', event_id: 'Ev1', event: { type: 'tokens_revoked' } },
    { type: 'event_callback', team_id: 'T0CITY', event_id: 'Ev1', event: { type: 'message', user: null } },
    { type: 'event_callback', team_id: 'T0CITY', event_id: 'Ev1', event: { type: 'message', subteam: null } },
    {},
  ])('%j: taken at once, and left', async (event) => {
    expect(await rig.slack.post(JSON.stringify(event))).toMatchObject({ status: 200 })
    expect(rig.heard).toEqual([])
  })

  test.each([
    { type: 'block_actions', actions: [] },
    { type: 'block_actions', actions: [null] },
    { type: 'block_actions', actions: [{ type: 'button', action_id: 'a' }], user: null },
    { type: 'view_submission', view: null },
    { type: 'view_submission', view: { callback_id: 'c' }, user: null },
    { type: 'view_closed', view: { callback_id: 'c' } },
    { type: 'shortcut', callback_id: 'c' },
    { type: 'block_suggestion', action_id: 'a', value: 'x' },
  ])('pressed %j: taken at once, and left', async (interaction) => {
    const whole = { user: { id: 'U0AYLIN' }, team: { id: 'T0CITY' }, trigger_id: '1', ...interaction }
    const body = new URLSearchParams({ payload: JSON.stringify(whole) })
    const { status } = await rig.slack.post(body.toString(), 'application/x-www-form-urlencoded')
    expect(status).toBe(200)
    expect(rig.heard).toEqual([])
  })

  test('Slack’s question whether this is the right address is answered', async () => {
    const { body: answer } = await rig.slack.post(
      JSON.stringify({ type: 'url_verification', challenge: 'c' }),
    )
    expect(answer).toEqual({ challenge: 'c' })
  })

  test('a repeated event carries the same request id', async () => {
    await rig.slack.mention(rig.aylin, rig.team, 'help', {}, 'Ev0SAME')
    await rig.slack.mention(rig.aylin, rig.team, 'help', {}, 'Ev0SAME')
    expect(rig.heard.map(({ requestId }) => requestId)).toEqual(['Ev0SAME', 'Ev0SAME'])
  })

  test('a failure is not taken for an answer: Slack is asked to try again', async () => {
    rig.slack.fail('auth.test', { status: 500 }, { status: 500 })
    expect((await rig.slack.mention(rig.aylin, rig.team, 'help')).status).toBe(503)
    expect((await rig.slack.mention(rig.aylin, rig.team, 'help')).status).toBe(200)
    rig.reply = () => Promise.reject(new Error('the store is away'))
    expect((await rig.slack.mention(rig.aylin, rig.team, 'help')).status).toBe(503)
  })

  test('logs hold neither texts nor tokens', async () => {
    rig.reply = () => notice('A very private sentence')
    rig.slack.fail('chat.postEphemeral', { error: 'fatal_error' })
    await rig.slack.mention(rig.aylin, rig.team, 'My secret words')
    await rig.slack.post('{"secret words"')
    expect(rig.logged()).not.toMatch(/private sentence|secret words|xoxb-|test-signing-secret/i)
  })
})
