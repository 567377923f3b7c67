/** Invented networks and what happens to them around each wave, for the tests that play the attacker. */
import fc from 'fast-check'
import type { Sheet } from './pulse-room.ts'

/** Statements a wave has at most. */
export const MOST_STATEMENTS = 5
const LARGEST = 40

/** What happens to a network around one wave. */
export interface Turn {
  join: number
  leave: number
  /** One more leaves while the wave is open, after answering. */
  quits: boolean
  sheets: Sheet[]
}
export interface Life {
  size: number
  turns: Turn[]
}

// In many waves most people agree.
const sheet = (base: number): fc.Arbitrary<Sheet> =>
  fc.record(
    {
      scores: fc.array(
        fc.oneof(
          { arbitrary: fc.constant(base), weight: 2 },
          { arbitrary: fc.integer({ min: 0, max: 5 }), weight: 3 },
        ),
        { minLength: MOST_STATEMENTS, maxLength: MOST_STATEMENTS },
      ),
      text: fc.constantFrom('Mehr Zeit', 'Kürzere Sitzungen', 'Danke'),
    },
    { requiredKeys: ['scores'] },
  )

const turn: fc.Arbitrary<Turn> = fc.integer({ min: 1, max: 5 }).chain((base) =>
  fc.record({
    join: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 7 })),
    leave: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 })),
    quits: fc.oneof(fc.constant(false), fc.boolean()),
    sheets: fc.oneof(
      fc.array(sheet(base), { maxLength: 6 }),
      fc.array(sheet(base), { minLength: 4, maxLength: 14 }),
      fc.array(sheet(base), { maxLength: LARGEST, size: 'max' }),
    ),
  }),
)

/** @param turns waves the network lives through */
export const life = (turns: number): fc.Arbitrary<Life> =>
  fc.record({
    // Most networks are small.
    size: fc.oneof(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: LARGEST })),
    turns: fc.array(turn, { minLength: turns, maxLength: turns }),
  })

/** Who is there when each wave opens, by numbers that are given once. The first two coordinate and stay. */
export function peopleOf({ size, turns }: Life): number[][] {
  let next = size
  let here = Array.from({ length: size }, (_, number) => number)
  return turns.map(({ join, leave, quits }) => {
    const now = here
    const joining = Array.from({ length: join }, () => next++)
    const staying = quits ? now.slice(0, -1) : now
    here = [...staying.slice(0, Math.max(3, staying.length - leave)), ...joining].slice(0, LARGEST)
    return now
  })
}
