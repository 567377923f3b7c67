import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { toInstant } from '../kernel/clock.ts'
import { moduleFor, modules, phaseQuestions, phases, suggestPhase } from './catalogue.ts'
import { isOpen, lastEnding, modulesSeen, progressOf, startJourney, stateOf } from './journey.ts'
import type { Journey, Outcome, Posted } from './journey.ts'
import { answer, bringAgain, choose, choosePhase, settle, takeTurn } from './steps.ts'

const START = Temporal.Instant.from('2026-11-24T08:00:00Z')
const WEEK = 24 * 7
const week = (n: number): Temporal.Instant => START.add({ hours: WEEK * n })
const turn = (journey: Journey, n: number) =>
  takeTurn(journey, { occurrence: `o${n}`, at: week(n), byHand: false })
const fresh = (): Journey => startJourney('rheinfurt', 'first-steps')

function nudge(journey: Journey, n: number): { journey: Journey; posted: Posted; number: number } {
  const taken = turn(journey, n)
  if ('silent' in taken || !taken.posted) throw new Error('no nudge')
  return { journey: taken.journey, posted: taken.posted, number: taken.journey.posted.length - 1 }
}

/** Runs weeks of turns, each answered the same way. */
function run(journey: Journey, from: number, weeks: number, outcome: Outcome): Journey {
  let now = journey
  for (let n = from; n < from + weeks; n++) {
    const taken = turn(now, n)
    now = taken.journey
    if ('posted' in taken) now = answer(now, now.posted.length - 1, outcome, week(n)).journey
  }
  return now
}

describe('the weekly turn', () => {
  test('begins with the first nudge of the phase’s first module', () => {
    const { posted } = nudge(fresh(), 0)
    expect(posted).toMatchObject({ module: 'm1-walk-a-mile', nudge: 'm1-n1', step: 1, of: 5 })
  })

  test('gives the same occurrence the same nudge, however often it is asked', () => {
    const { journey, posted } = nudge(fresh(), 0)
    const again = turn(journey, 0)
    expect(again).toEqual({ journey, posted })
    expect(again.journey).toBe(journey)
  })

  test('sends no second nudge within six days, unless a coordinator asks', () => {
    const { journey } = nudge(fresh(), 0)
    const at = START.add({ hours: 24 * 5 })
    expect(takeTurn(journey, { occurrence: 'soon', at, byHand: false })).toMatchObject({
      silent: 'nudged-recently',
    })
    expect(takeTurn(journey, { occurrence: 'soon', at, byHand: true })).toMatchObject({
      posted: { nudge: 'm1-n2' },
    })
  })

  test('brings the next nudge when nobody answered', () => {
    const { journey } = nudge(fresh(), 0)
    expect(nudge(journey, 1).posted.nudge).toBe('m1-n2')
  })

  test('brings the same nudge again after "later"', () => {
    const { journey, number } = nudge(fresh(), 0)
    const later = answer(journey, number, 'later', week(0)).journey
    expect(nudge(later, 1).posted).toMatchObject({ nudge: 'm1-n1', step: 1 })
  })

  test('ends a module whose last nudge nobody answered, instead of a nudge that week', () => {
    let journey = fresh()
    for (let n = 0; n < 5; n++) ({ journey } = nudge(journey, n))
    expect(turn(journey, 5)).toMatchObject({ ending: { module: 'm1-walk-a-mile', round: 1, cause: 'o5' } })
    const ended = turn(journey, 5).journey
    expect(turn(ended, 5).journey).toBe(ended)
    expect(nudge(ended, 6).posted.nudge).toBe('m2-n1')
  })
})

describe('done, later and skip', () => {
  test('count once: the second press changes nothing', () => {
    const { journey, number } = nudge(fresh(), 0)
    const done = answer(journey, number, 'done', week(0)).journey
    expect(done.posted[0]).toMatchObject({ outcome: 'done' })
    expect(answer(done, number, 'skip', week(0)).journey).toBe(done)
  })

  test('do nothing on a nudge that was overtaken, or that never was', () => {
    const { journey } = nudge(nudge(fresh(), 0).journey, 1)
    expect(isOpen(journey, 0)).toBe(false)
    expect(answer(journey, 0, 'later', week(1)).journey).toBe(journey)
    expect(answer(journey, 7, 'done', week(1)).journey).toBe(journey)
  })

  test('end the module at its last nudge; it has a date for its refresh', () => {
    const journey = run(fresh(), 0, 5, 'done')
    expect(stateOf(journey, 'm1-walk-a-mile')).toBe('resting')
    const ending = lastEnding(journey, 'm1-walk-a-mile')
    expect(ending && toInstant(ending.refreshAt).toString()).toBe('2027-06-22T08:00:00Z')
    expect(ending?.settled).toBe(false)
    expect(lastEnding(settle(journey, ending?.cause ?? '').journey, 'm1-walk-a-mile')?.settled).toBe(true)
  })

  test('can be taken back by a coordinator while the module goes on', () => {
    const { journey, number } = nudge(fresh(), 0)
    const skipped = answer(journey, number, 'skip', week(0)).journey
    const again = bringAgain(skipped, number, week(0)).journey
    expect(nudge(again, 1).posted.nudge).toBe('m1-n1')
    expect(bringAgain(journey, number, week(0)).journey).toBe(journey)
  })
})

