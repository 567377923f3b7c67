import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'

// Every text is in every shipped language, every key that the code names exists, and no text lies unused.

const languages = readdirSync('locales')
const english = keysOf('en')
const used = usedKeys()

test('English and German are shipped', () => {
  expect(languages).toEqual(expect.arrayContaining(['de', 'en']))
})

describe.each(languages)('%s', (language) => {
  test('has every text that English has, and no other', () => {
    // Each language has a list of words to swap of its own.
    const shared = (keys: Map<string, string>) =>
      [...keys.keys()].filter((key) => !key.startsWith('guardrails:swaps.')).sort()
    expect(shared(keysOf(language))).toEqual(shared(english))
  })

  test('has the same parameters in every text', () => {
    const own = keysOf(language)
    const different = [...english].filter(([key, text]) => {
      const translated = own.get(key)
      return translated !== undefined && params(text).join() !== params(translated).join()
    })
    expect(different.map(([key]) => key)).toEqual([])
  })

  test('has no empty text, and nothing that looks like markup of a platform', () => {
    const wrong = [...keysOf(language)].filter(
      ([, text]) => text.trim() === '' || /<[a-z!@#/]|https?:\/\/|\]\(/i.test(text),
    )
    expect(wrong.map(([key]) => key)).toEqual([])
  })
})

test('every key in the code has a text', () => {
  const missing = used.filter(({ pattern }) => ![...english.keys()].some((key) => pattern.test(key)))
  expect(missing.map(({ written, file }) => `${written} (${file})`)).toEqual([])
})

test('every text is used', () => {
  const unused = [...english.keys()].filter((key) => !used.some(({ pattern }) => pattern.test(key)))
  expect(unused).toEqual([])
})

/** `namespace:path.to.key` to text; plural forms count as one key. */
function keysOf(language: string): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') found.set(key.replace(/_(zero|one|two|few|many|other)$/, ''), value)
    else
      for (const [name, inner] of Object.entries(value as object)) walk(inner, key ? `${key}.${name}` : name)
  }
  for (const file of readdirSync(join('locales', language))) {
    if (file === 'language.json') continue
    const namespace = file.replace('.json', '')
    const texts = JSON.parse(readFileSync(join('locales', language, file), 'utf8')) as Record<string, unknown>
    for (const [name, inner] of Object.entries(texts)) walk(inner, `${namespace}:${name}`)
  }
  return found
}

function params(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{-?\s*(\w+)/g)].map((match) => match[1] ?? ''))].sort()
}

/** Keys as the code writes them: whole, or with `${…}` in them, which stands for anything. */
function usedKeys(): { written: string; pattern: RegExp; file: string }[] {
  const files = ['src', 'adapters']
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name))))
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
  const namespaces = readdirSync('locales/en').map((file) => file.replace('.json', ''))
  const key = /(['"`])((?:[a-z-]+|\$\{[^{}]+\}):(?:[\w.-]|\$\{[^{}]+\})+)\1/g
  const comments = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').replace(comments, '').matchAll(key)].flatMap(([, , written = '']) => {
      const namespace = written.split(':')[0] ?? ''
      if (!namespace.startsWith('$') && !namespaces.includes(namespace)) return []
      const literal = written.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      return [{ written, file, pattern: new RegExp(`^${literal.join('.+')}$`) }]
    }),
  )
}
