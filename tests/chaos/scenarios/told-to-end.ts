import { setTimeout as pause } from 'node:timers/promises'
import { createRedisServer, hasRedis } from '../../support/redis-server.ts'
import { skipped, type Tally } from '../support/history.ts'
import { load } from '../support/load.ts'
import type { Replica } from '../support/replica.ts'
import type { Scenario } from '../support/scenario.ts'
import { inWorld, mongodb } from '../support/world.ts'

const NETWORKS = 20
const MEMBERS = 10
const PER_SECOND = 20
/** On a slow machine a turn takes long: then there are pauses between the messages. */
const MOST_A_TURN = 200
/** No faster than this: the machine may be slow, and claims must not end meanwhile. */
const SPEED = 2

/** Replicas replaced one after the other, as in an update, while messages are on their way. */
async function rolling(name: string, turns: number, env: Record<string, string>): Promise<Tally> {
  return inWorld({ overMongo: true, networks: NETWORKS, members: MEMBERS, speed: SPEED }, async (world) => {
    // Answers take a while, so that something is always on its way.
    world.provider.be(() => ({ accepted: true, then: 'late' }))
    const replicas: Replica[] = [await world.start(env), await world.start(env)]
    await Promise.all(replicas.map(({ up }) => up))
    let isOn = true
    const all = { group: 'all', perSecond: PER_SECOND, networks: NETWORKS, most: MOST_A_TURN * turns }
    const loading = load(world, all, () => isOn)
    const wrong: string[] = []
    let longest = 0
    for (let turn = 0; turn < turns; turn++) {
      await pause(1500)
      const old = replicas.shift()
      if (!old) break
      const next = await world.start(env)
      await next.up
      replicas.push(next)
      const since = performance.now()
      old.signal('SIGTERM')
      const { code, signal } = await old.ended
      longest = Math.max(longest, performance.now() - since)
      if (code !== 0) wrong.push(`SIGTERM ended with ${code ?? signal}`)
    }
    isOn = false
    await loading
    await world.settled()
    wrong.push(...(await world.stop()))
    await world.ledger()
    const note = `the slowest took ${(longest / 1000).toFixed(1)} s to end`
    const abandoned = [...(await world.ledger()).values()].filter(({ reason }) => reason === 'lease-expired')
    if (abandoned.length > 0) wrong.push(`${abandoned.length} abandoned, although nobody was killed`)
    return world.judge(name, 'all', { killed: turns, note, wrong })
  })
}

const NAME = 'SIGTERM one after the other under load'

export const toldToEnd: Scenario = {
  name: 'told-to-end',
  async run({ isShort, rounds }) {
    if (!mongodb) return [skipped(NAME, 'MONGODB_TEST_URI is not set')]
    const turns = isShort ? 2 : 4 * rounds
    const alone = isShort && hasRedis ? [] : [await rolling(`${NAME} (in-process dispatcher)`, turns, {})]
    if (!hasRedis) return [...alone, skipped(`${NAME} (Redis)`, 'there is no redis-server')]
    const redis = await createRedisServer()
    await redis.start()
    try {
      return [...alone, await rolling(`${NAME} (Redis)`, turns, { REDIS_URL: redis.url })]
    } finally {
      await redis.kill()
    }
  },
}
