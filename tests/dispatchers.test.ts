import { setImmediate as others } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { overRedis } from '../src/delivery/bullmq.ts'
import { createInProcessDispatcher } from '../src/delivery/dispatcher.ts'
import { dispatcherSuite } from '../src/delivery/dispatcher-suite.ts'
import type { Draft } from '../src/delivery/port.ts'
import { createLogger } from '../src/kernel/logger.ts'
import { createClockwork, draft, TEAM, TEAMS, type Clockwork } from './support/clockwork.ts'
import { createRedisServer, hasRedis } from './support/redis-server.ts'
import { stores } from './support/stores.ts'

const log = createLogger('silent')

dispatcherSuite('in this process', () => createInProcessDispatcher)

const overRealRedis = hasRedis ? describe : describe.skip
overRealRedis(hasRedis ? 'over Redis' : 'over Redis (this machine has no redis-server)', () => {
  let redis: Awaited<ReturnType<typeof createRedisServer>>
  beforeEach(async () => {
    redis = await createRedisServer()
  })
  afterEach(() => redis.kill())

  describe('there', () => {
    beforeEach(() => redis.start())
    dispatcherSuite('over Redis', () => overRedis(redis.url, log))
  })

  describe('gone', () => {
    dispatcherSuite('over a Redis that is not there', () => overRedis(redis.url, log))
  })

  describe('nothing lost, nothing twice', () => {
    let world: Clockwork
    let isOver: boolean
    let replicas: ReturnType<Clockwork['createReplica']>[]
    /** Eight messages for each of five targets, of two platforms. */
    const drafts: Draft[] = Array.from({ length: 8 }, (_, n) =>
      [{ space: TEAM }, { space: TEAMS }, { member: 'aylin' }, { member: 'jonas' }, { member: 'marta' }].map(
        (to) => draft({ to, purpose: `message ${n}` }),
      ),
    ).flat()

    beforeEach(async () => {
      world = await createClockwork(stores[0]!.open)
      replicas = []
      isOver = false
    })
    afterEach(async () => {
      isOver = true
      await Promise.all(replicas.map(({ deliveries }) => deliveries.stop()))
      await world.close()
    })

    const addReplica = (timing = { patienceMs: 20_000, pauseMs: 0 }) => {
      const replica = world.createReplica({ createDispatcher: overRedis(redis.url, log, timing) })
      replicas.push(replica)
      return replica
    }
    /** Each replica ticks; the clock moves when nothing is left to do at its instant. */
    async function tickUntil(isEnough: () => Promise<boolean>): Promise<void> {
      while (!isOver && !(await isEnough())) {
        await Promise.all(replicas.map(({ deliveries }) => deliveries.runDue()))
        const next = await world.deliveries.nextDueAt()
        if (next && next.epochMilliseconds > world.clock.now().epochMilliseconds) world.clock.moveTo(next)
        await others()
      }
    }
    const allSent = async (): Promise<boolean> => (await world.states()).every((state) => state === 'sent')
    /** After so many posts. */
    const after = (posts: number, happens: () => unknown): void => {
      let left = posts
      world.fate.after = async () => {
        if (--left === 0) await happens()
      }
    }
    /** Each once, and to each target in order. */
    const expectAll = (): void => {
      expect(world.posted).toHaveLength(drafts.length)
      expect(new Set(world.posted.map(({ deliveryId }) => deliveryId)).size).toBe(drafts.length)
      for (const target of new Set(world.posted.map(({ to }) => to))) {
        const purposes = world.posted.filter(({ to }) => to === target).map((one) => one.deliveryId)
        expect(purposes).toEqual(purposes.toSorted())
      }
    }
    /** Owes until Redis holds something again, as it does once it is asked. */
    const untilRedisIsAsked = async (): Promise<void> => {
      for (let n = 0; !isOver && (await redis.size()) === 0; n++) {
        await world.deliveries.owe([draft({ cause: `later ${n}` })])
        await tickUntil(allSent)
      }
    }

    test('two replicas', async () => {
      await redis.start()
      addReplica()
      addReplica()
      await world.deliveries.owe(drafts)
      await tickUntil(allSent)
      expectAll()
      expect(await redis.size()).toBeGreaterThan(0)
    })

    test('Redis is not there at the start, and comes later', async () => {
      addReplica()
      addReplica()
      await world.deliveries.owe(drafts)
      await tickUntil(allSent)
      expectAll()
      await redis.start()
      await untilRedisIsAsked()
    })

    test('Redis dies halfway, and comes back without a memory', async () => {
      await redis.start()
      addReplica()
      addReplica()
      await world.deliveries.owe(drafts)
      after(15, redis.kill)
      await tickUntil(allSent)
      expectAll()
      await redis.start()
      await untilRedisIsAsked()
    })

    test('Redis is emptied halfway, again and again', async () => {
      await redis.start()
      addReplica()
      addReplica()
      await world.deliveries.owe(drafts)
      world.fate.after = redis.flush
      await tickUntil(allSent)
      expectAll()
    })

    test('Redis freezes halfway', async () => {
      await redis.start()
      addReplica({ patienceMs: 20_000, pauseMs: 5_000 })
      await world.deliveries.owe(drafts)
      after(15, redis.freeze)
      await tickUntil(allSent)
      expectAll()
    })

    test('somebody takes the work, and does none', async () => {
      await redis.start()
      const connection = new Redis(redis.url, { maxRetriesPerRequest: null }).on('error', () => {})
      const thief = new Worker('linkpin-deliveries', () => new Promise(() => {}), {
        connection,
        concurrency: 100,
      })
      await thief.waitUntilReady()
      addReplica({ patienceMs: 50, pauseMs: 0 })
      await world.deliveries.owe(drafts)
      await tickUntil(allSent)
      expectAll()
      await thief.close(true)
      connection.disconnect()
    })

    test('a replica that stops finishes what it has begun, with Redis or without', async () => {
      await redis.start()
      const first = addReplica()
      await world.deliveries.owe(drafts)
      let stopped: Promise<void> | undefined
      after(3, () => {
        stopped = first.deliveries.stop()
      })
      await tickUntil(async () => stopped !== undefined)
      await stopped
      expect(await world.states()).not.toContain('claimed')
      addReplica()
      await tickUntil(allSent)
      expectAll()
      await redis.kill()
    })
  })
})
