import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { content, elements } from './content.ts'
import { resultOf, type Answers, type Released } from './scoring.ts'
import { changeOf, halfWidth, trendOf, type Told } from './trend.ts'

// A second opinion, written as simply as possible and from other formulas.

/** Student's t below x, by Simpson's rule over its density. */
function studentBelow(x: number, freedom: number): number {
  const logGamma = (z: number): number => {
    // Stirling's series, after moving up to where it is exact enough.
    let shift = 0
    while (z < 12) shift -= Math.log(z++)
    return shift + (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + 1 / (12 * z) - 1 / (360 * z ** 3)
  }
  const scale = Math.exp(logGamma((freedom + 1) / 2) - logGamma(freedom / 2)) / Math.sqrt(freedom * Math.PI)
  const density = (t: number): number => scale * (1 + t ** 2 / freedom) ** (-(freedom + 1) / 2)
  const steps = 4000
  const width = x / steps
  let sum = density(0) + density(x)
  for (let step = 1; step < steps; step++) sum += density(step * width) * (step % 2 ? 4 : 2)
  return 0.5 + (sum * width) / 3
}

describe('how sure a mean is', () => {
  test.each([
    [5, 1.24],
    [8, 0.84],
    [12, 0.64],
    [20, 0.47],
  ])('with %i answers and a deviation of 1: ± %f', (answers, width) => {
    expect(halfWidth({ answers, deviation: 1 })).toBeCloseTo(width, 2)
  })

  test('every entry of the table is Student’s, and never below', () => {
    for (let freedom = 1; freedom <= 30; freedom++) {
      const answers = freedom + 1
      const quantile = halfWidth({ answers, deviation: Math.sqrt(answers) })
      expect(studentBelow(quantile, freedom)).toBeGreaterThanOrEqual(0.975)
      expect(studentBelow(quantile - 0.0011, freedom)).toBeLessThan(0.975)
    }
  })

  test('two samples of any size and spread: at least Welch’s interval, and never much more', () => {
    const sample = fc.record({
      answers: fc.integer({ min: 5, max: 60 }),
      deviation: fc.double({ min: 0.1, max: 2, noNaN: true }),
    })
    const property = fc.property(sample, sample, (one, other) => {
      const [a, b] = [one, other].map(({ answers, deviation }) => (deviation * deviation) / answers) as [
        number,
        number,
      ]
      const freedom = (a + b) ** 2 / (a ** 2 / (one.answers - 1) + b ** 2 / (other.answers - 1))
      const quantile = halfWidth(one, other) / Math.sqrt(a + b)
      const below = studentBelow(quantile, freedom)
      expect(below).toBeGreaterThanOrEqual(0.975 - 1e-9)
      expect(below).toBeLessThan(0.981)
    })
    fc.assert(property, { numRuns: 1000 })
  })
})

describe('what has changed', () => {
  const both = (mean: number, spread?: 'close' | 'wide'): Released[] => [
    { band: 'mixed', mean, spread },
    { band: 'mixed', mean, spread },
  ]

  test('a difference within the interval is "about the same"', () => {
    expect(changeOf(both(3.4), both(3))).toBe('same')
    expect(changeOf(both(2.8, 'close'), both(3.5, 'close'))).toBe('same')
  })

  test('beyond it, it is clearly higher or lower; the wider opinions lie apart, the more it takes', () => {
    expect(changeOf(both(4, 'close'), both(3, 'close'))).toBe('higher')
    expect(changeOf(both(3, 'close'), both(4, 'close'))).toBe('lower')
    expect(changeOf(both(4, 'wide'), both(3, 'wide'))).toBe('same')
    expect(changeOf(both(4.3, 'wide'), both(2, 'wide'))).toBe('higher')
  })

  test('without numbers nothing else can be said', () => {
    const bands = (band: string): Released[] => [{ band }, { band }]
    expect(changeOf(bands('steady'), bands('needs-attention'))).toBe('same')
    expect(changeOf(both(4), bands('needs-attention'))).toBe('same')
  })

  test('whatever 12 to 40 people answer: never "clear" where their real answers are not', () => {
    const { items } = content
    const pair = items.filter(({ element, reverse }) => element === 'empathy' && !reverse).slice(0, 2)
    const ids = pair.map(({ id }) => id)
    const answers = (least: number, most: number) =>
      fc.array(fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most })), {
        minLength: 12,
        maxLength: 40,
      })
    const cycle = fc.oneof(answers(1, 5), answers(1, 4), answers(2, 5), answers(1, 3), answers(3, 5))
    let clear = 0
    const property = fc.property(cycle, cycle, (now, before) => {
      const [shown, earlier] = [now, before].map((values) => {
        const sheets = values.map(([one, other]): Answers => ({
          scores: { [ids[0]!]: one, [ids[1]!]: other },
        }))
        return resultOf(ids, sheets).items
      })
      if (changeOf(shown!, earlier!) === 'same') return
      clear += 1
      // Naively, in two passes: the mean of everybody's own two answers, as it really was.
      const [a, b] = [now, before].map((values) => {
        const own = values.map(([one, other]) => (one + other) / 2)
        const mean = own.reduce((total, value) => total + value, 0) / own.length
        const square = own.reduce((total, value) => total + (value - mean) ** 2, 0) / (own.length - 1)
        return { mean, square: square / own.length, freedom: own.length - 1 }
      }) as [Stats, Stats]
      const freedom = (a.square + b.square) ** 2 / (a.square ** 2 / a.freedom + b.square ** 2 / b.freedom)
      const t = Math.abs(a.mean - b.mean) / Math.sqrt(a.square + b.square)
      expect(studentBelow(t, freedom)).toBeGreaterThan(0.975)
    })
    fc.assert(property, { numRuns: 2000 })
    expect(clear).toBeGreaterThan(20)
  })
})

