import { expect, test } from '@jest/globals'
import { existsSync, readFileSync, readdirSync } from 'node:fs'

interface Structure {
  stances: string[]
  progress: string[]
  rightGoal: string[]
  sideEffects: string[]
  confidence: { min: number; max: number; lowUpTo: number }
  obstacles: { id: string; nudge?: string }[]
  decisions: string[]
  fields: { id: string; maxChars?: number }[]
  qualityChecks: string[]
  examples: string[]
  questions: { id: string; maxChars?: number }[]
  limits: { recommendedActive: number; maxActive: number }
}
type Texts = { [key: string]: string | Texts }

const read = <T>(path: string): T =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as T
const structure = read<Structure>('src/goals/obstacles.json')
const nudges = read<{ nudges: { id: string }[] }[]>('src/modules/catalogue.json').flatMap((module) =>
  module.nudges.map(({ id }) => id),
)

const root = new URL('../../locales/', import.meta.url)
const languages = readdirSync(root).filter((name) => existsSync(new URL(`${name}/goals-content.json`, root)))
const english = flat(read<Texts>('locales/en/goals-content.json'))

function flat(texts: Texts, path = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[path + key, value]] : [...flat(value, `${path}${key}.`)],
    ),
  )
}
// Languages differ in their plural forms: `yearly_one`, `yearly_few` ... stand for the one text `yearly`.
const singular = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, '')
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g))].sort()
const ids = (list: { id: string }[]): string[] => list.map(({ id }) => id).sort()

test('two goals are recommended, four possible, and confidence has five points', () => {
  expect(structure.limits).toMatchObject({ recommendedActive: 2, maxActive: 4 })
  expect(structure.confidence).toEqual({ min: 1, max: 5, lowUpTo: 2 })
})

test('the offers for obstacles are known nudges', () => {
  expect(structure.obstacles.filter(({ nudge }) => nudge && !nudges.includes(nudge))).toEqual([])
})

test.each(languages)('%s: every id has its text, and no text is left over', (language) => {
  const texts = read<Record<string, Texts>>(`locales/${language}/goals-content.json`)
  const keys = (tree: string | Texts | undefined): string[] => Object.keys(tree ?? {}).sort()
  for (const name of ['stances', 'progress', 'rightGoal', 'sideEffects', 'decisions', 'examples'] as const)
    expect([name, keys(texts[name])]).toEqual([name, [...structure[name]].sort()])
  expect(keys(texts.fields)).toEqual(ids(structure.fields))
  expect(keys(texts.questions)).toEqual(ids(structure.questions))
  expect(keys(texts.obstacles)).toEqual(ids(structure.obstacles))
  expect(keys(texts.quality)).toEqual([...structure.qualityChecks].sort())
  const own = [...flat(texts).keys()].map(singular)
  expect([...new Set(own)].sort()).toEqual([...new Set([...english.keys()].map(singular))].sort())
})

test.each(languages)('%s: examples keep the limit of the field they illustrate', (language) => {
  const { examples } = read<{ examples: Record<string, Record<string, string>> }>(
    `locales/${language}/goals-content.json`,
  )
  const limit = structure.fields.find(({ id }) => id === 'change')!.maxChars!
  for (const { change } of Object.values(examples)) expect(change!.length).toBeLessThanOrEqual(limit)
})

test.each(languages)('%s: the placeholders are those of the English text', (language) => {
  const expected = new Map([...english].map(([key, text]) => [singular(key), placeholders(text)]))
  for (const [key, text] of flat(read<Texts>(`locales/${language}/goals-content.json`))) {
    expect(text.trim()).not.toBe('')
    expect([key, placeholders(text)]).toEqual([key, expected.get(singular(key))])
  }
})
