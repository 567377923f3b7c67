import type { Translator } from '../i18n/texts.ts'
import type { Text } from '../kernel/errors.ts'

/** Characters a statement may have, so that it is read at a glance on a telephone. */
export const STATEMENT_CHARS = 70

const FEWEST_NAME_LETTERS = 3
// A word of two letters or more, so that "z. B." does not end a sentence; longer abbreviations are in the texts.
const SENTENCES = /[!…。]\s*\p{L}|(?<!\p{L})(\p{L}{2,})\.\s+\p{Lu}/gu

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')

/**
 * What keeps a wording from being a statement everybody can answer with one tap, in words that say what to write
 * instead. It refuses only what is clear: two sentences, a semicolon, "and/or", a question, a name of the network.
 * @param names of members and partners
 */
export function problemOf(
  text: string,
  t: Translator,
  names: { members: string[]; partners: string[] },
): Text | undefined {
  if (text.length > STATEMENT_CHARS)
    return { key: 'pulse-own:errors.tooLong', params: { count: STATEMENT_CHARS } }
  if (/[?？؟]/.test(text)) return { key: 'pulse-own:errors.question' }
  if (isSeveral(text, t)) return { key: 'pulse-own:errors.oneIdea' }
  const name = nameIn(text, names)
  return name === undefined ? undefined : { key: 'pulse-own:errors.name', params: { name } }
}

function isSeveral(text: string, t: Translator): boolean {
  if (text.includes(';')) return true
  const lower = text.toLowerCase()
  if (listOf(t.plain('pulse-own:rules.andOr')).some((words) => lower.includes(words))) return true
  const abbreviations = listOf(t.plain('pulse-own:rules.abbreviations'))
  return [...text.trim().matchAll(SENTENCES)].some(
    ([, word]) => word === undefined || !abbreviations.includes(word.toLowerCase()),
  )
}

const listOf = (words: string): string[] => words.split(',').map((word) => word.trim())

/** The name of a member or a partner that stands in the text as whole words, whatever the case. */
function nameIn(
  text: string,
  { members, partners }: { members: string[]; partners: string[] },
): string | undefined {
  const spoken = ` ${wordsOf(text).join(' ')} `
  const parts = members.flatMap((name) => name.split(/[^\p{L}\p{M}\p{N}]+/u)).filter(isNamePart)
  return [...members, ...partners, ...parts].find((name) => {
    const words = wordsOf(name).join(' ')
    return words.length >= FEWEST_NAME_LETTERS && spoken.includes(` ${words} `)
  })
}

// "van", "der" and the like stand in front of names, and in half of all sentences.
const isNamePart = (part: string): boolean => part !== '' && part[0] !== part[0]?.toLocaleLowerCase()
