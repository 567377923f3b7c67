import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readConfig } from '../src/config.ts'
import { runDeliveries } from '../src/delivery/commands.ts'
import { Refused } from '../src/delivery/port.ts'
import { createHttp } from '../src/http.ts'
import { createLogger } from '../src/kernel/logger.ts'
import { createMetrics } from '../src/metrics.ts'
import { createDoor, knock } from '../src/operate.ts'
import { createTicker } from '../src/ticker.ts'
import { createClockwork, draft, TEAM, TEAMS, type Clockwork } from './support/clockwork.ts'
import { stores } from './support/stores.ts'

// What operators see of a Linkpin at work, and what they can do about it.

const TOKEN = 'a-token-of-enough-characters'

let closing: (() => unknown)[]
beforeEach(() => {
  closing = []
})
afterEach(async () => {
  for (const close of closing.toReversed()) await close()
})

/** Serves routes on a port of their own. */
async function serve(routes: Partial<Parameters<typeof createHttp>[0]>): Promise<string> {
  const server = createHttp({ ready: async () => undefined, ...routes })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const withToken = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

async function world(): Promise<Clockwork> {
  const made = await createClockwork(stores[0]!.open)
  closing.push(() => made.close())
  return made
}

describe('health', () => {
  test('alive is not the same as ready', async () => {
    const ready = async (): Promise<never> => Promise.reject(new Error('the store is gone'))
    const url = await serve({ ready })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const answer = await fetch(`${url}/readyz`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({ ok: false })
  })

  test('a tick that goes through is noticed, one that fails is not', async () => {
    let works = false
    const tick = async (): Promise<number> => (works ? 0 : Promise.reject(new Error('no store')))
    const ticker = createTicker({ tick }, createLogger('silent'))
    const before = ticker.quietFor()
    await ticker.run()
    const failed = ticker.quietFor()
    expect(failed).toBeGreaterThan(before)
    works = true
    await ticker.run()
    expect(ticker.quietFor()).toBeLessThan(failed)
  })
})

describe('metrics', () => {
  test('are there for the token alone', async () => {
    const { handler } = createMetrics()
    const { deliveries } = await world()
    const metrics = { token: TOKEN, handler: handler(deliveries.operating, () => 0) }
    const [open, closed] = [await serve({ metrics }), await serve({})]
    expect((await fetch(`${open}/metrics`, withToken(TOKEN))).status).toBe(200)
    expect((await fetch(`${open}/metrics`)).status).toBe(404)
    expect((await fetch(`${open}/metrics`, withToken(`${TOKEN}x`))).status).toBe(404)
    expect((await fetch(`${closed}/metrics`, withToken(TOKEN))).status).toBe(404)
    expect(() => readConfig({ METRICS_TOKEN: 'short' })).toThrow('METRICS_TOKEN: expected at least 16')
  })

  test('tell what became of messages by platform, and name nobody', async () => {
    const { meter, handler } = createMetrics()
    const clockwork = await world()
    const { deliveries } = clockwork.createReplica({ meter })
    const url = await serve({ metrics: { token: TOKEN, handler: handler(deliveries.operating, () => 7) } })
    let refusals: (Error | undefined)[] = [new Refused('rate_limited', 5), undefined, new Error('reset')]
    clockwork.fate.before = ({ platform }) => {
      if (platform === 'teams') throw new Refused('gone')
      const [next, ...rest] = refusals
      refusals = rest
      if (next) throw next
    }
    const once = async (seconds: number): Promise<void> => {
      clockwork.pass(seconds)
      await deliveries.runDue()
    }
    await deliveries.owe([draft(), draft({ to: { space: TEAMS } }), draft({ to: { member: 'newcomer' } })])
    await once(0)
    await once(5)
    await deliveries.owe([draft({ purpose: 'tip' })])
    await once(30)
    await deliveries.owe([draft({ purpose: 'late' }), draft({ purpose: 'later' })])
    clockwork.pass(20)

    const text = await (await fetch(`${url}/metrics`, withToken(TOKEN))).text()
    const lines = text.split('\n').filter((line) => line.startsWith('linkpin_') && !line.includes('bucket'))
    expect(lines).toEqual(
      expect.arrayContaining([
        'linkpin_deliveries_total{platform="slack",step="sent"} 1',
        'linkpin_deliveries_total{platform="slack",step="retry"} 1',
        'linkpin_deliveries_total{platform="slack",step="unknown"} 1',
        'linkpin_deliveries_total{platform="teams",step="failed"} 1',
        'linkpin_deliveries_total{platform="nowhere",step="failed"} 1',
        'linkpin_delivery_lateness_seconds_count{platform="slack"} 1',
        'linkpin_deliveries_due{platform="slack"} 2',
        'linkpin_delivery_oldest_due_seconds{platform="slack"} 20',
        'linkpin_tick_age_seconds 7',
      ]),
    )
    for (const name of ['rheinfurt', 'aylin', 'T0TOWN', 'C0TEAM', 'contoso', 'hello']) {
      expect(text).not.toContain(name)
    }
  })

  test('count each time a message waits for its turn on the platform', async () => {
    const counted: string[] = []
    const meter = {
      count: (platform: string, step: string) => void counted.push(`${platform} ${step}`),
      late() {},
    }
    const { deliveries } = (await world()).createReplica({ meter })
    await deliveries.owe([draft(), draft({ purpose: 'tip' })])
    await deliveries.runDue()
    expect(counted).toEqual(['slack owed', 'slack owed', 'slack claimed', 'slack sent', 'slack paced'])
    await deliveries.owe([draft()])
    expect(counted).toHaveLength(5)
  })
})

test('the log follows a delivery by its id, and says nothing else', async () => {
  const lines: string[] = []
  const log = createLogger('debug', { write: (line) => void lines.push(line) })
  const { deliveries } = (await world()).createReplica({ log })
  await deliveries.owe([draft({ to: { member: 'aylin' } })])
  await deliveries.runDue()
  const id = 'rheinfurt|nudge|2026-11-24T10:00|nudge|aylin'
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
    ['owed', 'claimed', 'sent'].map((step) =>
      expect.objectContaining({ delivery: id, lane: 'slack|T0TOWN', msg: `delivery: ${step}` }),
    ),
  )
  expect(lines.join()).not.toContain('hello')
})

describe('deliveries on the command line', () => {
  const ID = draft().cause + '|nudge|slack|T0TOWN|channel|C0TEAM'
  const SECRET = 'what only its reader should see'
  let clockwork: Clockwork
  const run = (...args: string[]) => runDeliveries(args, clockwork.deliveries.operating)
  const post = async (fate?: Error, to: Parameters<typeof draft>[0] = {}): Promise<void> => {
    clockwork.fate.before = () => {
      if (fate) throw fate
    }
    const view = { summary: SECRET, blocks: [{ type: 'text' as const, text: SECRET }] }
    await clockwork.deliveries.owe([draft({ view, ...to })])
    await clockwork.deliverFor(5)
    clockwork.fate.before = undefined
  }
  beforeEach(async () => {
    clockwork = await world()
  })

  test('list shows what needs somebody, or what is in a state; never what it says', async () => {
    await post(new Refused('is_archived'))
    await post(new Error('reset'), { purpose: 'tip' })
    clockwork.pass(60)
    await post(undefined, { to: { member: 'aylin' } })
    const { code, text } = await run('list')
    expect(code).toBe(0)
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^2026-11-24T09:00:05\.000Z +unknown +no-answer +1x +.*\|tip\|/),
      expect.stringMatching(/failed +is_archived +1x +.*\|nudge\|/),
      '2 in all.',
    ])
    expect((await run('list', '--state', 'sent')).text).toContain('|nudge|aylin')
    expect((await run('list', '--network', 'elsewhere')).text).toBe('0 in all.')
    for (const state of ['failed', 'unknown', 'sent']) {
      expect((await run('list', '--state', state)).text).not.toContain(SECRET)
    }
  })

  test('show says where one stands', async () => {
    await post(new Refused('is_archived'))
    const { code, text } = await run('show', ID)
    expect(code).toBe(0)
    expect(text).toMatch(/state +failed\nreason +is_archived\n/)
    expect(text).not.toContain(SECRET)
    expect(await run('show', 'none')).toEqual({ code: 1, text: 'There is no delivery none.' })
  })

  test('retry sends again what failed', async () => {
    await post(new Refused('is_archived'))
    expect((await run('retry', ID)).code).toBe(0)
    await clockwork.deliverFor(5)
    expect(await clockwork.states()).toEqual(['sent'])
    expect((await run('retry', ID)).text).toContain('It is sent.')
  })

  test('retry asks before it risks sending twice', async () => {
    await post(new Error('reset'))
    const refused = await run('retry', ID)
    expect(refused.code).toBe(1)
    expect(refused.text).toContain('It may have arrived')
    expect(await clockwork.states()).toEqual(['unknown: no-answer'])
    expect((await run('retry', ID, '--yes')).code).toBe(0)
    await clockwork.deliverFor(60)
    expect(await clockwork.states()).toEqual(['sent'])
  })

  test('retry cannot send what has been deleted', async () => {
    await post(new Refused('is_archived'))
    clockwork.pass(31 * 86_400)
    await clockwork.deliveries.reconcile()
    expect((await run('retry', ID)).text).toContain('deleted')
  })

  test.each([
    [[]],
    [['list', ID]],
    [['list', '--state', 'lost']],
    [['show']],
    [['drop', ID]],
    [['list', '--all']],
  ])('anything else is answered with how it is done: %j', async (args) => {
    const { code, text } = await run(...args)
    expect(code).toBe(1)
    expect(text).toMatch(/^Usage: npm run deliveries/)
  })

  test('reaches the Linkpin that works in the folder, for whoever may read the folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'linkpin-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    expect(await knock(folder, ['list'])).toBeUndefined()
    const door = createDoor(folder, (args) => run(...args))
    const url = await serve({ operate: door })
    door.open('0.0.0.0', Number(new URL(url).port))
    expect(statSync(join(folder, 'operate.json')).mode & 0o777).toBe(0o600)
    expect(await knock(folder, ['list'])).toEqual({ code: 0, text: '0 in all.' })
    expect((await fetch(`${url}/operate/deliveries`, { method: 'POST' })).status).toBe(404)
    const nonsense = { method: 'POST', body: '{}', ...withToken(door.token) }
    expect((await fetch(`${url}/operate/deliveries`, nonsense)).status).toBe(400)
    door.close()
    expect(await knock(folder, ['list'])).toBeUndefined()
  })
})

test('when asked to end, what is on its way ends as it ends, and nothing new begins', async () => {
  const { deliveries, fate, posted, states } = await world()
  const answers: (() => void)[] = []
  const bothAsked = new Promise<void>((resolve) => {
    fate.before = () =>
      new Promise<void>((answer) => {
        if (answers.push(answer) === 2) resolve()
      })
  })
  await deliveries.owe([draft(), draft({ to: { space: TEAMS } }), draft({ purpose: 'tip' })])
  await deliveries.owe([draft({ purpose: 'after', to: { space: TEAM } })])
  const run = deliveries.runDue()
  await bothAsked
  deliveries.stop()
  for (const answer of answers) answer()
  await run
  await deliveries.runDue()
  expect(posted).toHaveLength(2)
  expect((await states()).toSorted()).toEqual(['pending', 'pending', 'sent', 'sent'])
})
