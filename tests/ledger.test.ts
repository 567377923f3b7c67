import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Refused } from '../src/delivery/port.ts'
import type { Store } from '../src/store/connect.ts'
import { createClockwork, draft, TEAM, TEAMS, view } from './support/clockwork.ts'
import { stores } from './support/stores.ts'

// What the platform does with the next posts: accepts, refuses, or leaves everybody in the dark.
const fates = ['accepts', 'too-fast', 'refuses', 'lost-before', 'lost-after'] as const
const targets = [{ space: TEAM }, { space: TEAMS }, { member: 'aylin' }, { member: 'marta' }]

type Step =
  | { do: 'owe'; target: number; purpose: string }
  | { do: 'run'; replicas: number }
  | { do: 'fate'; fate: (typeof fates)[number] }
  | { do: 'crash'; operation: string; nth: number }
  | { do: 'pass'; seconds: number }
  | { do: 'revise'; target: number; purpose: string }
  | { do: 'withdraw' }
  | { do: 'reconcile' }

const target = fc.nat(targets.length - 1)
const purpose = fc.constantFrom('nudge', 'tip', 'sheet')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('owe' as const), target, purpose }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('run' as const), replicas: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fate' as const), fate: fc.constantFrom(...fates) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      operation: fc.constantFrom('findOneAndUpdate', 'updateOne', 'findById', 'insertMany'),
      nth: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 40, 61, 86_400) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revise' as const), target, purpose }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconcile' as const) }) },
)

async function play(open: () => Promise<Store>, steps: Step[]): Promise<void> {
  const world = await createClockwork(open)
  let fate: (typeof fates)[number] = 'accepts'
  world.fate.before = () => {
    if (fate === 'too-fast') throw new Refused('rate_limited', 5)
    if (fate === 'refuses') throw new Refused('not_allowed')
    if (fate === 'lost-before') throw new Error('reset')
  }
  world.fate.after = () => {
    if (fate === 'lost-after') throw new Error('reset')
  }
  const cause = draft().cause
  const take: { [K in Step['do']]: (step: Extract<Step, { do: K }>) => unknown } = {
    owe: ({ target, purpose }) => world.deliveries.owe([draft({ to: targets[target], purpose })]),
    run: ({ replicas }) =>
      Promise.all(Array.from({ length: replicas }, () => world.createReplica().deliveries.runDue())),
    fate: (next) => void (fate = next.fate),
    crash({ operation, nth }) {
      let calls = 0
      const tamper = (name: string): void => {
        if (name === operation && ++calls >= nth) throw new Error('killed')
      }
      return world
        .createReplica({ tamper })
        .deliveries.runDue()
        .catch(() => undefined)
    },
    pass: ({ seconds }) => world.pass(seconds),
    revise: ({ target, purpose }) =>
      world.deliveries.revise({ cause, purpose, to: targets[target]! }, view('new')),
    withdraw: () => world.deliveries.withdraw('rheinfurt', cause),
    reconcile: () => world.deliveries.reconcile(),
  }
  try {
    for (const one of steps) await (take[one.do] as (step: Step) => unknown)(one)
    fate = 'accepts'
    world.pass(61)
    await world.deliveries.reconcile()
    await world.deliverFor(7 * 86_400)
    const accepted = (id: string): number => world.posted.filter(({ deliveryId }) => deliveryId === id).length
    for (const { _id, state } of await world.deliveries.list({ network: 'rheinfurt' })) {
      expect({ state, times: accepted(_id) }).toEqual({
        state: expect.stringMatching(/^(sent|failed|dropped|unknown)$/),
        times: state === 'sent' ? 1 : state === 'unknown' ? expect.any(Number) : 0,
      })
      expect(accepted(_id)).toBeLessThanOrEqual(1)
    }
  } finally {
    await world.close()
  }
}

test.each(stores)(
  'whatever happens in whatever order: nothing twice, nothing lost, nothing left without an end (on $name)',
  async ({ open }) => {
    const plays = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) =>
      play(open, steps),
    )
    await fc.assert(plays, { numRuns: 40 })
  },
)
