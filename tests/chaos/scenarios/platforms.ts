import { setTimeout as pause } from 'node:timers/promises'
import { tenantOf, workspaceOf, type Platform } from '../support/ground.ts'
import type { Tally } from '../support/history.ts'
import type { Coming, Fate } from '../support/provider.ts'
import type { Scenario } from '../support/scenario.ts'
import { inWorld, type World } from '../support/world.ts'

interface Trouble {
  fault: string
  platform: Platform
  fate: Fate
  /** How many messages of the tenant meet it; then all is well again. */
  times: number
}

const slack = (fault: string, fate: Fate, times = 2): Trouble => ({ fault, platform: 'slack', fate, times })
const teams = (fault: string, fate: Fate, times = 2): Trouble => ({ fault, platform: 'teams', fate, times })
const patience = (retryAfter?: number): Fate => ({ accepted: false, then: 429, retryAfter })
const ALWAYS = Infinity

const SLOWEST = slack('Slack: 429, Retry-After 600', patience(600))

const troubles: Trouble[] = [
  slack('Slack: accepts, then resets', { accepted: true, then: 'reset' }),
  slack('Slack: resets', { accepted: false, then: 'reset' }),
  slack('Slack: accepts, then 500', { accepted: true, then: 500 }),
  slack('Slack: 503', { accepted: false, then: 503 }),
  slack('Slack: accepts, then hangs', { accepted: true, then: 'hang' }),
  slack('Slack: 429, Retry-After 1', patience(1)),
  slack('Slack: 429, Retry-After 30', patience(30)),
  SLOWEST,
  slack('Slack: 429 without Retry-After', patience()),
  slack('Slack: channel_not_found', { error: 'channel_not_found' }, ALWAYS),
  slack('Slack: account_inactive', { error: 'account_inactive' }, ALWAYS),
  slack('Slack: token_revoked', { error: 'token_revoked' }, ALWAYS),
  slack('Slack: is_archived', { error: 'is_archived' }, ALWAYS),
  slack('Slack: internal_error', { error: 'internal_error' }),
  teams('Teams: accepts, then resets', { accepted: true, then: 'reset' }),
  teams('Teams: accepts, then 502', { accepted: true, then: 502 }),
  teams('Teams: accepts, then hangs', { accepted: true, then: 'hang' }),
  teams('Teams: 429, Retry-After 30', patience(30)),
  teams('Teams: 429 without Retry-After', patience()),
  teams('Teams: 403', { accepted: false, then: 403 }, ALWAYS),
  teams('Teams: 404', { accepted: false, then: 404 }, ALWAYS),
]

const tenantIn = (platform: Platform, n: number): string =>
  platform === 'slack' ? workspaceOf(n) : tenantOf(n)

/** Each trouble in a tenant of its own, all at the same time. */
async function eachTrouble(messages: number): Promise<Tally[]> {
  return inWorld({ networks: troubles.length, members: 8 }, async (world) => {
    const left = new Map(troubles.map(({ platform, times }, n) => [tenantIn(platform, n), times]))
    const fates = new Map(troubles.map(({ platform, fate }, n) => [tenantIn(platform, n), fate]))
    world.provider.be(({ tenant }: Coming) => {
      const times = left.get(tenant) ?? 0
      left.set(tenant, times - 1)
      return (times > 0 && fates.get(tenant)) || 'accept'
    })
    for (const [n, { fault, platform }] of troubles.entries()) await world.owe(fault, n, messages, platform)
    await world.start()
    await world.settled(({ group }) => group !== SLOWEST.fault)
    // Who was asked to wait for ten minutes, twice, has waited.
    await world.until(async () => (world.jump(60), world.settled(undefined, 1000)))
    const wrong = await world.stop()
    await world.ledger()
    const tallies = troubles.map(({ fault }) => world.judge(fault, fault))
    tallies[0]?.wrong.push(...wrong)
    return tallies
  })
}

const TEN = 10

/** One workspace of ten is asked to wait for ten minutes: the other nine notice nothing. */
async function oneOfTen(messages: number): Promise<Tally> {
  return inWorld({ networks: TEN, members: 8 }, async (world) => {
    const slow = workspaceOf(0)
    let isSlow = true
    world.provider.be(({ tenant }) => (tenant === slow && isSlow ? patience(600) : 'accept'))
    await world.owe('slow', 0, messages, 'slack')
    for (let n = 1; n < TEN; n++) await world.owe('others', n, messages, 'slack')
    await world.start()
    await world.settled(({ group }) => group === 'others')
    const before = world.provider.accepted.filter(({ tenant }) => tenant === slow).length
    isSlow = false
    world.jump(600)
    await world.settled()
    const wrong = await world.stop()
    if (before > 0) wrong.push('the slow workspace was not slow: this says nothing')
    await world.ledger()
    return world.judge('Slack: 429 on one workspace of ten', undefined, { wrong })
  })
}

const OUTAGE_SECONDS = 7200
const STEP_SECONDS = 600

/** Two hours in which nothing goes through, then all is well. */
async function outage(
  fault: string,
  messages: number,
  begin: (world: World) => unknown,
  end: (world: World) => unknown,
) {
  return inWorld({ networks: 3, members: 8 }, async (world) => {
    await begin(world)
    for (let n = 0; n < 3; n++) await world.owe('all', n, messages)
    const replica = await world.start()
    await replica.up
    for (let passed = 0; passed < OUTAGE_SECONDS; passed += STEP_SECONDS) {
      await pause(1500)
      world.jump(STEP_SECONDS - 15)
    }
    await end(world)
    await world.until(async () => {
      world.jump(60)
      return world.settled(undefined, 1500)
    })
    const wrong = await world.stop()
    await world.ledger()
    return world.judge(fault, undefined, { wrong })
  })
}

const outages = (messages: number): Promise<Tally>[] => [
  outage(
    'both: nobody listens for two hours',
    messages,
    ({ provider }) => provider.vanish(),
    ({ provider }) => provider.comeBack(),
  ),
  outage(
    'both: 503 for two hours',
    messages,
    ({ provider }) => provider.be(() => ({ accepted: false, then: 503 })),
    ({ provider }) => provider.be(() => 'accept'),
  ),
]

export const platforms: Scenario = {
  name: 'platforms',
  async run({ isShort, rounds }) {
    const messages = isShort ? 4 : 4 * rounds
    const work = [eachTrouble(messages), oneOfTen(messages), ...outages(messages)]
    return (await Promise.all(work)).flat()
  },
}
