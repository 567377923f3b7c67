import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createRedisServer, hasRedis } from '../../support/redis-server.ts'
import { skipped, type Tally } from '../support/history.ts'
import { forSeconds, load } from '../support/load.ts'
import { createPeople } from '../support/people.ts'
import type { Replica } from '../support/replica.ts'
import type { Scenario, Size } from '../support/scenario.ts'
import { inWorld, mongodb, type World } from '../support/world.ts'

const REPLICAS = 3
const NETWORKS = 20
const MEMBERS = 10
const PER_SECOND = 20
/** A claim whose holder was killed is settled within so many seconds. */
const SETTLED_WITHIN = 90

/** The longest that a claim has stood, in the world's seconds, as far as it was seen. */
async function oldestClaim(world: World): Promise<number> {
  const now = world.clock.now().epochMilliseconds
  const ages = (await world.claims()).map(
    ({ leaseUntil }) => (now - (leaseUntil as Date).getTime()) / 1000 + 60,
  )
  return Math.max(0, ...ages)
}

async function underFire(world: World, seconds: number, everyMs: number, env: Record<string, string>) {
  const slots: Replica[] = []
  for (let n = 0; n < REPLICAS; n++) slots.push(await world.start(env))
  await Promise.all(slots.map(({ up }) => up))
  const people = createPeople(world, NETWORKS, MEMBERS)
  let killed = 0
  let oldest = 0
  let isOver = false
  const killing = (async () => {
    while (!isOver) {
      await pause(everyMs)
      const n = randomInt(REPLICAS)
      slots[n]?.signal('SIGKILL')
      await slots[n]?.ended
      slots[n] = await world.start(env)
      killed++
    }
  })()
  const watching = (async () => {
    while (!isOver) {
      oldest = Math.max(oldest, await oldestClaim(world))
      const url = await slots[randomInt(REPLICAS)]?.up.catch(() => undefined)
      if (url) await people.write(url)
      await pause(500)
    }
  })()
  const all = { group: 'all', perSecond: PER_SECOND, networks: NETWORKS }
  await load(world, all, forSeconds(seconds))
  isOver = true
  await Promise.all([killing, watching])
  await world.settled()
  const url = await slots[0]?.up
  if (url) await world.until(async () => (await people.write(url, 20), people.left() === 0))
  return { killed, oldest, people }
}

async function run(name: string, { isShort, rounds }: Size, env: Record<string, string>): Promise<Tally> {
  // The long run goes by the machine's clock, so that a lease and a minute are what they are.
  const [seconds, everyMs, speed] = isShort ? [10, 2500, 10] : [60 * rounds, 2000, 1]
  const options = { overMongo: true, networks: NETWORKS, members: MEMBERS, speed }
  return inWorld(options, async (world) => {
    const { killed, oldest, people } = await underFire(world, seconds, everyMs, env)
    const wrong = await world.stop()
    await world.ledger()
    wrong.push(...(await people.lost()))
    if (!isShort && oldest > SETTLED_WITHIN) wrong.push(`a claim stood for ${Math.round(oldest)} s`)
    const note = [
      `${people.acknowledged()} answers acknowledged, none lost`,
      ...(isShort ? [] : [`longest claim ${Math.round(oldest)} s`]),
    ].join('; ')
    return world.judge(name, 'all', { killed, note, wrong })
  })
}

const NAME = 'three replicas killed at random under load'

export const underFireScenario: Scenario = {
  name: 'under-fire',
  async run(size) {
    if (!mongodb) return [skipped(NAME, 'MONGODB_TEST_URI is not set')]
    const tallies = size.isShort ? [] : [await run(`${NAME} (in-process dispatcher)`, size, {})]
    if (!hasRedis) return [...tallies, skipped(`${NAME} (Redis)`, 'there is no redis-server')]
    const redis = await createRedisServer()
    await redis.start()
    try {
      return [...tallies, await run(`${NAME} (Redis)`, size, { REDIS_URL: redis.url })]
    } finally {
      await redis.kill()
    }
  },
}
