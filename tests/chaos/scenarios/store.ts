import { setTimeout as pause } from 'node:timers/promises'
import { skipped, type Tally } from '../support/history.ts'
import { forSeconds, load } from '../support/load.ts'
import { createPeople } from '../support/people.ts'
import { createProxy, DISK_FULL, READ_ONLY, type Proxy } from '../support/proxy.ts'
import type { Scenario } from '../support/scenario.ts'
import { inWorld, mongodb } from '../support/world.ts'

const NETWORKS = 10
const MEMBERS = 10
const PER_SECOND = 5
const FLAP_MS = 3000

interface StoreFault {
  name: string
  /** Makes the trouble, for so many seconds, and ends it. */
  make(proxy: Proxy, seconds: number): Promise<void>
}

const faults: StoreFault[] = [
  {
    name: 'is away',
    async make(proxy, seconds) {
      await proxy.vanish()
      await pause(seconds * 1000)
      await proxy.comeBack()
    },
  },
  {
    name: 'comes and goes every 3 s',
    async make(proxy, seconds) {
      const isOn = forSeconds(seconds)
      while (isOn()) {
        await proxy.vanish()
        await pause(FLAP_MS)
        await proxy.comeBack()
        await pause(FLAP_MS)
      }
    },
  },
  {
    name: 'takes 2 s for everything',
    async make(proxy, seconds) {
      proxy.slow(2000)
      await pause(seconds * 1000)
      proxy.slow(0)
    },
  },
  ...[
    { name: 'can only be read', how: READ_ONLY },
    { name: 'has a full disk', how: DISK_FULL },
  ].map(({ name, how }): StoreFault => ({
    name,
    async make(proxy, seconds) {
      proxy.refuseWrites(how)
      await pause(seconds * 1000)
      proxy.refuseWrites(undefined)
    },
  })),
]

/** One trouble after the other, while messages are owed and people write. */
async function allTroubles(seconds: number): Promise<Tally[]> {
  return inWorld({ overMongo: true, networks: NETWORKS, members: MEMBERS }, async (world) => {
    const proxy = await createProxy(world.uri)
    const replica = await world.start({ MONGODB_URI: proxy.uri })
    const url = await replica.up
    const people = createPeople(world, NETWORKS, MEMBERS)
    const notes = new Map<string, string>()
    for (const { name, make } of faults) {
      let isOn = true
      const before = people.acknowledged()
      const loading = load(world, { group: name, perSecond: PER_SECOND, networks: NETWORKS }, () => isOn)
      const writing = (async () => {
        while (isOn) {
          await people.write(url)
          await pause(300)
        }
      })()
      await make(proxy, seconds)
      notes.set(name, `${people.acknowledged() - before} answers acknowledged meanwhile`)
      isOn = false
      await Promise.all([loading, writing])
    }
    await world.until(async () => (await people.write(url, 20), people.left() === 0))
    await world.settled()
    const wrong = await world.stop()
    await world.ledger()
    wrong.push(...(await people.lost()))
    await proxy.vanish()
    const tallies = faults.map(({ name }) => world.judge(`MongoDB ${name}`, name, { note: notes.get(name) }))
    tallies[0]?.wrong.push(...wrong)
    return tallies
  })
}

export const store: Scenario = {
  name: 'store',
  run: async ({ isShort, rounds }) =>
    mongodb
      ? allTroubles(isShort ? 5 : 12 * rounds)
      : [skipped('MongoDB away, flapping, slow, read-only, full', 'MONGODB_TEST_URI is not set')],
}
