import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { content } from './content.ts'
import {
  bandOf,
  dotsOf,
  elementsOf,
  mayShowRemarks,
  resultOf,
  topicOf,
  type Answers,
  type Released,
  type Result,
} from './scoring.ts'

const PLAIN = 'pi-trust-1'
const REVERSED = 'pi-trust-3'
const sheets = (values: number[], item = PLAIN): Answers[] =>
  values.map((value) => ({ scores: { [item]: value } }))
const released = (values: number[], item = PLAIN) => resultOf([item], sheets(values, item)).items[0]!
const repeat = (times: number, ...values: number[]): number[] =>
  Array.from({ length: times }, () => values).flat()

describe('the minimum', () => {
  test('four answers release nothing, five do', () => {
    expect(released([1, 2, 3, 4])).toEqual({ item: PLAIN })
    expect(released([1, 2, 3, 4, 4]).band).toBe('needs-attention')
  })

  test('"cannot say" is no answer', () => {
    expect(released([1, 2, 3, 4, 0])).toEqual({ item: PLAIN })
    expect(released([3, 3, 2, 4, 4, 0, 0, 0])).toEqual({ item: PLAIN, band: 'mixed', spread: 'close' })
  })

  test('counts for each statement by itself', () => {
    const five: Answers[] = [1, 2, 3, 4, 5].map((value, index) => ({
      scores: { [PLAIN]: value, ...(index > 0 && { [REVERSED]: value }) },
    }))
    const { items } = resultOf([PLAIN, REVERSED], five)
    expect(items.map(({ band }) => band)).toEqual(['mixed', undefined])
  })

  test('nine answer sheets keep free text back, ten do not', () => {
    expect(mayShowRemarks(sheets(repeat(9, 3)))).toBe(false)
    expect(mayShowRemarks(sheets(repeat(10, 3)))).toBe(true)
    // A sheet nobody has written on is no answer.
    expect(mayShowRemarks([...sheets(repeat(9, 3)), { scores: {} }])).toBe(false)
  })
})

describe('numbers', () => {
  test('come from twelve answers on', () => {
    expect(released([...repeat(8, 3), 2, 2, 5])).not.toHaveProperty('mean')
    expect(released([...repeat(9, 3), 2, 2, 5])).toMatchObject({ mean: 3 })
  })

  test('come for all statements of a wave or for none', () => {
    const uniform = repeat(12, 3)
    const mixed = repeat(6, 2, 4)
    const both = mixed.map((value, index) => ({ scores: { [PLAIN]: value, [REVERSED]: uniform[index]! } }))
    for (const item of resultOf([PLAIN, REVERSED], both).items) expect(item).not.toHaveProperty('mean')
  })

  test('never say that (nearly) all agree, or that the mean lies at an end', () => {
    for (const values of [repeat(12, 3), repeat(12, 3).with(0, 1), repeat(12, 5), [...repeat(9, 5), 4, 4, 4]])
      expect(Object.keys(released(values))).toEqual(['item', 'band'])
  })
})

test('a reversed statement scores six minus the answer', () => {
  expect(released([1, 1, 2, 2, 2], REVERSED).band).toBe('steady')
  expect(released([5, 5, 4, 4, 4], REVERSED).band).toBe('needs-attention')
})

test('the mean is rounded before it is banded', () => {
  expect([2.9, 3.0, 3.6, 3.7].map(bandOf)).toEqual(['needs-attention', 'mixed', 'mixed', 'steady'])
  // 2.95 of twenty.
  expect(released([...repeat(19, 3), 2]).band).toBe('mixed')
})

test('the spread says "most agree", "opinions differ widely", or nothing', () => {
  expect(released([3, 3, 4, 4, 5]).spread).toBe('close')
  expect(released([1, 1, 3, 5, 5]).spread).toBe('wide')
  expect(released([2, 2, 3, 4, 4])).not.toHaveProperty('spread')
})

test('a band is shown as dots', () => {
  expect(content.bands.map(({ id }) => dotsOf(id))).toEqual(['●●○○○', '●●●○○', '●●●●○'])
})

describe('the one thing to talk about', () => {
  const topic = (items: Result['items']) => topicOf({ items })?.item

  test('is the lowest band, then the widest spread', () => {
    expect(
      topic([
        { item: 'pi-trust-1', band: 'mixed', spread: 'wide' },
        { item: 'pi-goals-1', band: 'needs-attention', spread: 'close' },
        { item: 'pi-roles-1', band: 'needs-attention', spread: 'wide' },
      ]),
    ).toBe('pi-roles-1')
  })

  test('is none where all is withheld', () => {
    expect(topic([{ item: 'pi-trust-1' }])).toBeUndefined()
  })
})

