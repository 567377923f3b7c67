import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Temporal } from 'temporal-polyfill'
import type { Checkins, Occurrence } from '../src/checkins/kind.ts'
import type { Deliveries, Draft } from '../src/delivery/port.ts'
import { loadTexts } from '../src/i18n/texts.ts'
import type { Address } from '../src/kernel/address.ts'
import { movableClock, type MovableClock } from '../src/kernel/clock.ts'
import type { Network, Networks } from '../src/networks/types.ts'
import { openStore, type Store } from '../src/store/connect.ts'
import { nudgeKind } from '../src/modules/kinds.ts'
import { createModules } from '../src/modules/modules.ts'
import { createEvents } from '../src/kernel/events.ts'
import { createLogger } from '../src/kernel/logger.ts'
import type { Room } from '../src/checkins/room.ts'
import { createUseCases } from '../src/modules/room.ts'

// What happens when the process dies between two steps: each step is done again, and nothing is owed twice.

const network: Network = {
  id: 'rheinfurt',
  name: 'Rheinfurt',
  zone: 'Europe/Berlin',
  languages: ['en'],
  quietHours: { from: '18:00', to: '08:00' },
  weekend: [6, 7],
  phase: 'founding',
}
const channel: Address = { platform: 'slack', tenant: 'T0', kind: 'channel', id: 'C0' }
const elsewhere: Address = { ...channel, kind: 'direct', id: 'U0' }

let store: Store
let clock: MovableClock
let owed: Map<string, Draft>
let asked: Set<string>
let broken: boolean
let room: Room

beforeEach(async () => {
  store = await openStore({ dataFolder: ':memory:' })
  clock = movableClock('2026-11-24T08:00:00Z')
  owed = new Map()
  asked = new Set()
  broken = false
  const coordinator = { id: 'city-1', language: 'en' }
  room = {
    db: store.db,
    clock,
    events: createEvents(createLogger('silent')),
    texts: await loadTexts('locales'),
    networks: {
      spaces: async () => [
        { network: network.id, kind: 'team', address: channel, language: 'en', name: 'net' },
      ],
      coordinators: async () => [coordinator],
    } as unknown as Networks,
    checkins: {
      once: async (_network: Network, kind: string, subject: string) => void asked.add(`${kind}|${subject}`),
    } as unknown as Checkins,
    deliveries: {
      async owe(drafts: Draft[]) {
        if (broken) throw new Error('the process dies here')
        for (const draft of drafts) {
          const id = JSON.stringify([draft.cause, draft.purpose, draft.to])
          if (!owed.has(id)) owed.set(id, draft)
        }
      },
      revise: async () => {},
    } as unknown as Deliveries,
  }
})
afterEach(() => store.close())

const occurrence = (n: number): Occurrence => {
  const dueAt = Temporal.Instant.from('2026-11-24T08:00:00Z').add({ hours: 24 * 7 * n })
  const nominal = dueAt.toZonedDateTimeISO(network.zone).toPlainDateTime()
  return { id: `nudge|${n}`, checkin: 'nudge', network, nominal, dueAt, now: dueAt, byHand: false }
}

test('composing the same occurrence again owes the same, and moves nothing', async () => {
  const useCases = createUseCases(room)
  const kind = nudgeKind(useCases, room)
  await store.ready()
  for (let n = 0; n < 7; n++) {
    const first = await kind.compose(occurrence(n))
    const journey = await useCases.journeys.read(network)
    expect(await kind.compose(occurrence(n))).toEqual(first)
    expect(await useCases.journeys.read(network)).toEqual(journey)
  }
  // Five nudges nobody answered, the end of the module, and the first of the next.
  const { posted, endings } = await useCases.journeys.read(network)
  expect(posted.map(({ nudge }) => nudge)).toEqual(['m1-n1', 'm1-n2', 'm1-n3', 'm1-n4', 'm1-n5', 'm2-n1'])
  expect(endings).toMatchObject([{ module: 'm1-walk-a-mile', cause: 'nudge|5', settled: true }])
  expect([...asked]).toEqual(['module-follow-up|m1-walk-a-mile|1'])
})

test('an end that a crash left unannounced is announced with the next turn, once', async () => {
  const useCases = createUseCases(room)
  const kind = nudgeKind(useCases, room)
  await store.ready()
  for (let n = 0; n < 5; n++) await kind.compose(occurrence(n))
  broken = true
  await expect(useCases.answerNudge(network, 4, 'done', elsewhere)).rejects.toThrow('dies here')
  broken = false
  expect(owed.size).toBe(0)
  await kind.compose(occurrence(5))
  await kind.compose(occurrence(6))
  expect([...owed.values()].map(({ purpose }) => purpose)).toEqual(['closing', 'exercise'])
  expect([...asked]).toEqual(['module-follow-up|m1-walk-a-mile|1'])
})

test('a network without a team channel gets no nudge, and its journey waits', async () => {
  room.networks.spaces = async () => []
  const useCases = createUseCases(room)
  await store.ready()
  expect(await nudgeKind(useCases, room).compose(occurrence(0))).toEqual({ silent: 'no-team-channel' })
  expect((await useCases.journeys.read(network)).posted).toEqual([])
})

test('other rooms learn the running module, and get an exercise for an element', async () => {
  const { kinds, proposeExercise, runningModule } = createModules(room)
  await store.ready()
  expect(await runningModule(network)).toBeUndefined()
  await kinds.find(({ name }) => name === 'nudge')?.compose(occurrence(0))
  expect(await runningModule(network)).toBe('m1-walk-a-mile')
  const t = room.texts.in('en')
  const labels = async (element: string) =>
    (await proposeExercise(network, element))
      .view(t)
      .blocks.flatMap((block) => (block.type === 'buttons' ? block.buttons.map(({ label }) => label) : []))
  expect((await proposeExercise(network, 'trust')).title(t)).toBe('Role swap round')
  expect(await labels('trust')).toEqual([])
  expect(await labels('common-goals')).toEqual(['After the module that runs'])
})
