/** What Teams takes, and what still reads well in it. The only place with such numbers. */
export const limits = {
  /** A message may have about 100 KB; pictures in data URIs are not counted. Some room is left for the envelope. */
  cardBytes: 80_000,
  /** How much of one text (characters) and of one list (options) is shown: the first that makes the card fit. */
  detail: [
    { chars: 8_000, options: 400 },
    { chars: 2_000, options: 150 },
    { chars: 500, options: 60 },
    { chars: 100, options: 20 },
  ] as [Detail, ...Detail[]],
  /** A file may be this many times as long as a text: it is one piece, and useless without its end. */
  fileFactor: 6,
  titleChars: 80,
  labelChars: 500,
  summaryChars: 250,
  /** What Teams shows in one row of buttons; more begin a new row. */
  buttonsPerRow: 6,
  /** Up to here a choice is a row of buttons, above it a list. */
  choiceButtons: 6,
  /** From here on a list can be searched by typing. */
  searchableOptions: 20,
  pictureBytes: 1_000_000,
  /** The pop-up line that answers a press; longer things go to the personal chat. */
  popUpChars: 400,
}

/** How much of one text and of one list is shown. */
export interface Detail {
  chars: number
  options: number
}

/** Cuts plain text visibly, never inside a character. */
export function cut(text: string, chars: number): string {
  if (text.length <= chars) return text
  const end = /[\uD800-\uDBFF]/.test(text.charAt(chars - 2)) ? chars - 2 : chars - 1
  return `${text.slice(0, end)}…`
}
