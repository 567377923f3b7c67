import { Temporal } from 'temporal-polyfill'
import { toInstant } from '../kernel/clock.ts'
import { moduleOf, phases } from './catalogue.ts'

/** What members made of a nudge. Who pressed is not stored. */
export type Outcome = 'done' | 'later' | 'skip'

/** How far the network is in one module. */
export interface Progress {
  module: string
  /** Index of the nudge that comes next, in `nudgesIn`. */
  next: number
  /** A refresh: the first and the last nudge only. */
  short: boolean
}

/** A nudge that was sent to the network's channels. */
export interface Posted {
  occurrence: string
  module: string
  nudge: string
  /** Its place in the module's run, from 1, and how many there are. */
  step: number
  of: number
  at: Date
  outcome?: Outcome
  answeredAt?: Date
}

/** The end of one run through a module. It is never the end of the module: it comes back as a refresh. */
export interface Ending {
  module: string
  round: number
  at: Date
  refreshAt: Date
  /** Cause of the messages that are owed because of it. */
  cause: string
  /** Whether these messages are on their way. */
  settled: boolean
}

/** A network's own path through the modules. */
export interface Journey {
  network: string
  phase: string
  /** All eight, in the order of the journey. */
  modules: Progress[]
  /** The module that runs; none between two modules. */
  current: string | null
  /** The module a coordinator wants next. */
  wanted: string | null
  posted: Posted[]
  endings: Ending[]
}

/** `running`; `paused` half-way; `resting` until its refresh; `open`: not begun. */
type ModuleState = 'running' | 'paused' | 'resting' | 'open'

/** The journey of a network that has not taken a step. */
export function startJourney(network: string, phase: string): Journey {
  const { id, order } = phases.find((candidate) => candidate.id === phase) ?? phases[0]
  const modules = order.map((module) => ({ module, next: 0, short: false }))
  return { network, phase: id, modules, current: null, wanted: null, posted: [], endings: [] }
}

/** @throws Error where there is no such module */
export function progressOf(journey: Journey, module: string): Progress {
  const found = journey.modules.find((progress) => progress.module === module)
  if (!found) throw new Error(`no module ${module}`)
  return found
}

/** @throws Error where no nudge has this number */
export function postedAt(journey: Journey, number: number): Posted {
  const found = journey.posted[number]
  if (!found) throw new Error(`no nudge number ${number}`)
  return found
}

/** The nudges of the module's present run. */
export function nudgesIn({ module, short }: Progress): string[] {
  const ids = moduleOf(module).nudges.map(({ id }) => id)
  return short ? ids.filter((_, index) => index === 0 || index === ids.length - 1) : ids
}

/** The last end of a module, if it was gone through. */
export const lastEnding = (journey: Journey, module: string): Ending | undefined =>
  journey.endings.findLast((ending) => ending.module === module)

export function stateOf(journey: Journey, module: string): ModuleState {
  if (journey.current === module) return 'running'
  if (progressOf(journey, module).next > 0) return 'paused'
  return lastEnding(journey, module) ? 'resting' : 'open'
}

/** How many modules the network has gone through at least once. */
export const modulesSeen = (journey: Journey): number =>
  new Set(journey.endings.map(({ module }) => module)).size

/** The module that begins when none runs: the coordinators' wish, a refresh that is due, or the next in order. */
export function upcoming(journey: Journey, at: Temporal.Instant): string | undefined {
  if (journey.wanted) return journey.wanted
  const due = journey.modules.find(({ module }) => {
    const ending = lastEnding(journey, module)
    return ending && Temporal.Instant.compare(toInstant(ending.refreshAt), at) <= 0
  })
  const next = journey.modules.find(({ module }) => ['open', 'paused'].includes(stateOf(journey, module)))
  return (due ?? next)?.module
}

/** Whether the nudge with this number still waits for done, later or skip. */
export function isOpen(journey: Journey, number: number): boolean {
  const posted = journey.posted[number]
  return posted !== undefined && !posted.outcome && isLatest(journey, number, posted)
}

/** Whether a coordinator may still have an answered nudge brought again: its module has not moved on. */
export function canComeAgain(journey: Journey, number: number): boolean {
  const posted = journey.posted[number]
  const answered = posted?.outcome === 'done' || posted?.outcome === 'skip'
  return answered && isLatest(journey, number, posted)
}

const isLatest = (journey: Journey, number: number, { module, step }: Posted): boolean =>
  number === journey.posted.length - 1 && progressOf(journey, module).next === step
