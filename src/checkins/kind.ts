import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '../conversation/port.ts'
import type { Draft } from '../delivery/port.ts'
import type { Network } from '../networks/types.ts'
import type { View } from '../views/view.ts'

/** One due instant of a check-in, handed to the feature that knows what to say. */
export interface Occurrence {
  /** `<check-in id>|<nominal local date-time>`: the same on every replica. Use it as the cause of deliveries. */
  id: string
  checkin: string
  network: Network
  /** What a one-off is about (a wave, a goal), as the feature asked for it. */
  subject?: string
  /** The local date-time it takes place: the one of the id, or the same hour of the next working day. */
  nominal: Temporal.PlainDateTime
  /** The instant it was due; `now` may be later. */
  dueAt: Temporal.Instant
  now: Temporal.Instant
  /** True where a coordinator pressed "run now". */
  byHand: boolean
}

/** A kind of check-in: the capability's side of the clock. */
export interface Kind {
  /** `nudge`, `pulse`, `goal-review`, `care-digest`, `introduction`; internal ones such as `pulse-close` are never listed. */
  name: string
  /** True where coordinators schedule it themselves; its name and description are the texts `checkins:kinds.<name>.name|about`. */
  schedulable: boolean
  /** Minutes after the due instant in which it is still useful; later it is recorded as skipped. */
  graceMinutes: number
  /**
   * What is owed now. Called again after a crash: it must be repeatable (derived ids, one durable write).
   * A reason for silence (for example `reviewed-recently`) is recorded with the occurrence.
   */
  compose(occurrence: Occurrence): Promise<{ drafts: Draft[] } | { silent: string }>
  /** What the next one would look like, shown to the coordinator only; nothing is stored. */
  preview?(ctx: Ctx): Promise<View>
}

/** The day of a month: by date (1 to 31), by n-th or last ISO weekday (1 = Monday), or by n-th working day. */
export type Monthly = { day: number } | { nth: 1 | 2 | 3 | 4 | 'last'; weekday: number } | { workday: number }

/**
 * How often: every N weeks on ISO weekdays, every N months on a day of the month, or once. What falls on a day off
 * takes place on the next working day; a one-off never moves.
 */
export type Recurrence =
  | { every: 'week'; interval: number; weekdays: number[] }
  | ({ every: 'month'; interval: number } & Monthly)
  | { every: 'once' }

/** What a feature may ask of the clock. */
export interface Checkins {
  /**
   * Asks for one internal occurrence of a kind. Asking twice for the same network, kind and subject is harmless.
   * @param at when it is due
   */
  once(network: Network, kind: string, subject: string, at: Temporal.Instant): Promise<void>
  /** Forgets a one-off that is not needed any more. */
  cancel(network: string, kind: string, subject: string): Promise<void>
  /** Creates the check-in of a kind if the network has none yet (a network's first rhythm). */
  ensure(network: Network, kind: string, recurrence: Recurrence, localTime: string): Promise<void>
  /**
   * Another interval for a kind's rhythm, counted from its last date; weekday and hour stay. Does nothing where it is not
   * scheduled, or comes so often already.
   */
  everyWeeks(network: Network, kind: string, weeks: number): Promise<void>
  /** The next due instant of a kind in a network, if it is scheduled and not paused. */
  next(network: string, kind: string): Promise<Temporal.Instant | undefined>
  /** Finds what is due and owes its deliveries. Returns how many occurrences it handled. */
  tick(): Promise<number>
  /** When the next one is due, of all networks. */
  nextDueAt(): Promise<Temporal.Instant | undefined>
}
