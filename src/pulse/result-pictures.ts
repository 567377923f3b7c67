import type { Translator } from '../i18n/texts.ts'
import type { Positions } from '../pictures/positions.ts'
import { content } from './content.ts'
import type { Released } from './scoring.ts'
import type { Line } from './trend.ts'

/** A line of a result as it is drawn: what it is about, and what was released of it. */
export interface Drawn extends Released {
  title: string
}

// Whatever is drawn was released: these functions see no answers.

/** The picture of one wave: which band each statement lies in, and how far opinions lie apart. */
export function resultPicture(lines: Drawn[], t: Translator): Positions {
  return {
    ...frameOf(t),
    title: t.plain('pulse:result.summary'),
    rows: lines.map(({ title, band, spread, mean }) => ({
      label: title,
      ...positionOf(band, mean, t),
      spread,
      notes: [
        ...(band ? [] : [t.plain('pulse-results:picture.withheld')]),
        ...(spread ? [t.plain(`pulse-content:spread.${spread}`)] : []),
      ],
    })),
    foot: footOf(lines, t),
  }
}

/** The picture of a whole cycle, and what has changed since the one before. */
export function cyclePicture(lines: (Line & { title: string })[], t: Translator): Positions {
  const isCompared = lines.some(({ change }) => change)
  return {
    ...frameOf(t),
    title: t.plain('pulse:result.cycle'),
    rows: lines.map(({ title, band, mean, change }) => ({
      label: title,
      ...positionOf(band, mean, t),
      change,
      notes: [
        ...(band ? [] : [t.plain('pulse-results:picture.withheld')]),
        ...(change ? [t.plain(`pulse-results:change.${change}`)] : []),
      ],
    })),
    foot: [...(isCompared ? [t.plain('pulse-results:picture.change')] : []), footOf(lines, t)].join(' '),
  }
}

const frameOf = (t: Translator): Pick<Positions, 'direction' | 'columns'> => ({
  direction: t.direction,
  columns: content.bands.map(({ id }) => t.plain(`pulse-content:bands.${id}.name`)),
})

function positionOf(band: string | undefined, mean: number | undefined, t: Translator) {
  const column = content.bands.findIndex(({ id }) => id === band)
  return { ...(column >= 0 && { column }), ...(mean !== undefined && { value: t.number(mean) }) }
}

const footOf = (lines: { mean?: number }[], t: Translator): string =>
  [
    t.plain('pulse-results:picture.answers', { answers: t.plain('pulse-content:answers') }),
    ...(lines.some(({ mean }) => mean !== undefined) ? [t.plain('pulse-results:picture.numbers')] : []),
    t.plain('pulse-content:instructions.caution'),
  ].join(' ')
