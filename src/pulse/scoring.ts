import { content, elements, isOwn, itemOf, type Band } from './content.ts'

/** Whether most agree or opinions differ widely; nothing is said of what lies between. */
export type Spread = 'close' | 'wide'

/** What is released of one statement or one element. Without a band too few answered. */
export interface Released {
  band?: string
  spread?: Spread
  /** Mean on the scale from 1 to 5, one decimal. */
  mean?: number
}

/** What is released of a wave: this, and nothing else, is stored of its answers. */
export interface Result {
  items: (Released & { item: string })[]
}

/** What a member ticked, by item: 1 to 5, 0 for "cannot say". */
export type Scores = Record<string, number>

/** An answer sheet as the tally sees it. */
export interface Answers {
  scores: Scores
  text?: string
}

/** The cut-offs of the spread are our choice: the standard deviation of a 1-to-5 answer is at most 2. */
export const CLOSE = 0.8
export const WIDE = 1.2
/** How near to an end of the scale a mean says too much about everybody: half a point, our choice too. */
const END = 0.5
/**
 * How many must have answered otherwise than most. Below that all count as alike, since somebody who stands apart alone
 * would learn everybody else's answer. The smallest number that the enumeration in the test lets pass.
 */
const FEWEST_OTHERS = 3

const { bands, anonymity } = content
const rankOf = (band: string): number => bands.findIndex(({ id }) => id === band)

function bandAt(rank: number): Band {
  const band = bands[rank]
  if (!band) throw new Error(`no band ${rank}`)
  return band
}

/**
 * What a wave releases, after it has closed.
 *
 * Why it cannot be turned against anybody: below the minimum nothing depends on the answers. Where (nearly) all agree,
 * or the mean lies at an end, there is a band and nothing more; that looks the same as a spread between close and wide.
 * Numbers come for all statements of a wave or for none, so that a missing number points to no statement.
 * @param bandsOnly statements of which nothing but the band may be told (see cohort.ts); they count for no others
 */
export function resultOf(
  items: string[],
  sheets: Answers[],
  bandsOnly: ReadonlySet<string> = new Set(),
): Result {
  const tallies = items.map((item) => tally(item, sheets))
  const free = tallies.filter(({ item }) => !bandsOnly.has(item))
  const withNumbers = free.every(({ answers, tells }) => answers >= anonymity.minAnswersNumbers && tells)
  return {
    items: tallies.map(({ item, answers, mean, spread, tells }) => ({
      item,
      ...(answers >= anonymity.minAnswers && {
        band: bandOf(mean),
        ...(!bandsOnly.has(item) && { ...(tells && spread && { spread }), ...(withNumbers && { mean }) }),
      }),
    })),
  }
}

/** Whether enough people have answered for coordinators to read what was written. */
export const mayShowRemarks = (sheets: Answers[]): boolean =>
  answeredOf(sheets) >= anonymity.minAnswersFreeText

/**
 * Whether at least half of the invited have answered. False below the minimum, however few are invited: there nothing
 * may depend on who has answered.
 */
export function hasHalf(invited: number, sheets: Answers[]): boolean {
  const answered = answeredOf(sheets)
  return answered >= anonymity.minAnswers && answered * 2 >= invited
}

const answeredOf = (sheets: Answers[]): number =>
  sheets.filter(({ scores, text }) => text !== undefined || Object.keys(scores).length > 0).length

/** Whether a result shows anything. */
export const isShown = ({ items }: Result): boolean => items.some(({ band }) => band !== undefined)

/** @param mean on the scale from 1 to 5, already rounded to one decimal */
export const bandOf = (mean: number): string => bandAt(bands.findIndex(({ to }) => mean <= to)).id

/**
 * The one to talk about: the lowest band, then the widest spread, then the lower number. Never a network's own
 * statement: there is no element to strengthen behind it.
 */
export function topicOf({ items }: Result): (Released & { item: string; band: string }) | undefined {
  const order = ({ band, spread, mean }: Released): number[] => [
    rankOf(band ?? ''),
    spread === 'wide' ? 0 : spread === 'close' ? 2 : 1,
    mean ?? 0,
  ]
  return items
    .flatMap((item) => (item.band && !isOwn(item.item) ? [{ ...item, band: item.band }] : []))
    .toSorted((a, b) => compare(order(a), order(b)))[0]
}

/** What the waves of a cycle released of an element's statements; focus items do not count. */
export function partsOf(element: string, waves: { focus?: string; result?: Result }[]): Released[] {
  const released = waves.flatMap(
    ({ focus, result }) => result?.items.filter(({ item }) => item !== focus) ?? [],
  )
  return released.filter(({ item, band }) => band && itemOf(item).element === element)
}

/**
 * What a whole cycle says of each element: from what its two statements released, so that it tells nothing new about
 * anybody. With numbers the mean of both; else the more careful of two neighbouring bands, the middle of distant ones.
 * Elements of which one statement was withheld are left out.
 * @param waves the released waves of one cycle
 */
export function elementsOf(
  waves: { focus?: string; result?: Result }[],
): { element: string; band: string; mean?: number }[] {
  return elements.flatMap(({ id }) => {
    const both = partsOf(id, waves)
    if (both.length < 2) return []
    const means = both.flatMap(({ mean }) => mean ?? [])
    if (means.length === both.length) {
      const mean = rounded(sum(means.map((value) => value * 10)) / 10, means.length)
      return [{ element: id, band: bandOf(mean), mean }]
    }
    const rank = Math.floor(sum(both.map(({ band = '' }) => rankOf(band))) / both.length)
    return [{ element: id, band: bandAt(rank).id }]
  })
}

/** A band as dots, of five: `●●○○○`. */
export function dotsOf(band: string): string {
  const { from, to } = bandAt(rankOf(band))
  const full = Math.round((from + to) / 2)
  return '●'.repeat(full) + '○'.repeat(5 - full)
}

function tally(item: string, sheets: Answers[]) {
  const { reverse } = itemOf(item)
  const values = sheets
    .map(({ scores }) => scores[item] ?? 0)
    .filter((value) => value > 0)
    .map((value) => (reverse ? 6 - value : value))
  const answers = values.length
  const mean = rounded(sum(values), answers)
  // In whole numbers, so that a deviation of exactly 0.8 or 1.2 is no matter of luck.
  const square = 100 * (answers * sum(values.map((value) => value ** 2)) - sum(values) ** 2)
  const limit = (deviation: number): number => Math.round((10 * deviation) ** 2) * answers ** 2
  const spread: Spread | undefined =
    square <= limit(CLOSE) ? 'close' : square >= limit(WIDE) ? 'wide' : undefined
  const isAtAnEnd = mean < 1 + END || mean > 5 - END
  const most = Math.max(...[1, 2, 3, 4, 5].map((value) => values.filter((one) => one === value).length))
  return { item, answers, mean, spread, tells: answers - most >= FEWEST_OTHERS && !isAtAnEnd }
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
const rounded = (total: number, count: number): number => Math.round((total * 10) / count) / 10

const compare = (a: number[], b: number[]): number =>
  a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0