interface Stats {
  mean: number
  square: number
  freedom: number
}

describe('a cycle beside the one before', () => {
  const wave = (cohort: string, invited: number, mean: number | undefined, ...items: string[]): Told => ({
    items,
    cohort,
    invited,
    result: {
      items: items.map((item) => ({
        item,
        band: 'steady',
        spread: 'close',
        ...(mean !== undefined && { mean }),
      })),
    },
  })
  const trust = (now: Told[], before: Told[]) =>
    trendOf(now, before).find(({ element }) => element === 'trust')
  const PAIR = ['pi-trust-1', 'pi-trust-2'] as const

  test('shows all elements, and withholds those of which something is missing', () => {
    const lines = trendOf([wave('a', 14, 4, ...PAIR)], [])
    expect(lines.map(({ element }) => element)).toEqual(elements.map(({ id }) => id))
    expect(lines.filter(({ band }) => band)).toEqual([{ element: 'trust', band: 'steady', mean: 4 }])
    expect(trendOf([wave('a', 14, undefined, 'pi-trust-1')], [])).toEqual([])
  })

  test('numbers stand side by side where the same people were asked, or five more or fewer', () => {
    const numbers = {
      element: 'trust',
      band: 'steady',
      mean: 4.4,
      change: 'higher',
      before: { band: 'mixed', mean: 3.4 },
    }
    const now = wave('a', 14, 4.4, ...PAIR)
    expect(trust([now], [wave('a', 14, 3.4, ...PAIR)])).toEqual(numbers)
    expect(trust([now], [wave('b', 19, 3.4, ...PAIR)])).toEqual(numbers)
  })

  test('else there are only bands, and a word', () => {
    const bands = { element: 'trust', band: 'steady', change: 'higher', before: { band: 'mixed' } }
    const now = wave('a', 14, 4.4, ...PAIR)
    for (const [cohort, invited] of [
      ['b', 14],
      ['b', 15],
      ['b', 18],
      ['b', 10],
    ] as const)
      expect(trust([now], [wave(cohort, invited, 3.4, ...PAIR)])).toEqual(bands)
    // One wave of the two is enough.
    const mixed = [wave('a', 14, 3.4, PAIR[0]), wave('b', 13, 3.4, PAIR[1])]
    expect(trust([now], mixed)).toEqual(bands)
    // Somebody left while it was open: nobody knows any more who was in it.
    const unknown = { ...wave('a', 14, 3.4, ...PAIR), cohort: undefined }
    expect(trust([{ ...now, cohort: undefined }], [unknown])).toEqual(bands)
  })
})
