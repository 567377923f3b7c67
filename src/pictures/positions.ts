/** One line of a picture of positions. */
export interface Position {
  label: string
  /** Which of the three columns, from 0; left out where nothing may be shown: then there is a neutral mark. */
  column?: number
  /** Whether opinions lie close together or far apart. */
  spread?: 'close' | 'wide'
  /** A number beside the mark. */
  value?: string
  /** What changed since last time. */
  change?: 'higher' | 'lower' | 'same'
  /** What spread, change and a missing position mean, in words: small letters below the label. */
  notes: string[]
}

/**
 * Where several things lie on three steps, from the least to the most. All texts are plain and in the reader's
 * language; longer ones are broken, and in the end cut.
 */
export interface Positions {
  title: string
  direction: 'ltr' | 'rtl'
  /** Three, from the least to the most. */
  columns: string[]
  rows: Position[]
  /** A line below everything. */
  foot: string
}

/** All that the picture says, for those who do not see it. */
export function altOf({ title, columns, rows, foot }: Positions): string {
  const lines = rows.map(({ label, column, value, notes }) => {
    const said = [column === undefined ? undefined : columns[column], value, ...notes]
    return `${label}: ${said.filter((one) => one !== undefined).join(', ')}`
  })
  return [title, ...lines, foot].map((line) => line.replace(/[.!?]?$/, (end) => end || '.')).join(' ')
}
