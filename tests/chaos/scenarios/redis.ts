import { setTimeout as pause } from 'node:timers/promises'
import { createRedisServer, hasRedis } from '../../support/redis-server.ts'
import { skipped, type Tally } from '../support/history.ts'
import { load } from '../support/load.ts'
import type { Scenario } from '../support/scenario.ts'
import { inWorld, mongodb, type World } from '../support/world.ts'

type RedisServer = Awaited<ReturnType<typeof createRedisServer>>

const NAME = 'Redis killed, hanging, emptied, restarted'
const NETWORKS = 10
const MEMBERS = 10
const PER_SECOND = 20
/** Without Redis, messages go again within so many seconds. */
const FALLBACK_SECONDS = 30

interface RedisFault {
  name: string
  make(redis: RedisServer): Promise<void> | void
  /** What makes it well again; nothing where it is by itself. */
  end?(redis: RedisServer): Promise<void>
}

const restarted = async (redis: RedisServer): Promise<void> => {
  await redis.kill()
  await redis.start()
}
const faults: RedisFault[] = [
  { name: 'is killed', make: (redis) => redis.kill(), end: (redis) => redis.start() },
  { name: 'hangs', make: (redis) => void redis.freeze(), end: restarted },
  { name: 'is emptied', make: (redis) => redis.flush() },
  { name: 'is restarted', make: restarted },
]

/** The time from a fault to the next message that was accepted, in seconds. */
async function untilTheNext(world: World): Promise<number> {
  const { accepted } = world.provider
  // What was on its way already does not count.
  await pause(1000)
  const [before, since] = [accepted.length, performance.now()]
  await world.until(() => accepted.length > before, 120_000)
  return 1 + ((accepted[before]?.at ?? Infinity) - since) / 1000
}

async function run(rounds: number, isShort: boolean): Promise<Tally> {
  const redis = await createRedisServer()
  await redis.start()
  try {
    return await inWorld({ overMongo: true, networks: NETWORKS, members: MEMBERS }, async (world) => {
      const env = { REDIS_URL: redis.url }
      const replicas = [await world.start(env), await world.start(env)]
      await Promise.all(replicas.map(({ up }) => up))
      let isOn = true
      const loading = load(world, { group: 'all', perSecond: PER_SECOND, networks: NETWORKS }, () => isOn)
      const wrong: string[] = []
      const times: string[] = []
      for (let round = 0; round < rounds; round++) {
        for (const { name, make, end } of faults) {
          await pause(1000)
          await make(redis)
          const seconds = await untilTheNext(world)
          times.push(`${name}: next after ${seconds.toFixed(1)} s`)
          if (!isShort && seconds > FALLBACK_SECONDS) wrong.push(`${name}: next after ${seconds} s`)
          await end?.(redis)
        }
      }
      isOn = false
      await loading
      await world.settled()
      wrong.push(...(await world.stop()))
      await world.ledger()
      return world.judge(NAME, 'all', { note: times.slice(-faults.length).join('; '), wrong })
    })
  } finally {
    await redis.kill()
  }
}

export const redisScenario: Scenario = {
  name: 'redis',
  async run({ isShort, rounds }) {
    if (!mongodb) return [skipped(NAME, 'MONGODB_TEST_URI is not set')]
    if (!hasRedis) return [skipped(NAME, 'there is no redis-server')]
    return [await run(isShort ? 1 : rounds, isShort)]
  },
}
