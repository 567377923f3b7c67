import { setTimeout as after } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { Redis, type RedisOptions } from 'ioredis'
import { z } from 'zod'
import { fingerprint } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { groupBy } from '../kernel/parallel.ts'
import { createInProcessDispatcher, type CreateDispatcher, type Due } from './dispatcher.ts'

const QUEUE = 'linkpin-deliveries'
const LANES_AT_ONCE = 100
/** A process that died while it held a lane is found out within the sum of these. */
const HELD = { lockDuration: 10_000, stalledInterval: 5_000 }
const TIMING = {
  /** What Redis got so long ago and is due still, this process does itself, whatever the queue thinks. */
  patienceMs: 20_000,
  /** After Redis failed, so long nobody waits for it. */
  pauseMs: 5_000,
}
const CLOSING_MS = 3_000

// Finds out within twenty seconds that the other end has vanished.
const both: RedisOptions = { connectTimeout: 5_000, keepAlive: 10_000 }
// Whoever hands over has another way and must not wait; a worker has nothing better to do.
const asker: RedisOptions = {
  ...both,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 2_000,
}
const waiter: RedisOptions = { ...both, maxRetriesPerRequest: null }

// Another version of Linkpin may have written it.
const job = z.array(z.object({ id: z.string(), lane: z.string(), target: z.string() }))

/**
 * Hands over through Redis, so that of many processes one at a time works on a lane, and each on some. Redis keeps
 * nothing that matters: where it has lost, refuses or forgets what it got, this process does the work by itself. Work is
 * first taken when there is something to hand over, because then the ways out are there.
 * @param url redis:// or rediss://
 * @param timing for tests
 */
export const overRedis =
  (url: string, log: Logger, { patienceMs, pauseMs } = TIMING): CreateDispatcher =>
  (deliver) => {
    const here = createInProcessDispatcher(deliver)
    /** What this process is doing, by lane: a lane is worked on once at a time, whoever asked for it. */
    const atWork = new Map<string, Promise<number>>()
    /** What stood first in a lane when Redis got it, and since when. */
    const asked = new Map<string, { first: string; since: number }>()
    let isAway = false
    let pauseUntil = 0
    let closing = false

    async function work(lane: string, due: Due[]): Promise<number> {
      if (closing || atWork.has(lane)) return 0
      const working = here.handOver(due)
      atWork.set(lane, working)
      return working.finally(() => atWork.delete(lane))
    }

    const redis = connect(url, log, async (data) => {
      const due = job.safeParse(data).data ?? []
      const [first] = due
      if (first) await work(first.lane, due)
    })

    function tellWhetherAway(away: boolean, error?: unknown): void {
      if (away !== isAway && away) log.warn({ err: error }, 'Redis does not answer: messages go without it')
      if (away !== isAway && !away) log.info('Redis answers again')
      isAway = away
    }

    /** True where Redis took it and somebody is likely to do it. */
    async function ask(lane: string, due: Due[]): Promise<boolean> {
      const now = performance.now()
      const first = due[0]?.id ?? ''
      const before = asked.get(lane)
      if (before?.first !== first) asked.set(lane, { first, since: now })
      else if (now - before.since >= patienceMs) {
        asked.delete(lane)
        return false
      }
      if (now < pauseUntil) return false
      try {
        await redis.add(lane, due)
        tellWhetherAway(false)
        return true
      } catch (error) {
        pauseUntil = performance.now() + pauseMs
        tellWhetherAway(true, error)
        return false
      }
    }

    return {
      async handOver(due) {
        const byLane = groupBy(due, ({ lane }) => lane)
        const steps = await Promise.all(
          byLane.map(async (some) => {
            const lane = some[0]?.lane ?? ''
            if (closing || atWork.has(lane) || (await ask(lane, some))) return 0
            return work(lane, some)
          }),
        )
        return steps.reduce((sum, each) => sum + each, 0)
      },
      async close() {
        closing = true
        await Promise.allSettled(atWork.values())
        await redis.close()
      },
    }
  }

/** The queue and its worker. No failure of Redis gets out but through `add`. */
function connect(url: string, log: Logger, work: (data: unknown) => Promise<void>) {
  let isClosed = false
  const retryStrategy = (times: number): number | null => (isClosed ? null : Math.min(times * 250, 5_000))
  const asking = new Redis(url, { ...asker, retryStrategy })
  const waiting = new Redis(url, { ...waiter, retryStrategy })
  // Nothing is asked of Redis before it is used: a first question that fails would be the last.
  const options = { skipVersionCheck: true }
  const queue = new Queue<unknown>(QUEUE, { connection: asking, ...options })
  const worker = new Worker<unknown>(QUEUE, ({ data }) => work(data), {
    ...{ connection: waiting, concurrency: LANES_AT_ONCE, ...HELD, ...options },
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
    autorun: false,
  })
  // They try again by themselves, and `add` says what matters.
  const quietly = (error: Error): void => log.debug({ err: error }, 'Redis')
  for (const connection of [asking, waiting]) connection.on('error', quietly)
  queue.on('error', quietly)
  worker.on('error', quietly)
  worker.on('failed', (_job, error) => log.error({ err: error }, 'what was due could not be handed over'))

  return {
    /**
     * Has some process do it; nothing where one is at it.
     * @throws where Redis cannot be reached
     */
    async add(lane: string, due: Due[]): Promise<void> {
      if (!worker.isRunning()) void worker.run().catch(quietly)
      if (asking.status !== 'ready') throw new Error(`connection: ${asking.status}`)
      // A lane has one job at a time, so that its order holds on all processes.
      await queue.add('due', due, { jobId: fingerprint(lane), removeOnComplete: true, removeOnFail: true })
    },
    async close(): Promise<void> {
      isClosed = true
      // That jobs are done is written down where Redis is there; else nobody is waited for.
      const closed = Promise.allSettled([worker.close(asking.status !== 'ready'), queue.close()])
      await Promise.race([closed, after(CLOSING_MS, undefined, { ref: false })])
      asking.disconnect()
      waiting.disconnect()
    },
  }
}
