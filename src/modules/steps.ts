import { Temporal } from 'temporal-polyfill'
import { toDate, toInstant } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'
import { phases } from './catalogue.ts'
import {
  canComeAgain,
  isOpen,
  lastEnding,
  nudgesIn,
  postedAt,
  progressOf,
  stateOf,
  upcoming,
} from './journey.ts'
import type { Ending, Journey, Outcome, Posted, Progress } from './journey.ts'

// The steps of a journey: each gives a new journey and leaves the old one as it is.

/** What the clock's turn brings: a nudge, the end of a module, or silence with its reason. */
type Turn =
  | { journey: Journey; posted: Posted; ending?: undefined }
  | { journey: Journey; posted?: undefined; ending: Ending }
  | { journey: Journey; silent: string }

// Guardrail g-small-steps: no second nudge within six days. A weekly rhythm that moved by a holiday still fits.
const DAYS_BETWEEN_NUDGES = 6
// Guardrail g-never-finished: back after six to twelve months. Due from six on, it waits for the running module's end.
const MONTHS_TO_REFRESH = 6

/**
 * The clock's turn. The same occurrence always gets the same.
 * @param byHand a coordinator asked for it: the days between nudges are theirs to decide
 */
export function takeTurn(
  journey: Journey,
  turn: { occurrence: string; at: Temporal.Instant; byHand: boolean },
): Turn {
  const { occurrence, at, byHand } = turn
  const posted = journey.posted.find((one) => one.occurrence === occurrence)
  if (posted) return { journey, posted }
  const ending = journey.endings.find(({ cause }) => cause === occurrence)
  if (ending) return { journey, ending }
  if (!byHand && isRecent(journey.posted.at(-1), at)) return { journey, silent: 'nudged-recently' }
  const running = journey.current && progressOf(journey, journey.current)
  if (running && running.next >= nudgesIn(running).length) {
    return end(journey, running.module, at, occurrence)
  }
  const module = journey.current ?? upcoming(journey, at)
  if (!module) return { journey, silent: 'all-modules-rest' }
  return post(journey.current ? journey : begin(journey, module), module, occurrence, at)
}

/**
 * Notes what members made of an open nudge; the first press counts, so a nudge that is not open stays as it is.
 * After a module's last nudge the module ends.
 */
export function answer(
  journey: Journey,
  number: number,
  outcome: Outcome,
  at: Temporal.Instant,
): { journey: Journey; ending?: Ending } {
  if (!isOpen(journey, number)) return { journey }
  const noted = note(journey, number, outcome, at)
  const { module, step, of } = postedAt(journey, number)
  if (outcome === 'later' || step < of) return { journey: noted }
  return end(noted, module, at)
}

/** Brings an answered nudge again next time. */
export const bringAgain = (journey: Journey, number: number, at: Temporal.Instant): { journey: Journey } => ({
  journey: canComeAgain(journey, number) ? note(journey, number, 'later', at) : journey,
})

/** A coordinator chooses a module: `now` for the next nudge (what runs pauses), `next` for after what runs. */
export function choose(journey: Journey, module: string, when: 'now' | 'next'): Journey {
  if (journey.current === module) return { ...journey, wanted: null }
  if (when === 'next' && journey.current) return { ...journey, wanted: module }
  return begin({ ...journey, wanted: module }, module)
}

/** A coordinator chooses the phase: modules not begun follow its order, the others stay where they are. */
export function choosePhase(journey: Journey, phase: string): Journey {
  const order = phases.find(({ id }) => id === phase)?.order ?? []
  const begun = journey.modules.filter(({ module }) => stateOf(journey, module) !== 'open')
  const open = journey.modules.filter((progress) => !begun.includes(progress))
  const sorted = open.toSorted((a, b) => order.indexOf(a.module) - order.indexOf(b.module))
  return { ...journey, phase, modules: [...begun, ...sorted] }
}

/** Notes that the messages of an ending are on their way. */
export function settle(journey: Journey, cause: string): { journey: Journey } {
  const waits = (ending: Ending): boolean => ending.cause === cause && !ending.settled
  if (!journey.endings.some(waits)) return { journey }
  const endings = journey.endings.map((ending) => (waits(ending) ? { ...ending, settled: true } : ending))
  return { journey: { ...journey, endings } }
}

function isRecent(last: Posted | undefined, at: Temporal.Instant): boolean {
  if (!last) return false
  const earliest = toInstant(last.at).add({ hours: 24 * DAYS_BETWEEN_NUDGES })
  return Temporal.Instant.compare(at, earliest) < 0
}

const withProgress = (journey: Journey, module: string, change: Partial<Progress>): Journey => ({
  ...journey,
  modules: journey.modules.map((one) => (one.module === module ? { ...one, ...change } : one)),
})

// A module that was gone through returns short, unless a coordinator asked for it.
function begin(journey: Journey, module: string): Journey {
  const asked = journey.wanted === module
  const fresh = progressOf(journey, module).next === 0
  const short = !asked && lastEnding(journey, module) !== undefined
  const begun = { ...journey, current: module, wanted: asked ? null : journey.wanted }
  return fresh ? withProgress(begun, module, { short }) : begun
}

function post(journey: Journey, module: string, occurrence: string, at: Temporal.Instant): Turn {
  const progress = progressOf(journey, module)
  const nudges = nudgesIn(progress)
  const step = progress.next + 1
  const nudge = nudges[progress.next]
  if (!nudge) throw new Error(`${module} has no nudge ${step}`)
  const posted: Posted = { occurrence, module, nudge, step, of: nudges.length, at: toDate(at) }
  const moved = withProgress(journey, module, { next: step })
  return { journey: { ...moved, posted: [...journey.posted, posted] }, posted }
}

function note(journey: Journey, number: number, outcome: Outcome, at: Temporal.Instant): Journey {
  const { module, step } = postedAt(journey, number)
  const posted = journey.posted.map((one, index) =>
    index === number ? { ...one, outcome, answeredAt: toDate(at) } : one,
  )
  const noted = { ...journey, posted }
  return outcome === 'later' ? withProgress(noted, module, { next: step - 1 }) : noted
}

function end(
  journey: Journey,
  module: string,
  at: Temporal.Instant,
  occurrence?: string,
): { journey: Journey; ending: Ending } {
  const round = journey.endings.filter((ending) => ending.module === module).length + 1
  const refreshAt = at.toZonedDateTimeISO('UTC').add({ months: MONTHS_TO_REFRESH }).toInstant()
  const ending: Ending = {
    module,
    round,
    at: toDate(at),
    refreshAt: toDate(refreshAt),
    cause: occurrence ?? derivedId('module-end', journey.network, module, String(round)),
    settled: false,
  }
  const current = journey.current === module ? null : journey.current
  const rested = withProgress({ ...journey, current }, module, { next: 0, short: false })
  return { journey: { ...rested, endings: [...journey.endings, ending] }, ending }
}
