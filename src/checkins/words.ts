import type { Texts, Translator } from '../i18n/texts.ts'
import { Refusal } from '../kernel/errors.ts'
import type { Kind, Monthly } from './kind.ts'
import type { Plan } from './scheduling.ts'

/** The name of a kind, as its members call it. */
export const kindName = (t: Translator, kind: string): string => t.plain(`checkins:kinds.${kind}.name`)

/** The kinds that coordinators schedule, as a plain list: "nudge, pulse survey or goal review". */
const kindNames = (t: Translator, kinds: Kind[]): string => t.list(kinds.map(({ name }) => kindName(t, name)))

/**
 * The kind a person means, by any of its words in any language.
 * @throws Refusal with the kinds there are, where it is none of them
 */
export function kindMeant(typed: string, kinds: Kind[], t: Translator, texts: Texts): Kind {
  const wanted = typed.trim().toLowerCase()
  const languages = texts.languages.map(({ code }) => texts.in(code))
  const found = kinds.find(({ name }) =>
    languages.some((language) => wordsOf(language, name).includes(wanted)),
  )
  if (found) return found
  throw new Refusal('checkins:errors.whichKind', { kinds: kindNames(t, kinds) })
}

/** "every 2 weeks on Tuesday at 09:00", plain. */
export function rhythm(t: Translator, { recurrence, localTime }: Plan): string {
  if (recurrence.every === 'once') return ''
  const common = { count: recurrence.interval, time: localTime }
  if (recurrence.every === 'month') return monthly(t, common, recurrence)
  const days = t.list(recurrence.weekdays.toSorted((a, b) => a - b).map((day) => t.weekday(day)))
  return t.plain('checkins:rhythm.week', { ...common, days })
}

function monthly(t: Translator, common: { count: number; time: string }, on: Monthly): string {
  if ('day' in on) return t.plain('checkins:rhythm.month', { ...common, day: on.day })
  if ('workday' in on) return t.plain('checkins:rhythm.workday', { ...common, n: on.workday })
  const which = t.plain(`checkins:rhythm.which.${on.nth}`)
  return t.plain('checkins:rhythm.nth', { ...common, which, weekday: t.weekday(on.weekday) })
}

const wordsOf = (t: Translator, kind: string): string[] =>
  [kind, ...t.plain(`checkins:kinds.${kind}.words`).split(',')].map((word) => word.trim().toLowerCase())
