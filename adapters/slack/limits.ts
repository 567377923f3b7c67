/** What Slack accepts, in UTF-16 units and counts. The only place where these numbers stand. */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** All texts of one message together; Slack refuses at about 13,200. */
  messageText: 12_500,
  text: 3000,
  heading: 150,
  label: 75,
  context: 2000,
  alt: 2000,
  /** Label and help of an input. */
  field: 2000,
  /** Title and buttons of a modal. */
  modalTitle: 24,
  /** What a notification shows; shorter than Slack's limit, because escaping makes it up to five times as long. */
  summary: 600,
  actionId: 255,
  buttonValue: 2000,
  optionValue: 150,
  metadata: 3000,
  inputText: 3000,
  buttonsInRow: 25,
  options: 100,
  checkboxes: 10,
  /** A request's body, in bytes: far above anything Slack sends us. */
  body: 256 * 1024,
} as const

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Shortens visibly, never inside a character as people see it. A limit of 1 leaves the ellipsis alone. */
export function fit(text: string, limit: number): string {
  if (text.length <= limit) return text
  let end = 0
  for (const { index, segment } of segmenter.segment(text.slice(0, limit + 1))) {
    if (index + segment.length > limit - 1) break
    end = index + segment.length
  }
  return `${text.slice(0, end)}…`
}

/** Takes out what cannot be sent or shown: control characters, and halves of surrogate pairs. */
export const clean = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '').replace(/\p{Surrogate}/gu, '\ufffd')

/** How many characters a message may still show. */
export interface Allowance {
  left: number
  /** The text, cleaned, and shortened to its own limit and to what is left; never empty. */
  take(text: string, limit: number): string
}

/** @param total characters, `Infinity` where only the single limits count */
export function createAllowance(total: number): Allowance {
  const allowance: Allowance = {
    left: total,
    take(text, limit) {
      const shown = fit(clean(text), Math.max(1, Math.min(limit, allowance.left))) || '–'
      allowance.left = Math.max(0, allowance.left - shown.length)
      return shown
    },
  }
  return allowance
}
