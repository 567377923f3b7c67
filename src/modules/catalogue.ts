import { readFileSync } from 'node:fs'

type Format = 'thread' | 'poll' | 'pairs' | 'card' | 'live'

/** One weekly nudge; its words are `modules-content:nudges.<id>`. */
interface Nudge {
  id: string
  /** How long it takes, 5 to 15. */
  minutes: number
  format: Format
}

/** One of the eight modules; its words are `modules-content:modules.<id>`. */
export interface Module {
  id: string
  number: number
  exerciseMinutes: number
  /** The elements it is measured by, the one it is most about first. */
  pulseElements: string[]
  /** Weeks after its last nudge until somebody asks what became of it. */
  followUpWeeks: number
  nudges: Nudge[]
  /** Invented scenes to practise with, ids of `modules-content:scenarios`. */
  scenarios?: string[]
}

/** A phase of a network and the order of modules it suggests; its words are `modules-content:phases.<id>`. */
export interface Phase {
  id: string
  order: string[]
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))

/** The eight modules by number. */
export const modules = read('./catalogue.json') as Module[]

const positioning = read('./phases.json') as {
  phases: [Phase, ...Phase[]]
  questions: { id: string; pullForwardIfLow: string }[]
}

/** The four phases, from founding to consolidating. */
export const phases = positioning.phases

/** The eight questions a coordinator may answer to find the phase; answers are 1 to 4. */
export const phaseQuestions = positioning.questions

const byId = new Map(modules.map((module) => [module.id, module]))
const nudgesById = new Map(modules.flatMap(({ nudges }) => nudges.map((nudge) => [nudge.id, nudge])))

/** @throws Error where there is no such module: ids come from the catalogue or were checked before */
export function moduleOf(id: string): Module {
  const found = byId.get(id)
  if (!found) throw new Error(`no module ${id}`)
  return found
}

/** @throws Error where there is no such nudge */
export function nudgeOf(id: string): Nudge {
  const found = nudgesById.get(id)
  if (!found) throw new Error(`no nudge ${id}`)
  return found
}

/** The invented scenes, all of them in the module that practises. */
export const scenarios = modules.flatMap((module) => module.scenarios ?? [])

/** The scene after another one, round and round; without one, the first. */
export function nextScenario(after?: string): string {
  const at = after === undefined ? 0 : (scenarios.indexOf(after) + 1) % scenarios.length
  const found = scenarios[at]
  if (!found) throw new Error('no scenes')
  return found
}

/**
 * The module whose exercise strengthens an element: the one that is most about it. The practice module touches every
 * element, so it is proposed only where no other does.
 * @throws Error where no module strengthens the element
 */
export function moduleFor(element: string): Module {
  const rank = ({ scenarios, pulseElements }: Module): number =>
    (scenarios ? 100 : 0) + pulseElements.indexOf(element)
  const found = modules
    .filter(({ pulseElements }) => pulseElements.includes(element))
    .toSorted((a, b) => rank(a) - rank(b))[0]
  if (!found) throw new Error(`no module strengthens ${element}`)
  return found
}

// Mean of the answers, to one decimal place: up to 1.6 founding, up to 2.4 first steps, up to 3.3 deepening.
const CUT_OFFS = [1.6, 2.4, 3.3]
const MUCH_LOWER = 2

/** What the answers (question id to 1..4) point towards. A start for a conversation, not a measurement. */
export function suggestPhase(answers: Record<string, number>): { phase: Phase; early: Module[] } {
  const values = Object.values(answers)
  const mean = Math.round((10 * values.reduce((sum, value) => sum + value, 0)) / values.length) / 10
  const at = CUT_OFFS.filter((cutOff) => mean > cutOff).length
  const early = phaseQuestions
    .filter(({ id }) => mean - (answers[id] ?? mean) >= MUCH_LOWER)
    .flatMap(({ pullForwardIfLow }) => byId.get(pullForwardIfLow) ?? [])
  return { phase: phases[at] ?? phases[0], early: [...new Set(early)] }
}
