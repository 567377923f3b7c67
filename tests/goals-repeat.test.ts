import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Temporal } from 'temporal-polyfill'
import type { Checkins, Occurrence } from '../src/checkins/kind.ts'
import type { Deliveries, Draft } from '../src/delivery/port.ts'
import { agreeWithoutRest, takeStance } from '../src/goals/agreement.ts'
import { askAgainKind, glanceKind, reviewKind } from '../src/goals/kinds.ts'
import type { Room } from '../src/checkins/room.ts'
import { createUseCases, type UseCases } from '../src/goals/room.ts'
import { loadTexts } from '../src/i18n/texts.ts'
import type { Address } from '../src/kernel/address.ts'
import { movableClock } from '../src/kernel/clock.ts'
import type { Member, Network, Networks } from '../src/networks/types.ts'
import { openStore, type Store } from '../src/store/connect.ts'

// What happens when the process dies between two steps: each step is done again, and nothing is owed twice.

const network = {
  id: 'rheinfurt',
  zone: 'Europe/Berlin',
  languages: ['en'],
  phase: 'first-steps',
} as Network
const lead = { id: 'youth-2', partner: 'youth', language: 'en' } as Member
const channel: Address = { platform: 'slack', tenant: 'T0', kind: 'channel', id: 'C0' }
const clock = movableClock('2026-11-26T09:00:00Z')
const round: Occurrence = {
  id: 'rheinfurt|goal-review|2026-11-26T10:00',
  checkin: 'rheinfurt|goal-review',
  network,
  nominal: Temporal.PlainDateTime.from('2026-11-26T10:00'),
  dueAt: clock.now(),
  now: clock.now(),
  byHand: false,
}
const news = {
  at: new Date('2026-11-26T10:00:00Z'),
  status: 'stuck' as const,
  confidence: null,
  sign: '',
  obstacle: null,
  next: '',
  rightGoal: 'right' as const,
  sideEffects: null,
}

let store: Store
let owed: Map<string, Draft>
let asked: Set<string>
let broken: boolean
let room: Room
let useCases: UseCases
let goal: string

beforeEach(async () => {
  store = await openStore({ dataFolder: ':memory:' })
  owed = new Map()
  asked = new Set()
  broken = false
  room = {
    db: store.db,
    clock,
    texts: await loadTexts('locales'),
    networks: {
      spaces: async () => [{ address: channel, language: 'en' }],
      coordinators: async () => [{ id: 'city-1', language: 'en' }],
      partners: async () => [],
      members: async () => [lead],
      member: async () => lead,
    } as unknown as Networks,
    checkins: {
      async once(_network: Network, kind: string, subject: string) {
        if (broken) throw new Error('the process dies here')
        asked.add(`${kind} ${subject}`)
      },
      cancel: async (_network: string, kind: string, subject: string) =>
        void asked.delete(`${kind} ${subject}`),
    } as unknown as Checkins,
    deliveries: {
      async owe(drafts: Draft[]) {
        for (const draft of drafts) {
          const id = [draft.cause, draft.purpose, JSON.stringify(draft.to)].join(' ')
          if (!owed.has(id)) owed.set(id, draft)
        }
      },
      revise: async () => undefined,
      withdraw: async () => undefined,
    } as unknown as Deliveries,
    events: { on: () => undefined, emit: async () => undefined },
  }
  useCases = createUseCases(room)
  await store.ready()
  const wording = { title: 'A', change: 'B', why: 'C', firstSign: 'D', possibleHarm: 'E', by: '2027-06-30' }
  const carriers = { lead: lead.id, leadPartner: 'youth', supporters: ['police'] }
  goal = (await useCases.propose(network, wording, carriers, lead)).id
  await useCases.apply(network, goal, (found) =>
    agreeWithoutRest(takeStance(found, 'youth', 'stands-behind')),
  )
  owed.clear()
})
afterEach(() => store.close())

test('a review that dies half-way asks the same leads again, and no others', async () => {
  broken = true
  await expect(reviewKind(useCases, room).compose(round)).rejects.toThrow()
  broken = false
  const again = await reviewKind(useCases, room).compose(round)
  expect(again).toMatchObject({ drafts: [{ cause: round.id, to: { member: 'youth-2' }, ask: 1 }] })
  expect(await reviewKind(useCases, room).compose(round)).toEqual(again)
  expect([...asked]).toEqual([`goal-glance ${round.id}`])
})

test('the picture is owed once, whether the answers or the clock were first', async () => {
  await reviewKind(useCases, room).compose(round)
  await useCases.review(network, goal, news)
  const pictures = () => [...owed.values()].filter(({ purpose }) => purpose === 'glance')
  expect(pictures()).toMatchObject([{ cause: round.id, to: { space: channel } }])
  expect([...asked]).toEqual([`goal-ask-again ${goal}|1`])
  const composed = await glanceKind(useCases).compose({ ...round, subject: round.id })
  if ('drafts' in composed) await room.deliveries.owe(composed.drafts)
  expect(pictures()).toHaveLength(1)
})

test('a stuck goal is asked about again, unless there was a review or a question meanwhile', async () => {
  await useCases.review(network, goal, news)
  const again = { ...round, id: 'again', subject: `${goal}|1` }
  const first = await askAgainKind(useCases, room).compose(again)
  expect(first).toMatchObject({ drafts: [{ cause: 'again', to: { member: 'youth-2' } }] })
  expect(await askAgainKind(useCases, room).compose(again)).toEqual(first)
  expect(await askAgainKind(useCases, room).compose({ ...again, id: 'later' })).toEqual({
    silent: 'reviewed-recently',
  })
  await useCases.review(network, goal, news)
  expect(await askAgainKind(useCases, room).compose(again)).toEqual({ silent: 'reviewed-recently' })
})

test('whoever leaves is forgotten once, and coordinators are asked once', async () => {
  await useCases.leadLeft(network, lead.id)
  await useCases.leadLeft(network, lead.id)
  const requests = [...owed.values()].filter(({ purpose }) => purpose === 'leadless')
  expect(requests).toMatchObject([{ to: { member: 'city-1' } }])
  expect((await useCases.read(network, goal)).lead).toBeNull()
})
