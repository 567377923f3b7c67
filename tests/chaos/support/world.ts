/**
 * A store, the platforms, and processes of Linkpin before them. Everything is real but the platforms: separate processes,
 * sockets, a disk. Processes go by a clock that shows a Tuesday morning and runs faster, so that a lease ends in seconds.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'libsql'
import { filesOf } from '../../../src/store/embedded/files.ts'
import { openStore } from '../../../src/store/connect.ts'
import { randomId } from '../../../src/kernel/ids.ts'
import { chaosClock, tuesdayMorning } from './clock.ts'
import { createGround, SLACK, type Ground } from './ground.ts'
import { ENDS, hasEnded, judge, type Entry, type Owed, type Tally } from './history.ts'
import { startProvider } from './provider.ts'
import { startReplica, type Replica } from './replica.ts'

/** Six seconds make a minute, unless told otherwise. */
const SPEED = 10
const PATIENCE_MS = 120_000
const LOOK_EVERY_MS = 200

export const mongodb = process.env.MONGODB_TEST_URI

interface Options {
  /** MongoDB's protocol (MONGODB_TEST_URI has to be set) instead of the embedded store. */
  overMongo?: boolean
  networks: number
  /** Of each network; every second one is in Teams. */
  members?: number
  speed?: number
}

export async function createWorld({ overMongo = false, networks, members = 2, speed = SPEED }: Options) {
  const clock = chaosClock(tuesdayMorning(speed))
  const provider = await startProvider()
  const folder = await mkdtemp(join(tmpdir(), 'linkpin-chaos-'))
  const uri = (mongodb ?? '').replace(/^(mongodb:\/\/[^/?]+).*/, `$1/linkpin-chaos-${randomId()}`)
  const replicas: Replica[] = []
  const owed: Owed[] = []

  // The embedded store serves one process: there, the ground is opened while no replica runs.
  const shared = overMongo ? await createGround(await openStore({ mongodbUri: uri }), clock) : undefined
  async function onGround<T>(work: (ground: Ground) => Promise<T>): Promise<T> {
    if (shared) return work(shared)
    const ground = await createGround(await openStore({ dataFolder: folder }), clock)
    try {
      return await work(ground)
    } finally {
      await ground.store.close()
    }
  }

  /** What the ledger says of all, or of those that have not ended. */
  async function entries(onlyOpen: boolean): Promise<Entry[]> {
    if (shared) {
      const fields = { state: 1, reason: 1, ref: 1, fence: 1, leaseUntil: 1 }
      const filter = onlyOpen ? { state: { $nin: ENDS } } : {}
      return shared.store.db.collection<Entry>('deliveries').find(filter, { projection: fields }).toArray()
    }
    const database = new Database(filesOf(folder).data, { readonly: true } as never)
    try {
      const rows = database.prepare('SELECT doc FROM "c:deliveries"').all() as { doc: string }[]
      return rows.map(({ doc }) => JSON.parse(doc) as Entry).filter((one) => !onlyOpen || !hasEnded(one))
    } finally {
      database.close()
    }
  }
  const byId = (found: Entry[]): Map<string, Entry> => new Map(found.map((entry) => [entry._id, entry]))
  let last = new Map<string, Entry>()
  const ledger = async (): Promise<Map<string, Entry>> => (last = byId(await entries(false)))

  /** How many, of those that are meant, have not come to an end; undefined where it cannot be seen now. */
  async function left(isMeant: (one: Owed) => boolean): Promise<number | undefined> {
    const meant = owed.filter(isMeant)
    try {
      const open = byId(await entries(true))
      const count = meant.filter(({ id }) => open.has(id)).length
      if (count > 0) return count
      const all = await ledger()
      return meant.filter(({ id }) => !hasEnded(all.get(id))).length
    } catch {
      // A process that was killed may have left the file in a state that only a writer can open.
      return undefined
    }
  }

  const settings = (): Record<string, string> => ({
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'info',
    PLAYGROUND: 'off',
    ...(overMongo ? { MONGODB_URI: uri } : { DATA_FOLDER: folder }),
    SLACK_SIGNING_SECRET: SLACK.signingSecret,
    SLACK_CLIENT_ID: SLACK.clientId,
    SLACK_CLIENT_SECRET: SLACK.clientSecret,
    SLACK_STATE_SECRET: 'a-secret-for-the-state',
    SLACK_API_URL: `http://${provider.host}/api/`,
    PUBLIC_URL: 'https://linkpin.example.org',
    TEAMS_EMULATOR: 'on',
    TEAMS_SERVICE_HOSTS: provider.host,
  })

  const world = {
    clock,
    provider,
    uri,
    folder,
    onGround,
    ledger,
    owed,
    async owe(...args: Parameters<Ground['owe']>): Promise<void> {
      owed.push(...(await onGround((ground) => ground.owe(...args))))
    },
    async dueNow(...args: Parameters<Ground['dueNow']>): Promise<void> {
      owed.push(...(await onGround((ground) => ground.dueNow(...args))))
    },

    /** One more process. */
    async start(env: Record<string, string> = {}): Promise<Replica> {
      const replica = await startReplica(clock.time(), { ...settings(), ...env })
      replicas.push(replica)
      return replica
    },
    alive: (): Replica[] => replicas.filter((replica) => replica.isAlive()),
    /** Lets time pass at once, for every process. */
    jump(seconds: number): void {
      clock.jump(seconds)
      for (const replica of replicas) replica.jump(seconds)
    },

    /** Looks again and again until something is so; false where patience ends before. Never about speed. */
    async until(isSo: () => Promise<boolean> | boolean, patienceMs = PATIENCE_MS): Promise<boolean> {
      const end = performance.now() + patienceMs
      while (!(await isSo())) {
        if (performance.now() > end) return false
        await pause(LOOK_EVERY_MS)
      }
      return true
    },
    /** Claims that stand now. */
    claims: async (): Promise<Entry[]> => (await entries(true)).filter(({ state }) => state === 'claimed'),
    /**
     * Until all that is owed, as far as it is meant, has come to an end; false where that gets no further.
     * @param patienceMs for so long nothing may happen at all: slow machines are given their time
     */
    async settled(isMeant: (one: Owed) => boolean = () => true, patienceMs = PATIENCE_MS): Promise<boolean> {
      let fewest = Infinity
      let since = performance.now()
      for (;;) {
        const count = await left(isMeant)
        if (count === 0) return true
        if (count !== undefined && count < fewest) [fewest, since] = [count, performance.now()]
        if (performance.now() - since > patienceMs) return false
        await pause(LOOK_EVERY_MS)
      }
    },

    /** Ends all processes as operators do. Returns which ended otherwise, now or before: nothing may bring them down. */
    async stop(): Promise<string[]> {
      const ending = world.alive()
      for (const replica of ending) replica.signal('SIGTERM')
      const ends = await Promise.all(
        replicas.map(async ({ ended, log }) => ({ ...(await ended), said: log().slice(-8).join('\n') })),
      )
      return ends.flatMap(({ code, said }) => (code ? [`a process ended with ${code}:\n${said}`] : []))
    },
    judge(fault: string, group: string | undefined, more?: Parameters<typeof judge>[4]): Tally {
      const ofGroup = owed.filter((one) => group === undefined || one.group === group)
      return judge(fault, ofGroup, last, provider.accepted, more)
    },
    async close(): Promise<void> {
      for (const replica of replicas) replica.signal('SIGKILL')
      await Promise.all(replicas.map(({ ended }) => ended))
      await provider.vanish()
      if (shared) {
        await shared.store.db.dropDatabase()
        await shared.store.close()
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
  await onGround((ground) => ground.found(networks, members, `http://${provider.host}/`))
  return world
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** A world for a while: closed, whatever happens in it. */
export async function inWorld<T>(options: Options, work: (world: World) => Promise<T>): Promise<T> {
  const world = await createWorld(options)
  try {
    return await work(world)
  } catch (error) {
    // What the processes said last is the only trace of what went wrong.
    const said = world.alive().flatMap((replica) => replica.log().slice(-5))
    throw new Error(`${String(error)}\n${said.join('\n')}`, { cause: error })
  } finally {
    await world.close()
  }
}
