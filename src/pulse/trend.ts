import { isComparable } from './cohort.ts'
import { content, elements, itemOf } from './content.ts'
import type { WaveDoc } from './model.ts'
import { CLOSE, WIDE, elementsOf, partsOf, type Released, type Spread } from './scoring.ts'

export type Change = 'higher' | 'lower' | 'same'

/** What a whole cycle says of one element, and how that differs from one cycle earlier. Without a band it is withheld. */
export interface Line {
  element: string
  band?: string
  mean?: number
  /** The same, one cycle earlier. */
  before?: { band: string; mean?: number }
  change?: Change
}

/** Answers to one statement: how many, and their standard deviation. */
export interface Sample {
  answers: number
  deviation: number
}

/** A wave as far as cycles are compared. */
export type Told = Pick<WaveDoc, 'items' | 'focus' | 'invited' | 'cohort' | 'result'>

/** How many answers a number rests on at least. How many there were is kept nowhere. */
const FEWEST = content.anonymity.minAnswersNumbers
/** The farthest that all who answered can lie apart, for what is said of the spread; a 1-to-5 answer knows no more than 2. */
const FARTHEST: Record<Spread | 'between', number> = { close: CLOSE, between: WIDE, wide: 2 }
/** Released numbers have one decimal: the difference of two is off by this much at most. */
const ROUNDING = 0.1

// Below it lie 97.5 % of Student's t, for 1, 2, 3 … 30 degrees of freedom.
const QUANTILES = [
  12.707, 4.303, 3.183, 2.777, 2.571, 2.447, 2.365, 2.307, 2.263, 2.229, 2.201, 2.179, 2.161, 2.145, 2.132,
  2.12, 2.11, 2.101, 2.094, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.049, 2.046, 2.043,
]

/**
 * Half the width of the 95 % interval of a mean; of two samples, of the difference of their means (Welch). Between
 * two entries of the table, and beyond its end, it is the wider one.
 */
export function halfWidth(...samples: Sample[]): number {
  const squares = samples.map(({ answers, deviation }) => deviation ** 2 / answers)
  const square = sum(squares)
  if (square === 0) return 0
  const freedom =
    square ** 2 / sum(squares.map((one, index) => one ** 2 / ((samples[index]?.answers ?? 0) - 1)))
  // Rounding errors must not cost a whole degree.
  const index = Math.min(Math.floor(freedom + 1e-9), QUANTILES.length) - 1
  return (QUANTILES[index] ?? Infinity) * Math.sqrt(square)
}

/**
 * Whether an element lies clearly higher or lower than one cycle earlier. It follows from what was released alone: the
 * numbers, and for how sure they are the fewest answers and the widest spread that fit. So it errs on the side of
 * "about the same"; without numbers nothing else can be said.
 * @param now and before: what was released of the element's statements
 */
export function changeOf(now: Released[], before: Released[]): Change {
  const [value, earlier] = [valueOf(now), valueOf(before)]
  if (value === undefined || earlier === undefined) return 'same'
  const difference = value - earlier
  if (Math.abs(difference) <= halfWidth(surest(now), surest(before)) + ROUNDING) return 'same'
  return difference > 0 ? 'higher' : 'lower'
}

/** A cycle, element by element, in the order in which they are shown; empty where nothing was released. */
export function trendOf(now: Told[], before: Told[]): Line[] {
  const [shown, earlier] = [elementsOf(now), elementsOf(before)]
  if (shown.length === 0) return []
  return elements.map(({ id: element }): Line => {
    const line = shown.find((one) => one.element === element)
    const last = earlier.find((one) => one.element === element)
    if (!line || !last) return line ?? { element }
    const change = changeOf(partsOf(element, now), partsOf(element, before))
    const { band } = line
    return mayStandTogether(element, now, before)
      ? { ...line, before: { band: last.band, ...(last.mean !== undefined && { mean: last.mean }) }, change }
      : { element, band, before: { band: last.band }, change }
  })
}

// Numbers side by side could be subtracted: only where nobody, or enough people, came or went in between.
function mayStandTogether(element: string, now: Told[], before: Told[]): boolean {
  const asked = (waves: Told[]): Told[] =>
    waves.filter(({ items, focus }) => items.some((id) => id !== focus && itemOf(id).element === element))
  return asked(now).every((one) => asked(before).every((other) => isComparable(other, one)))
}

const valueOf = (parts: Released[]): number | undefined => {
  const means = parts.flatMap(({ mean }) => mean ?? [])
  return means.length === parts.length ? sum(means) / means.length : undefined
}

// Two statements answered by the same people may go hand in hand: their mean is no surer than one of them.
function surest(parts: Released[]): Sample {
  const farthest = parts.map(({ spread }) => FARTHEST[spread ?? 'between'])
  const deviation = sum(farthest) / farthest.length
  return { answers: FEWEST, deviation: deviation * Math.sqrt(FEWEST / (FEWEST - 1)) }
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
