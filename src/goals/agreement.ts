import { Refusal } from '../kernel/errors.ts'
import type { Progress, RightGoal, Stance } from './content.ts'

/** What a goal says. Written by members, never translated. */
export interface Wording {
  title: string
  change: string
  why: string
  firstSign: string
  possibleHarm: string
  /** ISO date by which the network looks at the whole of it. */
  by: string
}

/** Who carries a goal. */
export interface Carriers {
  /** A member; null while somebody is looked for. */
  lead: string | null
  leadPartner: string
  supporters: string[]
}

/** One look at a goal. Who took it is not stored. */
export interface Review {
  at: Date
  status: Progress | 'no-news'
  /** 1 to 5; null for "cannot say". Never shown to the team. */
  confidence: number | null
  sign: string
  obstacle: string | null
  next: string
  rightGoal: RightGoal | null
  sideEffects: string | null
}

/** A goal agreement of a network. */
export interface Goal extends Wording, Carriers {
  id: string
  network: string
  /** Goes up with every new wording: a button of an older one does nothing. */
  edition: number
  /** Wordings of before, the oldest first. */
  earlier: Wording[]
  /** Goes up whenever the lead changes. */
  leadChanges: number
  /** By organisation, never by person. */
  stances: { partner: string; stance: Stance }[]
  state: 'proposed' | 'agreed' | 'reached' | 'let-go'
  proposedAt: Date
  /** ISO date until which nobody is asked about it. */
  restsUntil: string | null
  reviews: Review[]
  /** The occurrence in which the lead was asked last, and whether an answer came since. */
  round: { cause: string; answered: boolean } | null
  /** The private messages in which the lead is asked and has not answered yet. */
  asks: { cause: string; purpose: string; member: string }[]
}

/** A new proposal. */
export const propose = (
  id: string,
  network: string,
  wording: Wording,
  carriers: Carriers,
  now: Date,
): Goal => ({
  id,
  network,
  ...wording,
  ...carriers,
  edition: 1,
  earlier: [],
  leadChanges: 0,
  stances: [],
  state: 'proposed',
  proposedAt: now,
  restsUntil: null,
  reviews: [],
  round: null,
  asks: [],
})

/** True while the network works towards it, or talks about doing so. */
export const isOpen = ({ state }: Pick<Goal, 'state'>): boolean => state === 'proposed' || state === 'agreed'

/** The lead's organisation and the supporting ones. */
export const involved = ({ leadPartner, supporters }: Carriers): string[] => [
  ...new Set([leadPartner, ...supporters]),
]

/** Where an organisation stands; undefined while it has not said. */
export const stanceOf = (goal: Goal, partner: string): Stance | undefined =>
  goal.stances.find((one) => one.partner === partner)?.stance

/** The organisations that stand behind it. */
export const standing = (goal: Goal): string[] =>
  involved(goal).filter((partner) => stanceOf(goal, partner) === 'stands-behind')

/** The organisations that have not said yet where they stand. */
export const unheard = (goal: Goal): string[] => involved(goal).filter((partner) => !stanceOf(goal, partner))

/**
 * Notes where an organisation stands; without a stance, takes it back. A proposal is agreed as soon as the lead's
 * organisation stands behind it and every other does so or is not concerned.
 * @throws Refusal where the organisation is not involved, or the matter is settled
 */
export function takeStance(goal: Goal, partner: string, stance: Stance | undefined): Goal {
  if (!involved(goal).includes(partner)) throw new Refusal('goals:errors.notInvolved')
  if (isOpen(goal) && stanceOf(goal, partner) === stance) return goal
  // After the coordinator went on without some, these may still say so; what was said holds.
  const isSettled = goal.state === 'agreed' && stanceOf(goal, partner) !== undefined
  if (!isOpen(goal) || isSettled) throw new Refusal('goals:errors.settled')
  const others = goal.stances.filter((one) => one.partner !== partner)
  const after = { ...goal, stances: stance ? [...others, { partner, stance }] : others }
  return isConfirmed(after) ? { ...after, state: 'agreed' } : after
}

function isConfirmed(goal: Goal): boolean {
  return involved(goal).every((partner) => {
    const stance = stanceOf(goal, partner)
    return stance === 'stands-behind' || (stance === 'not-concerned' && partner !== goal.leadPartner)
  })
}

/**
 * A coordinator goes on without those who have not answered. A wish for a change cannot be passed over, and nobody
 * speaks for the lead's organisation.
 * @throws Refusal where one of these is missing, or the goal is no proposal
 */
export function agreeWithoutRest(goal: Goal): Goal {
  if (goal.state !== 'proposed') throw new Refusal('goals:errors.settled')
  if (goal.stances.some(({ stance }) => stance === 'needs-change'))
    throw new Refusal('goals:errors.changeWanted')
  if (stanceOf(goal, goal.leadPartner) !== 'stands-behind') throw new Refusal('goals:errors.leadFirst')
  return { ...goal, state: 'agreed' }
}

/** A new wording: everybody involved says anew where they stand, and the old wording stays readable. */
export function reword(goal: Goal, wording: Wording, carriers: Carriers): Goal {
  const { title, change, why, firstSign, possibleHarm, by } = goal
  return {
    ...withLead(mustBeOpen(goal), carriers.lead, carriers.leadPartner),
    ...wording,
    ...carriers,
    earlier: [...goal.earlier, { title, change, why, firstSign, possibleHarm, by }],
    edition: goal.edition + 1,
    stances: [],
    state: 'proposed',
    restsUntil: null,
    asks: [],
  }
}

/** Gives the lead to somebody else, or to nobody. */
export function withLead(goal: Goal, lead: string | null, leadPartner: string): Goal {
  if (lead === goal.lead && leadPartner === goal.leadPartner) return goal
  return { ...goal, lead, leadPartner, leadChanges: goal.leadChanges + 1, asks: [] }
}

/** Lets it rest: nobody is asked until the date. */
export const rest = (goal: Goal, until: string): Goal => ({
  ...mustBeAgreed(goal),
  restsUntil: until,
  asks: [],
})

/** The end of the work on it: reached, or let go. Repeatable. */
export function end(goal: Goal, state: 'reached' | 'let-go'): Goal {
  if (goal.state === state) return goal
  const open = state === 'reached' ? mustBeAgreed(goal) : mustBeOpen(goal)
  return { ...open, state, restsUntil: null, asks: [] }
}

/** @throws Refusal where the goal was reached or let go */
export function mustBeOpen(goal: Goal): Goal {
  if (!isOpen(goal)) throw new Refusal('goals:errors.ended')
  return goal
}

/** @throws Refusal where the goal is not, or no longer, what the network works towards */
export function mustBeAgreed(goal: Goal): Goal {
  if (mustBeOpen(goal).state !== 'agreed') throw new Refusal('goals:errors.notAgreed')
  return goal
}

/** @throws Refusal where the button belongs to a wording of before */
export function mustBeCurrent(goal: Goal, edition: number): Goal {
  if (goal.edition !== edition) throw new Refusal('goals:errors.oldWording')
  return goal
}
