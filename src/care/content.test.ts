import { expect, test } from '@jest/globals'
import { existsSync, readFileSync, readdirSync } from 'node:fs'

interface Rules {
  contactTypes: { id: string; direction: 'give' | 'ask' | 'neutral'; weight: number }[]
  categories: {
    id: string
    cadenceDays: { min: number; max: number }
    limit: { askWeight: number; windowDays: number; visiblePerYear: number; minDaysBetweenAsks: number }
    giveToAsk: { give: number; ask: number } | null
    restAfter: { askWeight: number; withinDays: number } | null
    restDays: number | null
  }[]
  sectors: string[]
  statuses: string[]
  suggestions: Record<string, string[]>
  introductions: { steps: { phase: string; id: string; prompts: number }[] }
}
type Texts = { [key: string]: string | Texts }

const read = <T>(path: string): T =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as T
const rules = read<Rules>('src/care/rules.json')

const root = new URL('../../locales/', import.meta.url)
const withFile = (file: string): [string, string][] =>
  readdirSync(root)
    .filter((name) => existsSync(new URL(`${name}/${file}`, root)))
    .map((name) => [name, file])
const files = [...withFile('care-content.json'), ...withFile('guardrails.json')]
const texts = (language: string, file: string): Map<string, string> =>
  flat(read<Texts>(`locales/${language}/${file}`))

function flat(tree: Texts, path = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[path + key, value]] : [...flat(value, `${path}${key}.`)],
    ),
  )
}
// Every language keeps its own list of word swaps; everything else has the same keys everywhere.
const shared = (keys: Iterable<string>): string[] =>
  [...keys].filter((key) => !key.startsWith('swaps.')).sort()
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g))].sort()
const ids = (list: { id: string }[]): string[] => list.map(({ id }) => id).sort()

test('asks weigh 1 to 3, everything else nothing', () => {
  for (const { direction, weight } of rules.contactTypes)
    expect(direction === 'ask' ? [1, 2, 3] : [0]).toContain(weight)
})

test('every category has a band, a limit, a balance and, unless it rests, a rest', () => {
  expect(rules.categories).toHaveLength(8)
  for (const { id, cadenceDays, limit, giveToAsk, restAfter, restDays } of rules.categories) {
    expect(cadenceDays.max).toBe(cadenceDays.min + 14)
    expect(limit.windowDays).toBe(30)
    expect(giveToAsk === null).toBe(limit.askWeight === 0)
    expect(id === 'resting').toBe(restAfter === null && restDays === null)
  }
})

test('every phase of a network has its step of building one', () => {
  const { phases } = read<{ phases: { id: string }[] }>('src/modules/phases.json')
  expect(rules.introductions.steps.map(({ phase }) => phase)).toEqual(phases.map(({ id }) => id))
})

test.each(withFile('care-content.json'))(
  '%s/%s: every id has its text, and no text is left over',
  (language, file) => {
    const own = read<Record<string, Record<string, Texts>>>(`locales/${language}/${file}`)
    const keys = (tree: object | undefined): string[] => Object.keys(tree ?? {}).sort()
    expect(keys(own.categories)).toEqual(ids(rules.categories))
    expect(keys(own.contactTypes)).toEqual(ids(rules.contactTypes))
    expect(keys(own.sectors)).toEqual([...rules.sectors].sort())
    expect(keys(own.statuses)).toEqual([...rules.statuses].sort())
    expect(keys(own.feed)).toEqual([...new Set(Object.values(rules.suggestions).flat())].sort())
    expect(keys(own.introductions)).toEqual(ids(rules.introductions.steps))
    for (const { id, prompts } of rules.introductions.steps)
      expect(keys(own.introductions?.[id]?.prompts as object)).toHaveLength(prompts)
  },
)

test.each(files)('%s/%s: the keys and placeholders are those of the English file', (language, file) => {
  const english = texts('en', file)
  const own = texts(language, file)
  expect(shared(own.keys())).toEqual(shared(english.keys()))
  for (const key of shared(own.keys()))
    expect([key, placeholders(own.get(key)!)]).toEqual([key, placeholders(english.get(key)!)])
  expect([...own].filter(([, text]) => !text.trim())).toEqual([])
})

test.each(withFile('guardrails.json'))('%s: every word swap says what to say instead', (language, file) => {
  const { swaps } = read<{ swaps: Record<string, { instead: string; say: string }> }>(
    `locales/${language}/${file}`,
  )
  const list = Object.values(swaps)
  expect(list.length).toBeGreaterThanOrEqual(15)
  expect(new Set(list.map(({ instead }) => instead.toLowerCase())).size).toBe(list.length)
  for (const { instead, say } of list) expect(say.toLowerCase()).not.toContain(instead.toLowerCase())
})

test.each(withFile('guardrails.json'))('%s: no text uses a word from its own swap list', (language, file) => {
  const { swaps } = read<{ swaps: Record<string, { instead: string }> }>(`locales/${language}/${file}`)
  const words = Object.values(swaps).map(({ instead }) => instead)
  const avoided = new RegExp(`(?<![\\p{L}\\d])(${words.join('|')})(?![\\p{L}\\d])`, 'iu')
  const found = ['pulse-content.json', 'care-content.json', 'goals-content.json', 'guardrails.json']
    .filter((name) => existsSync(new URL(`${language}/${name}`, root)))
    .flatMap((name) => [...texts(language, name)])
    .filter(([key, text]) => !key.startsWith('swaps.') && avoided.test(text))
  expect(found).toEqual([])
})
