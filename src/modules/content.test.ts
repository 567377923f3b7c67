import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'

interface Nudge {
  id: string
  week: number
  minutes: number
  format: string
}

interface Module {
  id: string
  number: number
  exerciseMinutes: number
  elements: string[]
  followUpWeeks: number
  pulseElements: string[]
  nudges: Nudge[]
  scenarios?: string[]
}

interface Phases {
  phases: { id: string; order: string[] }[]
  questions: { id: string; element: string; pullForwardIfLow: string }[]
}

interface NudgeText {
  title: string
  prompt: string
  tip: string
  doneWhen: string
}

interface ModuleText {
  title: string
  purpose: string
  exercise: { title: string; steps: Record<string, string> }
  reflection: Record<string, string>
  followUp: string
  safety: Record<string, string>
}

interface Content {
  phases: Record<string, { name: string; summary: string }>
  phaseQuestions: Record<string, { text: string; options: Record<string, string> }>
  modules: Record<string, ModuleText>
  nudges: Record<string, NudgeText>
  scenarios: Record<string, { title: string; text: string; twist1: string; twist2: string }>
}

const root = new URL('../../', import.meta.url)
const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

const catalogue = readJson('src/modules/catalogue.json') as Module[]
const phases = readJson('src/modules/phases.json') as Phases

const file = (language: string) => `locales/${language}/modules-content.json`
const languages = readdirSync(new URL('locales/', root))
  .filter((language) => existsSync(new URL(file(language), root)))
  .sort()
const contents = new Map(languages.map((language) => [language, readJson(file(language)) as Content]))
const content = (language: string): Content => contents.get(language) as Content

const ids = (items: { id: string }[]) => items.map((item) => item.id).sort()
const keys = (texts: object) => Object.keys(texts).sort()

/** Every text with its path, so that two languages can be laid side by side. */
function texts(node: unknown, path = ''): [string, unknown][] {
  if (typeof node !== 'object' || node === null) return [[path, node]]
  return Object.entries(node).flatMap(([key, value]) => texts(value, path === '' ? key : `${path}/${key}`))
}

const placeholders = (text: string) => (text.match(/\{\{[^}]*\}\}/g) ?? []).sort()

test('the catalogue holds eight modules with 47 weekly nudges', () => {
  expect(catalogue.map((module) => module.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  const nudges = catalogue.flatMap((module) => module.nudges)
  expect(nudges).toHaveLength(47)
  expect(new Set(ids(nudges)).size).toBe(47)
  for (const module of catalogue) {
    expect(module.nudges.map((nudge) => nudge.id)).toEqual(
      module.nudges.map((_, index) => `m${module.number}-n${index + 1}`),
    )
    expect(module.nudges.map((nudge) => nudge.week)).toEqual(module.nudges.map((_, index) => index + 1))
    for (const element of module.pulseElements) expect(module.elements).toContain(element)
  }
  for (const nudge of nudges) {
    expect(nudge.minutes).toBeGreaterThanOrEqual(5)
    expect(nudge.minutes).toBeLessThanOrEqual(15)
    expect(['thread', 'poll', 'pairs', 'card', 'live']).toContain(nudge.format)
  }
})

test('only module 6 has scenario cards', () => {
  const withCards = catalogue.filter((module) => module.scenarios !== undefined)
  expect(withCards.map((module) => module.id)).toEqual(['m6-practice'])
})

test('every phase orders all eight modules', () => {
  expect(phases.phases.map((phase) => phase.id)).toEqual([
    'founding',
    'first-steps',
    'deepening',
    'consolidating',
  ])
  for (const phase of phases.phases) expect([...phase.order].sort()).toEqual(ids(catalogue))
})

test('what a question pulls forward is a module or the formalisation ladder', () => {
  expect(phases.questions).toHaveLength(8)
  const known = [...ids(catalogue), 'formalisation-ladder']
  for (const question of phases.questions) expect(known).toContain(question.pullForwardIfLow)
})

test('English and German are there', () => {
  expect(languages).toEqual(expect.arrayContaining(['de', 'en']))
})

test.each(languages)('%s: every id has its texts, and there are no others', (language) => {
  const here = content(language)
  expect(keys(here.modules)).toEqual(ids(catalogue))
  expect(keys(here.nudges)).toEqual(ids(catalogue.flatMap((module) => module.nudges)))
  expect(keys(here.scenarios)).toEqual(catalogue.flatMap((module) => module.scenarios ?? []).sort())
  expect(keys(here.phases)).toEqual(ids(phases.phases))
  expect(keys(here.phaseQuestions)).toEqual(ids(phases.questions))
  for (const question of Object.values(here.phaseQuestions)) {
    expect(Object.keys(question.options)).toEqual(['1', '2', '3', '4'])
  }
})

test.each(languages)('%s: same keys and placeholders as English, no text empty', (language) => {
  const english = new Map(texts(content('en')))
  const here = texts(content(language))
  expect(here.map(([path]) => path).sort()).toEqual([...english.keys()].sort())
  for (const [path, text] of here) {
    expect({ path, text: typeof text === 'string' && text.trim() === text && text !== '' }).toEqual({
      path,
      text: true,
    })
    expect({ path, placeholders: placeholders(String(text)) }).toEqual({
      path,
      placeholders: placeholders(String(english.get(path))),
    })
  }
})

test.each(languages)('%s: nudges and phase options stay short', (language) => {
  const here = content(language)
  const tooLong = [
    ...Object.entries(here.nudges).flatMap(([id, { title, prompt, tip, doneWhen }]) => [
      ...(title.length > 40 ? [`${id} title ${title.length}`] : []),
      ...(prompt.length + tip.length + doneWhen.length > 600 ? [`${id} texts`] : []),
    ]),
    ...Object.entries(here.phaseQuestions).flatMap(([id, { options }]) =>
      Object.entries(options)
        .filter(([, option]) => option.length > 75)
        .map(([value]) => `${id} option ${value}`),
    ),
  ]
  expect(tooLong).toEqual([])
})

test.each(languages)('%s: plain text, without links, code, headings, HTML or single braces', (language) => {
  const odd = texts(content(language)).filter(([, text]) =>
    /https?:|\]\(|`|^#|<[a-z/]|(?<!\{)\{(?!\{)|\$t\(/m.test(String(text)),
  )
  expect(odd).toEqual([])
})
