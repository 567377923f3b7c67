// Widths of DejaVu Sans in parts of the font size, a little generous: a line that breaks early is better than one cut off.
const NARROW = /[iljtfrI.,:;'|!()[\]/ -]/
const WIDE = /[mwMW@%—…]/
const CAPITAL = /\p{Lu}/u
// Chinese, Japanese, Korean.
const SQUARE = /[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFF60]/
const BOLD = 1.1

/**
 * About how wide a text is.
 * @param size of the font, in pixels
 */
export function widthOf(text: string, size: number, isBold = false): number {
  const parts = [...text].map((letter) => {
    if (SQUARE.test(letter)) return 1.02
    if (NARROW.test(letter)) return 0.38
    if (WIDE.test(letter)) return 0.98
    return CAPITAL.test(letter) ? 0.74 : 0.63
  })
  return parts.reduce((sum, part) => sum + part, 0) * size * (isBold ? BOLD : 1)
}

/**
 * Breaks a text between words, so that each line fits; a word that is too long is broken where it must be.
 * @param width and size in pixels
 * @param most how many lines there may be; what does not fit is cut with an ellipsis
 */
export function linesOf(text: string, width: number, size: number, most: number, isBold = false): string[] {
  // A word that has the whole width to itself fits, whatever the last decimal says.
  const fits = (line: string): boolean => widthOf(line, size, isBold) <= width + 0.01
  const lines: string[] = []
  let line = ''
  for (const word of printable(text)
    .split(' ')
    .flatMap((one) => pieces(one, fits))) {
    const longer = line ? `${line} ${word}` : word
    if (fits(longer)) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  const all = [...lines, line].filter(Boolean)
  if (all.length <= most) return all
  const last = [...(all[most - 1] ?? '')]
  while (last.length > 0 && !fits(`${last.join('')}…`)) last.pop()
  return [...all.slice(0, most - 1), `${last.join('').trimEnd()}…`]
}

function pieces(word: string, fits: (line: string) => boolean): string[] {
  const found: string[] = []
  let piece = ''
  for (const letter of word) {
    if (piece && !fits(piece + letter)) {
      found.push(piece)
      piece = ''
    }
    piece += letter
  }
  return [...found, piece]
}

/** What no picture can hold: control characters, halves of characters, runs of spaces. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF\s]+/gu, ' ').trim()
