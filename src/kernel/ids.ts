import { createHash, randomBytes, randomInt } from 'node:crypto'

/** 128 random bits as 22 URL-safe characters: carries no time and no order. */
export const randomId = (): string => randomBytes(16).toString('base64url')

/**
 * An id that follows from its causes: the same parts give the same id, on every replica and after every crash,
 * so that doing a step twice is harmless. Readable on purpose; operators meet it in logs.
 */
export const derivedId = (...parts: string[]): string => parts.join('|')

/** A short fingerprint of a long id, where a platform limits the length (43 URL-safe characters). */
export const fingerprint = (text: string): string => createHash('sha256').update(text).digest('base64url')

// No 0/O, 1/I/L: the code is read aloud over the telephone.
const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** A one-time code such as `K7QM-2XRF` (about 39 random bits). */
export function oneTimeCode(): string {
  const letters = Array.from({ length: 8 }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)])
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}
