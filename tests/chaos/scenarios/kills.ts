import { boundaries, type Boundary } from '../support/boundaries.ts'
import { skipped, type Tally } from '../support/history.ts'
import { createProxy, type Proxy } from '../support/proxy.ts'
import type { Replica } from '../support/replica.ts'
import type { Scenario } from '../support/scenario.ts'
import { inWorld, mongodb, type World } from '../support/world.ts'

interface Moment {
  at: Boundary | 'the platform accepts'
  when: 'before' | 'after'
}

const everyMoment = [...boundaries, 'the platform accepts' as const].flatMap((at): Moment[] => [
  { at, when: 'before' },
  { at, when: 'after' },
])
const nameOf = ({ at, when }: Moment): string => `${when} ${typeof at === 'string' ? at : at.name}`

// A check-in makes one occurrence but several messages: there, a later one is as good a place to die.
const OFTEN = ['turn taken', 'claimed', 'recorded as sent', 'told to the rooms']
const MEMBERS = 4
const DEATH_WITHIN_MS = 300_000

/** Starts a process that will end at a moment. */
async function doomed(world: World, { at, when }: Moment, round: number, proxy?: Proxy): Promise<Replica> {
  const env: Record<string, string> = proxy ? { MONGODB_URI: proxy.uri } : {}
  if (typeof at === 'string') {
    const replica = await world.start(env)
    world.provider.be(() => {
      replica.signal('SIGKILL')
      return { accepted: when === 'after', then: 'reset' }
    })
    return replica
  }
  const nth = OFTEN.includes(at.name) ? 1 + (round % 3) : 1
  if (!proxy) return world.start({ CHAOS_KILL: JSON.stringify({ ...at, when, nth }) })
  const replica = await world.start(env)
  const spring = (): 'gone' => {
    replica.signal('SIGKILL')
    return 'gone'
  }
  proxy.set({ at, when, nth, spring })
  return replica
}

async function killEverywhere(overMongo: boolean, moments: Moment[], rounds: number): Promise<Tally[]> {
  const plan = Array.from({ length: rounds }, () => moments).flat()
  return inWorld({ overMongo, networks: plan.length, members: MEMBERS }, async (world) => {
    const proxy = overMongo ? await createProxy(world.uri) : undefined
    const alive: string[] = []
    for (const [n, moment] of plan.entries()) {
      const group = nameOf(moment)
      await world.dueNow(group, n)
      const replica = await doomed(world, moment, Math.floor(n / moments.length), proxy)
      const isDead = await world.until(() => !replica.isAlive(), DEATH_WITHIN_MS)
      if (!isDead) alive.push(`${group}: this never came`)
      replica.signal('SIGKILL')
      await replica.ended
      world.provider.be(() => 'accept')
    }
    await world.start()
    await world.settled()
    const wrong = [...alive, ...(await world.stop())]
    await world.ledger()
    await proxy?.vanish()
    const store = overMongo ? 'MongoDB' : 'embedded'
    const tallies = moments.map((moment) =>
      world.judge(`kill -9 ${nameOf(moment)} (${store})`, nameOf(moment), { killed: rounds }),
    )
    tallies[0]?.wrong.push(...wrong)
    return tallies
  })
}

// Right after one write is right before the next. In CI, each store takes every second of these, and the hardest.
const sample = everyMoment.filter(({ at, when }) => when === 'after' || typeof at === 'string')
const half = (offset: 0 | 1): Moment[] =>
  sample.filter((_, index) => index % 2 === offset || index === sample.length - 1)

export const killsEmbedded: Scenario = {
  name: 'kills-embedded',
  run: ({ isShort, rounds }) => killEverywhere(false, isShort ? half(0) : everyMoment, rounds),
}

export const killsMongo: Scenario = {
  name: 'kills-mongodb',
  run: async ({ isShort, rounds }) =>
    mongodb
      ? killEverywhere(true, isShort ? half(1) : everyMoment, rounds)
      : [skipped('kill -9 at each write (MongoDB)', 'MONGODB_TEST_URI is not set')],
}