describe('a cycle', () => {
  const wave = (focus: string | undefined, ...items: Result['items']) => ({
    focus,
    result: { items },
  })

  test('joins two numbers, and without numbers takes the more careful of two bands', () => {
    const waves = [
      wave(
        undefined,
        { item: 'pi-trust-1', band: 'mixed', mean: 3.4 },
        { item: 'pi-goals-1', band: 'mixed' },
        { item: 'pi-roles-1', band: 'steady' },
        { item: 'pi-empathy-1', band: 'steady' },
      ),
      wave(
        'pi-empathy-5',
        { item: 'pi-trust-3', band: 'steady', mean: 4.1 },
        { item: 'pi-goals-3', band: 'steady', mean: 4.1 },
        { item: 'pi-roles-3', band: 'needs-attention' },
        { item: 'pi-empathy-5', band: 'steady' },
      ),
    ]
    expect(elementsOf(waves)).toEqual([
      { element: 'common-goals', band: 'mixed' },
      { element: 'trust', band: 'steady', mean: 3.8 },
      { element: 'role-clarity', band: 'mixed' },
    ])
  })
})

/** All ways in which `count` people can answer, order aside. */
function* multisets(count: number, from = 1): Generator<number[]> {
  if (count === 0) yield []
  else
    for (let value = from; value <= 5; value++)
      for (const rest of multisets(count - 1, value)) yield [value, ...rest]
}

test.each([5, 6, 7, 9, 11, 12, 13, 14])(
  'whoever sees what %i answers release, and knows one of them, cannot be sure of anybody else',
  (count) => {
    // What is seen and the attacker's own answer, to what anybody else may have answered in a world that fits.
    const others = new Map<string, Set<number>>()
    for (const values of multisets(count)) {
      const seen = JSON.stringify(released(values))
      for (const own of new Set(values)) {
        const key = `${seen} ${own}`
        const rest = values.toSpliced(values.indexOf(own), 1)
        others.set(key, new Set([...(others.get(key) ?? []), ...rest]))
      }
    }
    expect([...others].filter(([, possible]) => possible.size < 2)).toEqual([])
  },
)

/** What a statement releases, reckoned once more: slowly, in fractions of whole numbers, straight from the rules. */
function reckoned(values: number[], reverse: boolean): Released {
  const given = values.filter((value) => value !== 0).map((value) => BigInt(reverse ? 6 - value : value))
  const count = BigInt(given.length)
  if (count < 5n) return {}
  let total = 0n
  for (const value of given) total += value
  // Tenths, halves upwards.
  let tenths = 10n
  while ((2n * tenths + 1n) * count <= 20n * total) tenths += 1n
  const band = tenths <= 29n ? 'needs-attention' : tenths <= 36n ? 'mixed' : 'steady'
  const others = [1n, 2n, 3n, 4n, 5n].map((value) => given.filter((one) => one !== value).length)
  const isHidden = Math.min(...others) < 3 || tenths < 15n || tenths > 45n
  // The mean of squared distances, times count to the third.
  let distances = 0n
  for (const value of given) distances += (count * value - total) ** 2n
  const spread =
    25n * distances <= 16n * count ** 3n ? 'close' : 25n * distances >= 36n * count ** 3n ? 'wide' : undefined
  return {
    band,
    ...(!isHidden && spread && { spread }),
    ...(!isHidden && count >= 12n && { mean: Number(tenths) / 10 }),
  }
}

test('thousands of random waves release what the rules say, reckoned by another hand', () => {
  const sheet = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 2, max: 4 }))
  const wave = fc.array(fc.tuple(sheet, sheet), { maxLength: 40, size: 'max' })
  let numbers = 0
  const property = fc.property(wave, (rows) => {
    const both = [PLAIN, REVERSED].map((item, index) => {
      const values = rows.map((row) => row[index]!)
      return { item, ...reckoned(values, item === REVERSED) } as Released & { item: string }
    })
    const all = both.every(({ mean }) => mean !== undefined)
    if (all) numbers += 1
    const expected = both.map(({ mean, ...rest }) => ({ ...rest, ...(all && { mean }) }))
    const given = rows.map(([plain, reversed]): Answers => ({
      scores: { [PLAIN]: plain, [REVERSED]: reversed },
    }))
    expect(resultOf([PLAIN, REVERSED], given).items).toEqual(expected)
  })
  fc.assert(property, { numRuns: 5000 })
  expect(numbers).toBeGreaterThan(500)
})
