import { Temporal } from 'temporal-polyfill'
import { contactTypeOf, content, type Category, type Status } from './content.ts'

/** One touch between the network and a partner. */
export interface Contact {
  /** Id of a contact type. */
  type: string
  /** Local date, ISO. */
  date: string
  by: 'bot' | 'member'
}

/** All that the rules need to know about a partner. */
export interface Standing {
  category: Category
  contacts: Contact[]
  /** From when on care is kept: nobody was left alone before. ISO date. */
  since: string
  /** Its people coordinate the network: they are in touch by doing so. */
  coordinates?: boolean
  /** ISO date; the day the rest ends. */
  restUntil?: string
}

/** Why a request deserves a second thought. */
export type Reason = 'resting' | 'newly-met' | 'asked-a-lot' | 'big' | 'visible-again' | 'too-soon'

const YEAR = 365
const VISIBLE = 3

const daysSince = (date: string, today: Temporal.PlainDate): number =>
  Temporal.PlainDate.from(date).until(today, { largestUnit: 'days' }).days

const weightOf = ({ type }: Contact): number => contactTypeOf(type).weight

/** What was asked within the last so many days, as a sum of weights. */
const askedWithin = (contacts: Contact[], days: number, today: Temporal.PlainDate): number =>
  contacts
    .filter(({ date }) => daysSince(date, today) < days)
    .reduce((sum, contact) => sum + weightOf(contact), 0)

/** Whether a partner is left in peace for now. */
export const isResting = ({ category, restUntil }: Standing, today: Temporal.PlainDate): boolean =>
  category.id === 'resting' || (restUntil !== undefined && daysSince(restUntil, today) < 0)

const isPastLimit = ({ category: { limit }, contacts }: Standing, today: Temporal.PlainDate): boolean =>
  askedWithin(contacts, limit.windowDays, today) > limit.askWeight

/** Whether so much was asked that a rest would do good. */
export const needsRest = ({ category: { restAfter }, contacts }: Standing, today: Temporal.PlainDate) =>
  restAfter !== null && askedWithin(contacts, restAfter.withinDays, today) >= restAfter.askWeight

/**
 * The date of the last touch by people, if there is one. What the bot sends weighs on a partner, but nobody is in
 * touch because a program wrote.
 */
export const lastTouch = ({ contacts }: Standing): string | undefined =>
  contacts
    .filter(({ by }) => by === 'member')
    .map(({ date }) => date)
    .toSorted()
    .at(-1)

/** How a partner is doing with us, as its category's band has it. */
export function careStatus(standing: Standing, today: Temporal.PlainDate): Status {
  const { category, since, coordinates } = standing
  if (isResting(standing, today)) return 'resting'
  if (needsRest(standing, today) || isPastLimit(standing, today)) return 'over-exposed'
  const quietDays = coordinates ? 0 : daysSince(lastTouch(standing) ?? since, today)
  if (quietDays > category.cadenceDays.max) return 'neglected'
  return quietDays > category.cadenceDays.min ? 'due' : 'in-touch'
}

/** Whether a partner can be asked this without becoming over-exposed. The bot itself never asks more than that. */
export function hasRoom(standing: Standing, type: string, today: Temporal.PlainDate): boolean {
  const asked: Contact = { type, date: today.toString(), by: 'bot' }
  const after = careStatus({ ...standing, contacts: [...standing.contacts, asked] }, today)
  return after !== 'resting' && after !== 'over-exposed'
}

/** What a person should know before asking; nothing where there is room. */
export function reasonsAgainst(standing: Standing, type: string, today: Temporal.PlainDate): Reason[] {
  if (isResting(standing, today)) return ['resting']
  const { category, contacts } = standing
  const { limit } = category
  if (limit.askWeight === 0) return ['newly-met']
  const reasons: Reason[] = []
  const asks = contacts.filter((contact) => weightOf(contact) > 0)
  if (!hasRoom(standing, type, today))
    reasons.push(asks.some(({ date }) => daysSince(date, today) < limit.windowDays) ? 'asked-a-lot' : 'big')
  const visible = asks.filter((ask) => weightOf(ask) === VISIBLE && daysSince(ask.date, today) < YEAR)
  if (weightOf({ type, date: '', by: 'member' }) === VISIBLE && visible.length >= limit.visiblePerYear)
    reasons.push('visible-again')
  if (nextGoodDate(standing, today)) reasons.push('too-soon')
  return reasons
}

/** From when on people's requests keep the distance they should; nothing where that is today. */
export function nextGoodDate(
  { category, contacts }: Standing,
  today: Temporal.PlainDate,
): Temporal.PlainDate | undefined {
  const lastAsk = lastAskedByPeople(contacts)
  const next = lastAsk && Temporal.PlainDate.from(lastAsk).add({ days: category.limit.minDaysBetweenAsks })
  return next && Temporal.PlainDate.compare(next, today) > 0 ? next : undefined
}

/** The date of the last request made by people. */
export const lastAskedByPeople = (contacts: Contact[]): string | undefined =>
  contacts
    .filter((contact) => contact.by === 'member' && weightOf(contact) > 0)
    .map(({ date }) => date)
    .toSorted()
    .at(-1)

/** Whether people gave less than the category wants for what they asked. */
export function givesTooLittle({ category, contacts }: Standing, today: Temporal.PlainDate): boolean {
  if (!category.giveToAsk) return false
  const counted = contacts.filter(
    ({ by, date }) => by === 'member' && daysSince(date, today) < content.balanceWindowDays,
  )
  const count = (direction: string): number =>
    counted.filter(({ type }) => contactTypeOf(type).direction === direction).length
  return count('give') * category.giveToAsk.ask < count('ask') * category.giveToAsk.give
}

/** The week of a date, counted from a fixed Monday: what takes turns by week turns with it. */
export const weekNumber = (date: Temporal.PlainDate): number =>
  Math.floor(Temporal.PlainDate.from('2024-01-01').until(date, { largestUnit: 'days' }).days / 7)

/** The one of a list whose turn it is. @throws RangeError where the list is empty */
export function turnOf<T>(list: T[], turn: number): T {
  const found = list[((turn % list.length) + list.length) % list.length]
  if (found === undefined) throw new RangeError('nothing to take turns with')
  return found
}
