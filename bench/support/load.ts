import { createHmac, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { inParallel } from '../../src/kernel/parallel.ts'
import type { Load } from './generator.ts'

interface Message {
  body: string
  headers: Record<string, string>
}

process.on('message', (load: Load) => {
  void send(load).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit())

async function send(load: Load): Promise<{ perSecond: number; p99: number; failed: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections })
  // Made beforehand, so that the clock sees the server and not the signing.
  const messages = Array.from({ length: load.count }, (_, index) => messageOf(load, index))
  const times: number[] = []
  let failed = 0
  const start = performance.now()
  await inParallel(messages, load.connections, async (message) => {
    const begun = performance.now()
    if ((await post(load.url, message, agent)) !== 200) failed++
    times.push(performance.now() - begun)
  })
  const seconds = (performance.now() - start) / 1000
  agent.destroy()
  const p99 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0
  return { perSecond: load.count / seconds, p99, failed }
}

function messageOf(load: Load, index: number): Message {
  const person = load.people[index % load.people.length]
  if (load.kind === 'teams-submit') {
    const body = JSON.stringify({ ...(person as object), id: `f:${randomUUID()}` })
    return { body, headers: { 'content-type': 'application/json', authorization: load.secret } }
  }
  const isAction = load.kind === 'slack-action'
  const body = isAction
    ? `payload=${encodeURIComponent(JSON.stringify(press(String(person))))}`
    : JSON.stringify(chatter(String(person)))
  const timestamp = String(Math.floor(Date.now() / 1000))
  const digest = createHmac('sha256', load.secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return {
    body,
    headers: {
      'content-type': isAction ? 'application/x-www-form-urlencoded' : 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
  }
}

/** A press on one of five points. */
const press = (user: string) => ({
  type: 'block_actions',
  team: { id: 'T0SMALL' },
  user: { id: user, team_id: 'T0SMALL' },
  api_app_id: 'A0LINKPIN',
  trigger_id: randomUUID(),
  container: { type: 'message', message_ts: '1700000000.000001', channel_id: 'D0CHAT' },
  channel: { id: 'D0CHAT' },
  actions: [
    {
      type: 'button',
      action_id: 'b1',
      value: JSON.stringify({ name: 'bench.answer', args: { item: 'i1', value: 4 } }),
    },
  ],
})

/** What people say to one another in a channel: none of our business. */
const chatter = (user: string) => ({
  type: 'event_callback',
  team_id: 'T0SMALL',
  api_app_id: 'A0LINKPIN',
  event_id: randomUUID(),
  event: {
    type: 'message',
    channel_type: 'channel',
    channel: 'C0TEAM',
    user,
    text: 'See you at ten.',
    ts: '1700000000.000002',
  },
})

const post = (url: string, { body, headers }: Message, agent: Agent): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject)
    sent.end(body)
  })
