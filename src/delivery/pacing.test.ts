import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Address } from '../kernel/address.ts'
import { movableClock, type MovableClock } from '../kernel/clock.ts'
import { openStore, type Store } from '../store/connect.ts'
import { createPace } from './pacing.ts'

let store: Store
let clock: MovableClock
let channel: number
beforeEach(async () => {
  store = await openStore({ dataFolder: ':memory:' })
  clock = movableClock('2026-11-24T09:00:00Z')
  channel = 0
})
afterEach(() => store.close())

const replica = () => createPace(store.db, clock)
/** A channel that nobody has written to yet: only the workspace's own pace counts. */
const fresh = (tenant = 'T0CITY'): Address => ({
  platform: 'slack',
  tenant,
  kind: 'channel',
  id: `C${channel++}`,
})

/** How many messages a workspace gets within so many seconds, where far more wait; many at once, as in a dispatcher. */
async function through(seconds: number, ...replicas: ReturnType<typeof replica>[]): Promise<number> {
  let free = 0
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    const turns = await Promise.all(replicas.flatMap((pace) => [1, 2, 3, 4].map(() => pace.turn(fresh()))))
    free += turns.filter((turn) => turn.free).length
    clock.moveTo(clock.now().add({ milliseconds: 100 }))
  }
  return free
}

test('a Slack workspace gets 3.8 messages a second, whoever asks and how many at once', async () => {
  const pace = replica()
  await through(2, pace)
  expect(await through(20, pace)).toBe(76)
  expect(await through(20, pace, replica())).toBe(76)
})

test('an idle workspace gets a second’s worth at once, and no more', async () => {
  const pace = replica()
  const turns = await Promise.all(Array.from({ length: 10 }, () => pace.turn(fresh())))
  expect(turns.filter(({ free }) => free)).toHaveLength(4)
  expect(turns.find(({ free }) => !free)).toMatchObject({ who: 'lane' })
})

test('"too fast" halves the pace, which comes back slowly', async () => {
  const pace = replica()
  await through(2, pace)
  await pace.slow(fresh(), 10)
  expect(await through(10, pace)).toBe(0)
  expect(await through(20, pace)).toBe(38)
  clock.moveTo(clock.now().add({ seconds: 40 }))
  await through(2, pace)
  // Two thirds of full speed after the first calm minute, 8/9 after the second, all of it after the third.
  expect(await through(20, pace)).toBe(51)
  clock.moveTo(clock.now().add({ seconds: 40 }))
  await through(2, pace)
  expect(await through(20, pace)).toBe(68)
  clock.moveTo(clock.now().add({ seconds: 40 }))
  await through(2, pace)
  expect(await through(20, pace)).toBe(76)
})

test('refusals of what was on its way together are one', async () => {
  const pace = replica()
  await through(2, pace)
  for (let n = 0; n < 4; n++) await pace.slow(fresh(), 10)
  await through(10, pace)
  expect(await through(20, pace)).toBe(38)
})
