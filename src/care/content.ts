import { readFileSync } from 'node:fs'

/** One way of being in touch; its words are `care-content:contactTypes.<id>`. */
export interface ContactType {
  id: string
  direction: 'give' | 'ask' | 'neutral'
  /** What it asks of a partner: 1 a little, 2 time, 3 standing up in public; 0 where it asks nothing. */
  weight: number
}

/** How often to be in touch with a kind of partner, and how much to ask; its words are `care-content:categories.<id>`. */
export interface Category {
  id: string
  /** After `min` days without contact one is due; after `max` days the partner is left alone. */
  cadenceDays: { min: number; max: number }
  /** What may be asked: a sum of weights within a window, public appearances a year, days between two requests. */
  limit: { askWeight: number; windowDays: number; visiblePerYear: number; minDaysBetweenAsks: number }
  /** At least so many gives for so many asks. */
  giveToAsk: { give: number; ask: number } | null
  /** A rest would do good once this much was asked within so many days. */
  restAfter: { askWeight: number; withinDays: number } | null
  restDays: number | null
}

export type Status = 'resting' | 'over-exposed' | 'neglected' | 'due' | 'in-touch'

/** Numbers and ids of the care room; starting values drawn from practice. */
export const content = JSON.parse(readFileSync(new URL('./rules.json', import.meta.url), 'utf8')) as {
  contactTypes: ContactType[]
  categories: Category[]
  balanceWindowDays: number
  /** Ideas by situation, ids of `care-content:feed`. */
  suggestions: { neglected: string[]; asked: string[] }
  /** From this weight on, three questions come before a request. */
  confirmFromWeight: number
  introductions: {
    /** One introduction per partner in so many days. */
    gapDays: number
    /** The same two are not proposed again within so many days. */
    notAgainWithinDays: number
    /** What helps in building a network, by its phase; words are `care-content:introductions.<id>`. */
    steps: { phase: string; id: string; prompts: number }[]
  }
  /** Contacts are deleted after so many days. */
  keepDays: number
}

export const contactTypeIds = content.contactTypes.map(({ id }) => id)

/** @throws Error where there is no such type: ids come from the rules or were checked before */
export function contactTypeOf(id: string): ContactType {
  const found = content.contactTypes.find((type) => type.id === id)
  if (!found) throw new Error(`no contact type ${id}`)
  return found
}

/** The request of a weight: 1 a small one, 2 for time, 3 for visible support. */
export const requestOf = (weight: number): string =>
  content.contactTypes.find((type) => type.direction === 'ask' && type.weight === weight)?.id ?? 'ask-small'

/** @throws Error where there is no such category: the network file was checked */
export function categoryOf(id: string): Category {
  const found = content.categories.find((category) => category.id === id)
  if (!found) throw new Error(`no care category ${id}`)
  return found
}

/** How many weeks of rest a coordinator can choose from. */
export const restWeeks = [...new Set(content.categories.flatMap(({ restDays }) => restDays ?? []))]
  .toSorted((a, b) => a - b)
  .map((days) => days / 7)
