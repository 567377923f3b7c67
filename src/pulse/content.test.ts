import { expect, test } from '@jest/globals'
import { existsSync, readFileSync, readdirSync } from 'node:fs'

interface Slot {
  wave: number
  items: string[]
  focusSlot: boolean
}
interface Structure {
  items: { id: string; element: string; reverse: boolean }[]
  freeText: { id: string }[]
  bands: { id: string; from: number; to: number }[]
  plans: { id: string; weeks: number; table: string }[]
  tables: Record<string, Record<string, Slot[]>>
  anonymity: Record<string, unknown>
}
type Texts = { [key: string]: string | Texts }

const read = <T>(path: string): T =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as T
const structure = read<Structure>('src/pulse/items.json')
const elements = read<{ id: string; modules: string[]; exerciseModule: string }[]>('src/pulse/elements.json')
const modules = ids(read<{ id: string }[]>('src/modules/catalogue.json'))

const root = new URL('../../locales/', import.meta.url)
const languages = readdirSync(root).filter((name) => existsSync(new URL(`${name}/pulse-content.json`, root)))
const english = flat(read<Texts>('locales/en/pulse-content.json'))

function flat(texts: Texts, path = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[path + key, value]] : [...flat(value, `${path}${key}.`)],
    ),
  )
}
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g))].sort()
function ids(list: { id: string }[]): string[] {
  return list.map(({ id }) => id).sort()
}

test('50 statements on 11 elements, each element with four or five', () => {
  expect(new Set(ids(structure.items)).size).toBe(50)
  expect(new Set(ids(elements)).size).toBe(11)
  for (const { id } of elements) {
    const own = structure.items.filter(({ element }) => element === id)
    expect([4, 5]).toContain(own.length)
    expect(own.filter(({ reverse }) => reverse)).toHaveLength(1)
  }
  expect(structure.items.filter(({ element }) => !ids(elements).includes(element))).toEqual([])
})

test('every element is strengthened by known modules, the proposed one among them', () => {
  for (const { modules: own, exerciseModule } of elements) {
    expect(own).toContain(exerciseModule)
    expect(own.filter((id) => !modules.includes(id))).toEqual([])
  }
})

test('anonymity starts from the figures of the source', () => {
  expect(structure.anonymity).toMatchObject({
    minMembers: 6,
    minAnswers: 5,
    minAnswersFreeText: 10,
    minAnswersNumbers: 12,
  })
})

test('the bands cover the scale in steps of one decimal, without gap or overlap', () => {
  const { bands } = structure
  expect([bands[0]?.from, bands.at(-1)?.to]).toEqual([1, 5])
  for (let i = 1; i < bands.length; i++) expect(bands[i]!.from - bands[i - 1]!.to).toBeCloseTo(0.1)
})

test('every plan has a table; the weekly one asks in eight short waves, the others in six', () => {
  expect(structure.plans.map(({ id, weeks, table }) => [id, weeks, table])).toEqual([
    ['weekly', 1, 'weekly'],
    ['biweekly', 2, 'biweekly'],
    ['monthly', 4, 'biweekly'],
  ])
  expect(Object.keys(structure.tables).sort()).toEqual(['biweekly', 'weekly'])
  for (const [table, count] of [
    ['biweekly', 6],
    ['weekly', 8],
  ] as const) {
    expect(Object.keys(structure.tables[table]!)).toEqual(['a', 'b'])
    for (const waves of Object.values(structure.tables[table]!))
      expect(waves.map(({ wave }) => wave)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
  }
})

test.each(['biweekly', 'weekly'])('%s: every element twice per cycle, at least two waves apart', (table) => {
  const used: string[] = []
  for (const waves of Object.values(structure.tables[table]!)) {
    const asked = new Map<string, number[]>()
    for (const { wave, items } of waves) {
      const found = items.map((id) => structure.items.find((item) => item.id === id)!)
      expect(found.filter(({ reverse }) => reverse).length).toBeLessThanOrEqual(1)
      expect(found[0]!.reverse).toBe(false)
      for (const { element } of found) asked.set(element, [...(asked.get(element) ?? []), wave])
      used.push(...items)
    }
    expect([...asked.keys()].sort()).toEqual(ids(elements))
    for (const waves of asked.values()) {
      expect(waves).toHaveLength(2)
      expect(waves[1]! - waves[0]!).toBeGreaterThanOrEqual(2)
    }
  }
  // Two cycles use four different statements for each element.
  expect(new Set(used).size).toBe(44)
})

test.each([
  ['biweekly', 4],
  ['weekly', 3],
])('%s: every wave has %i statements, the focus slot counted', (table, count) => {
  const sizes = Object.values(structure.tables[table]!).flatMap((waves) =>
    waves.map(({ items, focusSlot }) => items.length + Number(focusSlot)),
  )
  expect(new Set(sizes)).toEqual(new Set([count]))
})

test.each(languages)('%s: every id has its text, and no text is left over', (language) => {
  const texts = read<Record<string, Texts>>(`locales/${language}/pulse-content.json`)
  expect(Object.keys(texts.items!).sort()).toEqual(ids(structure.items))
  expect(Object.keys(texts.elements!).sort()).toEqual(ids(elements))
  expect(Object.keys(texts.freeText!).sort()).toEqual(ids(structure.freeText))
  expect(Object.keys(texts.bands!).sort()).toEqual(ids(structure.bands))
  expect([...flat(texts).keys()].sort()).toEqual([...english.keys()].sort())
})

test.each(languages)('%s: statements have at most 70 characters, definitions at most 300', (language) => {
  const long = [...flat(read<Texts>(`locales/${language}/pulse-content.json`))].filter(
    ([key, text]) =>
      !text.trim() ||
      (key.startsWith('items.') && text.length > 70) ||
      (key.endsWith('.definition') && text.length > 300),
  )
  expect(long).toEqual([])
})

test.each(languages)('%s: the placeholders are those of the English text', (language) => {
  for (const [key, text] of flat(read<Texts>(`locales/${language}/pulse-content.json`)))
    expect([key, placeholders(text)]).toEqual([key, placeholders(english.get(key) ?? '')])
})
