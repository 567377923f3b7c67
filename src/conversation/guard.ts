import type { Translator } from '../i18n/texts.ts'

// Linkpin holds no data about persons. What looks like it is not stored; the check may be wrong, so its words are kind.
// Every pattern is bounded, so that any input is looked through in linear time.
const EMAIL = /[^\s@]@[^\s@.]{1,63}\.[^\s@]{2}/
const PHONE = /(?:\+|\b0)\d[\d /().-]{4,20}\d\d/g
const BIRTH =
  /(?:\bborn\b|\bdate of birth|\bgeb\.|\bgeboren|\bgeburtsdatum|\bgeboortedatum|\bnée? le\b|\bdate de naissance).{0,20}\d{1,4}[./-]/i
const FEWEST_PHONE_DIGITS = 7

/**
 * Whether a text seems to hold data about a person: an e-mail address, a telephone number, a date of birth.
 * Source: guardrail `g-no-case-data`.
 */
export function looksPersonal(text: string): boolean {
  if (EMAIL.test(text) || BIRTH.test(text)) return true
  return (text.match(PHONE) ?? []).some((found) => found.replace(/\D/g, '').length >= FEWEST_PHONE_DIGITS)
}

/**
 * A friendlier word for one that could hurt or put a group under suspicion, from the language's own list
 * (`guardrails:swaps`). A hint, never a block.
 */
export function kinderWord(text: string, t: Translator): string | undefined {
  const written = text.toLocaleLowerCase(t.language)
  for (let n = 1; t.has(`guardrails:swaps.${n}.instead`); n++) {
    const instead = t.plain(`guardrails:swaps.${n}.instead`).toLocaleLowerCase(t.language)
    if (beginsAWord(written, instead)) return t.plain(`guardrails:swaps.${n}.say`)
  }
  return undefined
}

/** Its endings differ, but it is not meant where it is a part of another word. */
function beginsAWord(written: string, words: string): boolean {
  for (let at = written.indexOf(words); at >= 0; at = written.indexOf(words, at + 1)) {
    // Two units, because a letter may be a pair of them.
    if (!/[\p{L}\p{N}]$/u.test(written.slice(Math.max(0, at - 2), at))) return true
  }
  return false
}
