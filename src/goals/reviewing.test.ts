import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { Refusal } from '../kernel/errors.ts'
import { toDate } from '../kernel/clock.ts'
import type { Network } from '../networks/types.ts'
import { involved, propose, standing, takeStance, type Goal, type Review } from './agreement.ts'
import { content } from './content.ts'
import { addReview, asksAgain, asksSideEffects, concerns, isDue, mayWantHelp, rests } from './reviewing.ts'

const now = Temporal.Instant.from('2026-11-26T09:00:00Z')
const network = { zone: 'Europe/Berlin', phase: 'first-steps' } as Network
const wording = { title: 'A', change: 'B', why: 'C', firstSign: 'D', possibleHarm: 'E', by: '2027-06-30' }
const proposed = propose(
  'g',
  'rheinfurt',
  wording,
  { lead: 'm', leadPartner: 'a', supporters: ['b', 'c'] },
  toDate(now),
)
const agreed: Goal = { ...proposed, state: 'agreed' }
const review = (more: Partial<Review> = {}): Review => ({
  at: toDate(now),
  status: 'moving',
  confidence: 4,
  sign: '',
  obstacle: null,
  next: '',
  rightGoal: 'right',
  sideEffects: null,
  ...more,
})
const after = (...reviews: Partial<Review>[]): Goal =>
  reviews.reduce((goal, one) => addReview(goal, review(one)), agreed)

test('a goal is agreed exactly when the lead stands behind it and nobody is open or wants a change', () => {
  const step = fc.record({
    partner: fc.constantFrom('a', 'b', 'c'),
    stance: fc.constantFrom(...content.stances, undefined),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let goal = proposed
      for (const { partner, stance } of steps) {
        if (goal.state === 'proposed') goal = takeStance(goal, partner, stance)
      }
      const of = new Map(goal.stances.map((one) => [one.partner, one.stance]))
      const rest = involved(goal).filter((partner) => partner !== 'a')
      const isSettled = rest.every((partner) =>
        ['stands-behind', 'not-concerned'].includes(of.get(partner) ?? ''),
      )
      expect(goal.state === 'agreed').toBe(of.get('a') === 'stands-behind' && isSettled)
      expect(of.size).toBe(goal.stances.length)
    }),
  )
})

test('what an organisation said holds once the goal is agreed', () => {
  const done = ['a', 'b', 'c'].reduce((goal, partner) => takeStance(goal, partner, 'stands-behind'), proposed)
  expect(standing(done)).toEqual(['a', 'b', 'c'])
  expect(takeStance(done, 'a', 'stands-behind')).toBe(done)
  expect(() => takeStance(done, 'a', 'needs-change')).toThrow(Refusal)
  expect(() => takeStance(done, 'z', 'stands-behind')).toThrow(Refusal)
})

test('a goal is due again after more than half of its phase’s cadence', () => {
  const ago = (days: number): Goal => after({ at: toDate(now.subtract({ hours: 24 * days })) })
  expect(isDue(agreed, network, now)).toBe(true)
  expect([0, 14, 21, 22, 28].map((days) => isDue(ago(days), network, now))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ])
  expect(isDue(ago(28), { ...network, phase: 'consolidating' }, now)).toBe(false)
})

test('it rests until the morning of the date', () => {
  const today = Temporal.PlainDate.from('2027-01-04')
  expect(rests({ restsUntil: '2027-01-05' }, today)).toBe(true)
  expect(rests({ restsUntil: '2027-01-04' }, today)).toBe(false)
  expect(rests({ restsUntil: null }, today)).toBe(false)
})

test('every second answer is asked about side effects; "no news" does not count', () => {
  expect(asksSideEffects(after())).toBe(false)
  expect(asksSideEffects(after({}))).toBe(true)
  expect(asksSideEffects(after({}, { status: 'no-news' }))).toBe(true)
  expect(asksSideEffects(after({}, {}))).toBe(false)
})

test('low confidence leads to a talk the second time in a row, not each time', () => {
  const low = { confidence: 2 }
  expect(concerns(after(low))).toEqual([])
  expect(concerns(after(low, low))).toEqual(['low-confidence'])
  expect(concerns(after(low, { status: 'no-news', confidence: null }, low))).toEqual(['low-confidence'])
  expect(concerns(after(low, low, low))).toEqual([])
  expect(concerns(after(low, {}, low))).toEqual([])
  expect(concerns(after(low, { confidence: null }))).toEqual([])
  expect(concerns(after({ sideEffects: 'perhaps', rightGoal: 'wrong' }))).toEqual([
    'side-effects',
    'right-goal',
  ])
})

test('help is offered at every second "no news" in a row', () => {
  const none = { status: 'no-news' as const }
  expect([after(none), after(none, none), after(none, {}, none)].map(mayWantHelp)).toEqual([
    false,
    true,
    false,
  ])
})

test('becoming stuck asks again once, and not where a talk is due', () => {
  const stuck = { status: 'stuck' as const }
  expect(asksAgain(after(stuck))).toBe(true)
  expect(asksAgain(after(stuck, stuck))).toBe(false)
  expect(asksAgain(after(stuck, {}, stuck))).toBe(true)
  expect(asksAgain(after({ confidence: 1 }, { ...stuck, confidence: 1 }))).toBe(false)
})
