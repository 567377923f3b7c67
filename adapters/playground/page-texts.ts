import { readFile } from 'node:fs/promises'
import type { Texts } from '../../src/i18n/texts.ts'
import type { WireTexts } from './wire.ts'

const FALLBACK = 'en'

/** The page's own texts, in the shipped language that comes nearest to the wanted one. */
export async function pageTexts(texts: Texts, wanted: string): Promise<WireTexts> {
  const { language } = texts.in(wanted)
  const codes = [...new Set([language, FALLBACK])]
  return {
    language,
    locale: texts.languages.find(({ code }) => code === language)?.locale ?? language,
    languages: texts.languages.map(({ code, name }) => ({ code, name })),
    texts: Object.fromEntries(
      await Promise.all(codes.map(async (code) => [code, await read(code)] as const)),
    ),
  }
}

async function read(language: string): Promise<Record<string, unknown>> {
  const file = new URL(`../../locales/${language}/playground.json`, import.meta.url)
  // A language may be shipped before the page speaks it: English stands in.
  const text = await readFile(file, 'utf8').catch(() => '{}')
  return JSON.parse(text) as Record<string, unknown>
}
