import { cpus } from 'node:os'
import { MongoBackend } from '@agendajs/mongo-backend'
import { Agenda } from 'agenda'
import { Queue, Worker } from 'bullmq'
import { overRedis } from '../../src/delivery/bullmq.ts'
import { randomId } from '../../src/kernel/ids.ts'
import { inParallel } from '../../src/kernel/parallel.ts'
import { createRedisServer, hasRedis } from '../../tests/support/redis-server.ts'
import { stores } from '../../tests/support/stores.ts'
import { openLedger } from '../support/ledger.ts'
import { inWords, perSecond, sideBySide, type Row, type Sample } from '../support/row.ts'
import { log } from '../support/world.ts'

type Db = Extract<ConstructorParameters<typeof MongoBackend>[0], { mongo: unknown }>['mongo']

const sendsNothing = () => ({
  serves: async () => true,
  post: async () => ({ n: '1' }),
  update: async () => {},
})

/** Agenda keeps its jobs in MongoDB too. */
export const besideAgenda: Row = {
  bot: 'in-process dispatcher, a send that does nothing, on MongoDB',
  against: 'Agenda on the same MongoDB',
  target: '>= 3 x',
  async measure(size) {
    const server = stores.find(({ name }) => name !== 'embedded')
    if (!server) return { measured: 'not measured: there is no MONGODB_TEST_URI' }
    const store = await server.open()
    const ledger = await openLedger(size.of(200), sendsNothing, { opened: { store, close: store.close } })
    const agenda = await openAgenda(store.db.db as unknown as Db)
    try {
      const ratios = await sideBySide(size, {
        ours: () => ledger.run(),
        floor: () => agenda.run(ledger.count),
      })
      const measured = `${inWords(ratios)} on ${server.name}, Agenda ${Math.round(ratios.floor)} a second`
      return { measured, met: ratios.median >= 3 }
    } finally {
      await agenda.close()
      await ledger.close()
    }
  },
}

async function openAgenda(mongo: Db) {
  let [left, done] = [0, (): void => undefined]
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo }),
    processEvery: 10,
    maxConcurrency: 100,
    defaultConcurrency: 100,
  })
  agenda.define('nothing', async () => {
    if (--left === 0) done()
  })
  await agenda.start()
  return {
    async run(count: number): Promise<Sample> {
      left = count
      const all = new Promise<void>((resolve) => (done = resolve))
      return perSecond(count, async () => {
        await inParallel(Array.from({ length: count }), 50, () => agenda.now('nothing', {}))
        await all
      })
    },
    async close() {
      await agenda.stop()
    },
  }
}

/** The ledger stays the truth: what BullMQ hands over is claimed and settled in the store as always. */
export const besideBullmq: Row = {
  bot: 'BullMQ dispatcher, a send that does nothing',
  against: 'BullMQ alone, jobs added in bulk',
  target: '>= 0.25; four workers >= 3 x one',
  async measure(size) {
    if (!hasRedis) return { measured: 'not measured: there is no redis-server' }
    const redis = await createRedisServer()
    await redis.start()
    const ledger = await openLedger(size.of(400), sendsNothing, {
      createDispatcher: overRedis(redis.url, log),
    })
    const bare = openBare(redis.url)
    try {
      const ratios = await sideBySide(size, {
        ours: () => ledger.run(),
        floor: () => bare.run(ledger.count),
      })
      const cores = cpus().length
      const workers = `four workers: not measured, ${cores} cores do not show it`
      return { measured: `${inWords(ratios)}; ${workers}`, met: ratios.median >= 0.25 }
    } finally {
      await bare.close()
      await ledger.close()
      await redis.kill()
    }
  },
}

function openBare(url: string) {
  const { hostname: host, port } = new URL(url)
  const connection = { host, port: Number(port) }
  const queue = new Queue('bench', { connection })
  const worker = new Worker('bench', async () => {}, {
    connection: { ...connection, maxRetriesPerRequest: null },
    concurrency: 100,
    removeOnComplete: { count: 0 },
  })
  return {
    async run(count: number): Promise<Sample> {
      const jobs = Array.from({ length: count }, () => ({ name: 'nothing', data: { id: randomId() } }))
      let left = count
      return perSecond(count, async () => {
        const completed = new Promise<void>((resolve) => {
          const count = (): void => {
            if (--left > 0) return
            worker.off('completed', count)
            resolve()
          }
          worker.on('completed', count)
        })
        await queue.addBulk(jobs)
        await completed
      })
    },
    async close() {
      await worker.close()
      await queue.close()
    },
  }
}
