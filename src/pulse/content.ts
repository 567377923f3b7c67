import { readFileSync } from 'node:fs'

/** One statement; its words are `pulse-content:items.<id>`. */
export interface Item {
  id: string
  element: string
  /** True where agreeing is unfavourable: it scores 6 minus the answer. */
  reverse: boolean
}

/** How often a network asks, and from which table; its words are `pulse:plan.plans.<id>`. */
export interface Plan {
  id: 'weekly' | 'biweekly' | 'monthly'
  /** Weeks from one wave to the next. */
  weeks: number
  table: Table
}

/** Plans with the same table ask the same statements, so that their cycles can be compared. */
export type Table = 'weekly' | 'biweekly'

/** What is asked in one wave of a cycle. */
export interface Slot {
  items: string[]
  /** Room for a statement on what the running module strengthens. */
  focusSlot: boolean
}

/** A range of the scale, both ends included; its words are `pulse-content:bands.<id>`. */
export interface Band {
  id: string
  from: number
  to: number
}

/** A foundational element; its words are `pulse-content:elements.<id>`. */
export interface Element {
  id: string
  /** The modules that strengthen it, and the one among them whose exercise is proposed. */
  modules: string[]
  exerciseModule: string
  /** The nudge that is proposed first; its title is `modules-content:nudges.<id>.title`. */
  nudge: string
}

interface Content {
  items: Item[]
  freeText: { id: string }[]
  freeTextMaxChars: number
  bands: Band[]
  anonymity: {
    /** Smaller networks get a conversation card instead of a wave. */
    minMembers: number
    /** Answers a statement needs before anything is shown of it. */
    minAnswers: number
    minAnswersFreeText: number
    minAnswersNumbers: number
  }
  /** From the most frequent to the rarest. */
  plans: Plan[]
  /** Two cycles, which take turns, for each table. */
  tables: Record<Table, { a: Slot[]; b: Slot[] }>
}

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T

/** The item bank, the rotation, and the figures the anonymity promise rests on. */
export const content = read<Content>('./items.json')

/** The elements, in the order in which they are shown. */
export const elements = read<Element[]>('./elements.json')

const itemsById = new Map(content.items.map((item) => [item.id, item]))

/** What the ids of statements begin with that a network has written itself. */
export const OWN_PREFIX = 'own-'

/** Whether a statement is a network's own: it has no text in the bank and strengthens no element. */
export const isOwn = (id: string): boolean => id.startsWith(OWN_PREFIX)

/**
 * A statement of the bank; one of a network's own belongs to an element called `own`.
 * @throws Error for an id that was never in the bank: ids come from the rotation, never from a person
 */
export function itemOf(id: string): Item {
  const item = isOwn(id) ? { id, element: 'own', reverse: false } : itemsById.get(id)
  if (!item) throw new Error(`no such statement: ${id}`)
  return item
}
