import type { Texts, Translator } from '../i18n/texts.ts'

/** A command found in what was typed: its feature, its name, and what stands after its words. */
export interface Found {
  feature: string
  name: string
  rest: string
}

interface Named {
  feature: string
  name: string
}

/**
 * Finds the command a person typed, in any of the languages: the longest words that fit, whatever the case.
 * @param typed for example `kontakt Jugendhilfe`
 */
export function findCommand(typed: string, commands: Named[], languages: Translator[]): Found | undefined {
  const text = typed.trim().replace(/\s+/g, ' ')
  const lower = text.toLowerCase()
  let best: (Found & { length: number }) | undefined
  for (const { feature, name } of commands) {
    for (const words of languages.flatMap((t) => wordsOf(t, feature, name))) {
      if (!startsWith(lower, words) || words.length <= (best?.length ?? 0)) continue
      best = { feature, name, rest: text.slice(words.length).replace(/^[\s:?!.]+/, ''), length: words.length }
    }
  }
  return best && { feature: best.feature, name: best.name, rest: best.rest }
}

/** The words of a command in one language, lower-case; the first is the one that `help` shows. */
export const wordsOf = (t: Translator, feature: string, name: string): string[] =>
  t
    .plain(`${feature}:commands.${name}.words`)
    .split(',')
    .map((words) => words.trim().toLowerCase())

/** The languages a network's people may type in, English always among them. */
export const languagesOf = (texts: Texts, languages: string[]): Translator[] => [
  ...new Set([...languages, 'en'].map((language) => texts.in(language))),
]

const startsWith = (text: string, words: string): boolean =>
  text.startsWith(words) && (text.length === words.length || /[\s:?!.]/.test(text[words.length] ?? ''))
