import { z } from 'zod'
import { countries, statesOf } from './holidays.ts'
import { nearest } from './suggest.ts'
import { canonicalLanguage, isZone, zones } from './zones.ts'

// The kinds of values in the file of a network. Messages finish the sentence "line 12: members[3].zone ...".

/** What is said where something is missing or of another type. */
export const expected = (what: string) => ({
  error: ({ input }: { input?: unknown }) =>
    input === undefined || input === null ? 'is missing' : `must be ${what}`,
})

/** Text of 1 to `most` characters. */
export const text = (most: number) =>
  z
    .string(expected('text; put it in quotes'))
    .trim()
    .min(1, 'must not be empty')
    .max(most, { error: `must have at most ${most} characters`, abort: true })

/** Text that passes `fits`; else the message names what could have been meant, and all that is allowed if given. */
const checked = (
  what: string,
  fits: (word: string) => boolean,
  meant: (word: string) => string | undefined,
  allowed?: readonly string[],
) =>
  text(60).superRefine((word, ctx) => {
    if (fits(word)) return
    const near = meant(word)
    const parts = [
      `is "${word}", which is not ${what}`,
      near && `write "${near}"`,
      allowed && `allowed are ${allowed.join(', ')}`,
    ]
    ctx.addIssue({ code: 'custom', message: parts.filter(Boolean).join('; ') })
  })

/** One of the ids that the rules of a room know. */
export const oneOf = (what: string, allowed: readonly string[]) =>
  checked(
    what,
    (word) => allowed.includes(word),
    (word) => nearest(word, allowed),
    allowed,
  )

/** One of a few words. */
export const either = <const T extends readonly string[]>(...allowed: T) =>
  z.enum(allowed, {
    error: ({ input }) =>
      input === undefined
        ? 'is missing'
        : `is ${typeof input === 'string' ? JSON.stringify(input.slice(0, 60)) : 'no word'}; write ${allowed.join(' or ')}`,
  })

/** The id of a network, partner or member. */
export const id = text(40).regex(
  /^[a-z0-9]+(-[a-z0-9]+)*$/,
  'must be small letters and digits with single hyphens, such as police-2',
)
/** An IANA zone. */
export const zone = checked('a time zone', isZone, (word) => nearest(word, zones))
/** A BCP 47 language in its usual spelling. */
export const language = checked(
  'a language code',
  (word) => canonicalLanguage(word) === word,
  (word) => canonicalLanguage(word) ?? canonicalLanguage(word.slice(0, 2)),
)

const time = z
  .string(expected("a time of day in quotes, such as '18:00'"))
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as '18:00'")

/** Two local times of day. */
export const quietHours = z
  .strictObject({ from: time, to: time }, expected("two times, such as { from: '18:00', to: '08:00' }"))
  .refine(({ from, to }) => from !== to, 'must end at another time than it begins')

const isCountry = (word: string): boolean => Object.hasOwn(countries(), word)
const nearestCountry = (word: string): string | undefined => nearestCode(word, countries())

/** A country and state of which the public holidays are known. */
export const holidays = z
  .strictObject(
    {
      country: checked('a country with known holidays', isCountry, nearestCountry),
      state: text(20).optional(),
    },
    expected('a country and perhaps a state, such as { country: DE, state: NW }'),
  )
  .superRefine(({ country, state }, ctx) => {
    const states = statesOf(country)
    if (state === undefined || !isCountry(country) || Object.hasOwn(states, state)) return
    const near = nearestCode(state, states)
    const allowed = Object.keys(states)
    const hint =
      allowed.length > 0 ? `allowed are ${allowed.join(', ')}` : `leave it out: ${country} has none`
    const message = [`is "${state}", which is not a state of ${country}`, near && `write "${near}"`, hint]
    ctx.addIssue({ code: 'custom', path: ['state'], message: message.filter(Boolean).join('; ') })
  })

// By code or by name: both "de" and "Germany" mean DE.
function nearestCode(word: string, names: Record<string, string>): string | undefined {
  const name = nearest(word, Object.values(names))
  const byName = name && word.length > 3 ? Object.keys(names).find((code) => names[code] === name) : undefined
  return byName ?? nearest(word, Object.keys(names))
}

/** A list of bounded length. */
export function list<T extends z.ZodType>(item: T, most: number, what: string) {
  return z
    .array(item, expected('a list'))
    .max(most, { error: `must have at most ${most} ${what}`, abort: true })
}
