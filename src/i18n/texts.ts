import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInstance, type i18n as I18n } from 'i18next'
import type { Temporal } from 'temporal-polyfill'
import type { Text } from '../kernel/errors.ts'
import { escapeMarkdown } from '../views/markdown.ts'

/** One shipped language: what its own speakers call it, and the locale its dates and numbers follow. */
export interface Language {
  code: string
  name: string
  locale: string
  /** What is written after a time of day: " Uhr". */
  afterTime?: string
  /** `proposed` while nobody who grew up with the language has read the translation. */
  translation?: 'proposed'
}

/** Texts, dates and lists in one language. */
export interface Translator {
  /** The shipped language the texts are in, for example `de`. */
  language: string
  /** How the language is written. */
  direction: 'ltr' | 'rtl'
  /**
   * The text of a key such as `goals:review.title`. Parameters are escaped for Markdown, so that what a person wrote
   * can never format, mention or link; `count` chooses the plural form. A parameter that is itself a finished
   * Markdown text goes in as `{{- name}}`.
   * @throws Error where the key does not exist: a missing text is a mistake of ours, not something to show
   */
  t(key: string, params?: Record<string, unknown>): string
  /** The same for plain places (headings, labels, options, facts): parameters stand as they are. */
  plain(key: string, params?: Record<string, unknown>): string
  /** Whether the key exists, for content that may be left out. */
  has(key: string): boolean
  text(text: Text): string
  /** "Tuesday, 24 November at 09:00", local to an IANA zone. */
  dateTime(instant: Temporal.Instant, zone: string): string
  /** "Tuesday, 24 November 2026". */
  date(date: Temporal.PlainDate): string
  /** The name of an ISO weekday, 1 (Monday) to 7. */
  weekday(day: number): string
  /** "police, schools and youth work". */
  list(items: string[]): string
  number(value: number): string
}

export interface Texts {
  languages: Language[]
  /** The translator of the first of the wanted languages that is shipped; English if none is. */
  in(...wanted: (string | undefined)[]): Translator
  /** True where Linkpin speaks the language. `de-AT` counts as `de`. */
  speaks(language: string): boolean
  /** How a language calls itself: "Nederlands", also where it is not shipped. */
  nameOf(language: string): string
  /** True where the language's texts are a proposal that nobody who grew up with it has read yet. */
  isProposed(language: string): boolean
}

const FALLBACK = 'en'
// Scripts, by ISO 15924.
const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm'])
const base = (language: string): string => language.toLowerCase().split(/[-_]/)[0] ?? ''

/**
 * Loads every language of a folder: `locales/<language>/<namespace>.json` and `language.json`.
 * Adding a language is adding a folder.
 * @param folder path of `locales/`
 * @throws Error where a file is not valid JSON or a language lacks its `language.json`
 */
export async function loadTexts(folder: string): Promise<Texts> {
  const codes = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'language.json')))
    .map((entry) => entry.name)
  const read = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8'))
  const resources: Record<string, Record<string, Record<string, unknown>>> = {}
  const languages: Language[] = []
  for (const code of codes) {
    const files = readdirSync(join(folder, code)).filter((name) => name.endsWith('.json'))
    resources[code] = Object.fromEntries(
      files.map((name) => [name.slice(0, -'.json'.length), read(join(folder, code, name))]),
    )
    languages.push({ code, ...(resources[code].language as Omit<Language, 'code'>) })
  }
  const i18n = createInstance()
  await i18n.init({
    resources,
    fallbackLng: FALLBACK,
    supportedLngs: codes,
    initAsync: false,
    returnEmptyString: false,
    interpolation: { escapeValue: true, escape: (value: unknown) => escapeMarkdown(String(value)) },
  })
  const translators = new Map(
    languages.map((language) => [language.code, createTranslator(i18n, language)] as const),
  )
  const shipped = (language: string | undefined): Translator | undefined =>
    language ? translators.get(base(language)) : undefined
  return {
    languages,
    in(...wanted) {
      const found = [...wanted, FALLBACK].map(shipped).find(Boolean)
      if (!found) throw new Error(`no texts in ${folder}`)
      return found
    },
    speaks: (language) => translators.has(base(language)),
    nameOf: (language) =>
      languages.find(({ code }) => code === base(language))?.name ??
      new Intl.DisplayNames([language], { type: 'language' }).of(language) ??
      language,
    isProposed: (language) =>
      languages.find(({ code }) => code === base(language))?.translation === 'proposed',
  }
}

function createTranslator(i18n: I18n, { code, locale, afterTime = '' }: Language): Translator {
  const translate = i18n.getFixedT(code)
  const lookUp = (key: string, params: Record<string, unknown> | undefined, escaped: boolean): string => {
    if (!i18n.exists(key, { lng: code, ...params })) throw new Error(`no text for ${key} in ${code}`)
    return translate(key, { ...params, interpolation: { escapeValue: escaped } })
  }
  const self: Translator = {
    language: code,
    direction: RIGHT_TO_LEFT.has(new Intl.Locale(code).maximize().script ?? '') ? 'rtl' : 'ltr',
    t: (key, params) => lookUp(key, params, true),
    plain: (key, params) => lookUp(key, params, false),
    has: (key) => i18n.exists(key, { lng: code, fallbackLng: [] }),
    text: ({ key, params }) => lookUp(key, params, true),
    dateTime: (instant, zone) =>
      new Intl.DateTimeFormat(locale, {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        hour: '2-digit',
        minute: '2-digit',
        timeZone: zone,
      }).format(instant.epochMilliseconds) + afterTime,
    date: (date) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(
        Date.UTC(date.year, date.month - 1, date.day),
      ),
    // 2024-01-01 was a Monday.
    weekday: (day) =>
      new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day)),
    list: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
    number: (value) => new Intl.NumberFormat(locale).format(value),
  }
  return self
}
