import type { Temporal } from 'temporal-polyfill'
import { content, elements, itemOf, type Slot, type Table } from './content.ts'
import type { OwnStatement } from './own-items.ts'

/** A wave's place in the rotation. The table stays the same for a whole cycle. */
export interface Place {
  table: Table
  /** The network's n-th cycle, counted from 0. */
  cycle: number
  /** Which of the cycle's waves it is, counted from 0; the one after the last is left out. */
  index: number
}

const slotsOf = ({ table, cycle }: Place): Slot[] => {
  const { a, b } = content.tables[table]
  return cycle % 2 === 0 ? a : b
}

/**
 * The place that follows.
 * @param chosen the table a new cycle is to take
 */
export function placeAfter(last: Place | undefined, chosen: Table): Place {
  if (!last) return { table: chosen, cycle: 0, index: 0 }
  return isPause(last)
    ? { table: chosen, cycle: last.cycle + 1, index: 0 }
    : { table: last.table, cycle: last.cycle, index: last.index + 1 }
}

/** True for the turn that is left out after a cycle. */
export const isPause = (place: Place): boolean => place.index >= slotsOf(place).length

/** True for the last wave of a cycle. */
export const endsCycle = (place: Place): boolean => place.index === slotsOf(place).length - 1

/** What is asked in a wave. */
export interface Questions {
  items: string[]
  /** The one of the items that the network has written itself, with its frozen wording. */
  own?: OwnStatement
  /** The one of the items that fills the focus slot: it does not count towards its element. */
  focus?: string
  /** Id of the free-text question. */
  freeText?: string
}

/**
 * What a network is asked at a place. The table is the same for everybody, so that cycles can be compared over time.
 * @param module the module the network works on, for the focus slot
 * @returns undefined where the turn is the pause after a cycle
 */
export function questionsOf(place: Place, module?: string): Questions | undefined {
  const slot = slotsOf(place)[place.index]
  if (!slot) return undefined
  const next = slotsOf(place)[place.index + 1] ?? slotsOf({ ...place, cycle: place.cycle + 1 })[0]
  const focus = slot.focusSlot && module ? focusItem(module, slot.items, next?.items ?? []) : undefined
  return {
    items: focus ? [...slot.items, focus] : slot.items,
    focus,
    freeText: content.freeText[place.index % content.freeText.length]?.id,
  }
}

/** The statements for a conversation card. They follow the calendar, because nothing is stored that could count. */
export function cardItems(date: Temporal.PlainDate): string[] {
  const weeks = Math.floor(date.since('1970-01-05').days / 7)
  const { a, b } = content.tables.biweekly
  const slots = [...a, ...b]
  return slots[Math.floor(weeks / 2) % slots.length]?.items ?? []
}

// An element the module strengthens and this wave does not ask about yet; of its statements preferably the fifth,
// which the rotation never uses, else one that is not due in the next wave. Never a second reversed one.
function focusItem(module: string, now: string[], next: string[]): string | undefined {
  const asked = new Set(now.map((id) => itemOf(id).element))
  const strengthened = elements.filter(({ id, modules }) => modules.includes(module) && !asked.has(id))
  const main = strengthened.find(({ exerciseModule }) => exerciseModule === module) ?? strengthened[0]
  const free = content.items.filter(
    ({ id, element, reverse }) => element === main?.id && !reverse && !next.includes(id),
  )
  return (free.find(({ id }) => id.endsWith('-5')) ?? free[0])?.id
}
