import { readFileSync } from 'node:fs'

/** Where an organisation stands with a goal. */
export type Stance = 'stands-behind' | 'needs-change' | 'not-concerned'

/** Where a goal stands, as its lead sees it. */
export type Progress = 'not-started' | 'moving' | 'slow' | 'stuck' | 'reached'

/** The answers to "is it still the right goal?". */
export type RightGoal = 'right' | 'adjust' | 'not-now' | 'wrong'

interface Content {
  stances: Stance[]
  confidence: { min: number; max: number; lowUpTo: number }
  progress: Progress[]
  rightGoal: RightGoal[]
  sideEffects: string[]
  /** What may be in the way, and the nudge that helps with it. */
  obstacles: { id: string; nudge?: string }[]
  fields: { id: string; maxChars?: number }[]
  qualityChecks: string[]
  examples: string[]
  questions: { id: string; maxChars?: number; everyCheckIns?: number }[]
  limits: {
    recommendedActive: number
    maxActive: number
    reviewWithinDays: number
    splitWithinDays: number
  }
  cadenceDays: { [phase: string]: number; 'first-steps': number; afterStuck: number }
  talk: { lowConfidenceInRow: number; noNewsInRow: number }
}

/** Structure of goals and reviews; the words are in `goals-content`. */
export const content = JSON.parse(
  readFileSync(new URL('./obstacles.json', import.meta.url), 'utf8'),
) as Content

/**
 * The most characters of a text field or question.
 * @throws Error where it has no such limit: ids are written in code
 */
export function maxChars(id: string): number {
  const found = [...content.fields, ...content.questions].find((one) => one.id === id)?.maxChars
  if (found === undefined) throw new Error(`${id} has no limit`)
  return found
}

/** Days between two reviews of a goal in a network of this phase. */
export const cadenceDays = (phase: string): number =>
  content.cadenceDays[phase] ?? content.cadenceDays['first-steps']

/** The nudge that may help with an obstacle. */
export const nudgeFor = (obstacle: string | null): string | undefined =>
  content.obstacles.find(({ id }) => id === obstacle)?.nudge