describe('the order', () => {
  test('a module chosen for now pauses what runs, which goes on later where it stopped', () => {
    const { journey } = nudge(fresh(), 0)
    const chosen = choose(journey, 'm8-political-buy-in', 'now')
    expect(stateOf(chosen, 'm1-walk-a-mile')).toBe('paused')
    const after = run(chosen, 1, 6, 'done')
    expect(modulesSeen(after)).toBe(1)
    expect(nudge(after, 7).posted).toMatchObject({ nudge: 'm1-n2', step: 2 })
  })

  test('a module chosen as the next waits for the one that runs', () => {
    const { journey } = nudge(fresh(), 0)
    const after = run(choose(journey, 'm7-communities', 'next'), 1, 4, 'skip')
    expect(nudge(after, 5).posted.nudge).toBe('m7-n1')
  })

  test('a phase orders only the modules that have not begun', () => {
    const { journey } = nudge(fresh(), 0)
    const order = choosePhase(journey, 'consolidating').modules.map(({ module }) => module)
    expect(order.slice(0, 3)).toEqual(['m1-walk-a-mile', 'm6-practice', 'm4-risk-picture'])
    expect(order.toSorted()).toEqual(modules.map(({ id }) => id))
  })

  test('a module comes back short when six months have passed, and whole when a coordinator asks', () => {
    const half = run(fresh(), 0, 5, 'done')
    const later = run(half, 30, 2, 'done')
    expect(later.posted.slice(5)).toMatchObject([
      { nudge: 'm1-n1', step: 1, of: 2 },
      { nudge: 'm1-n5', step: 2, of: 2 },
    ])
    expect(lastEnding(later, 'm1-walk-a-mile')?.round).toBe(2)
    expect(nudge(choose(half, 'm1-walk-a-mile', 'now'), 6).posted.of).toBe(5)
  })

  test('when all modules rest, there is silence until the first comes back', () => {
    const year = run(fresh(), 0, 25, 'done')
    expect(modulesSeen(year)).toBe(4)
    const whole = run(year, 25, 30, 'done')
    expect(modulesSeen(whole)).toBe(8)
    let journey = whole
    for (let n = 55; n < 120; n++) journey = run(journey, n, 1, 'done')
    expect(journey.endings.length).toBeGreaterThan(16)
    // Nobody is ever "done": after two years, every module has rested and come back.
    for (const { id } of modules) expect(lastEnding(journey, id)?.round).toBeGreaterThanOrEqual(2)
  })

  test('whatever happens: all eight modules stay, steps stay in range, nudges keep their distance', () => {
    const act = fc.oneof(
      fc.constantFrom('done', 'later', 'skip', 'nothing'),
      fc.record({
        module: fc.constantFrom(...modules.map(({ id }) => id)),
        when: fc.constantFrom('now' as const, 'next' as const),
      }),
      fc.record({ phase: fc.constantFrom(...phases.map(({ id }) => id)) }),
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        let journey = fresh()
        acts.forEach((one, n) => {
          journey = turn(journey, n).journey
          if (typeof one === 'object') {
            journey = 'phase' in one ? choosePhase(journey, one.phase) : choose(journey, one.module, one.when)
          } else if (one !== 'nothing') {
            journey = answer(journey, journey.posted.length - 1, one as Outcome, week(n)).journey
          }
          expect(journey.modules.map(({ module }) => module).toSorted()).toEqual(modules.map(({ id }) => id))
          for (const { step, of } of journey.posted) expect(step).toBeLessThanOrEqual(of)
          for (const { id } of modules) expect(progressOf(journey, id).next).toBeGreaterThanOrEqual(0)
        })
        const days = journey.posted.map(({ at }) => at.getTime() / 86_400_000)
        days.slice(1).forEach((day, index) => expect(day - (days[index] ?? 0)).toBeGreaterThanOrEqual(6))
      }),
      { numRuns: 60 },
    )
  })
})

describe('suggestions', () => {
  test('the mean of the answers points to a phase', () => {
    const all = (value: number) => Object.fromEntries(phaseQuestions.map(({ id }) => [id, value]))
    expect([1, 2, 3, 4].map((value) => suggestPhase(all(value)).phase.id)).toEqual(phases.map(({ id }) => id))
    expect(suggestPhase({ ...all(4), 'ph-language': 1 })).toMatchObject({
      phase: { id: 'consolidating' },
      early: [{ id: 'm2-same-language' }],
    })
    // The formalisation ladder is no module.
    expect(suggestPhase({ ...all(4), 'ph-rules': 1 }).early).toEqual([])
  })

  test.each([
    ['empathy', 'm1-walk-a-mile'],
    ['trust', 'm1-walk-a-mile'],
    ['under-represented-perspectives', 'm3-gender-lens'],
    ['bigger-picture', 'm4-risk-picture'],
    ['information-sharing', 'm6-practice'],
    ['political-backing', 'm8-political-buy-in'],
  ])('%s is strengthened by %s', (element, module) => {
    expect(moduleFor(element).id).toBe(module)
  })
})
