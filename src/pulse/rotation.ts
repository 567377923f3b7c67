import type { Temporal } from 'temporal-polyfill'
import { content, elements, itemOf } from './content.ts'
import type { Slot } from './content.ts'

const { a, b } = content.cycles
// After each cycle one wave is left out.
const TURNS_PER_CYCLE = a.length + 1

/** Which cycle a network's n-th turn (from 0) belongs to. */
export const cycleOf = (turn: number): number => Math.floor(turn / TURNS_PER_CYCLE)

/** True for the last wave of a cycle. */
export const endsCycle = (turn: number): boolean => turn % TURNS_PER_CYCLE === a.length - 1

/** What is asked in a wave. */
export interface Questions {
  items: string[]
  /** The one of the items that fills the focus slot: it does not count towards its element. */
  focus?: string
  /** Id of the free-text question. */
  freeText?: string
}

/**
 * What a network's n-th turn asks. The table is the same for everybody, so that cycles can be compared over time.
 * @param turn counted from 0
 * @param module the module the network works on, for the focus slot
 * @returns undefined where the turn is the pause after a cycle
 */
export function questionsOf(turn: number, module?: string): Questions | undefined {
  const slot = slotOf(turn)
  if (!slot) return undefined
  const index = turn % TURNS_PER_CYCLE
  const next = slotOf(turn + 1) ?? slotOf(turn + 2)
  const focus = slot.focusSlot && module ? focusItem(module, slot.items, next?.items ?? []) : undefined
  return {
    items: focus ? [...slot.items, focus] : slot.items,
    focus,
    freeText: content.freeText[index % content.freeText.length]?.id,
  }
}

/** The statements for a conversation card. They follow the calendar, because nothing is stored that could count. */
export function cardItems(date: Temporal.PlainDate): string[] {
  const weeks = Math.floor(date.since('1970-01-05').days / 7)
  const slots = [...a, ...b]
  return slots[Math.floor(weeks / 2) % slots.length]?.items ?? []
}

function slotOf(turn: number): Slot | undefined {
  const table = cycleOf(turn) % 2 === 0 ? a : b
  return table[turn % TURNS_PER_CYCLE]
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
