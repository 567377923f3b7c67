/**
 * The attacker sees everything: every message in every channel and chat, the log and what is counted, and after a wave
 * the whole store. Two worlds that differ only in who answered what must look the same to them.
 */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Meter } from '../src/delivery/meter.ts'
import { createLogger } from '../src/kernel/logger.ts'
import { dump, scales, startStory } from './support/pulse-story.ts'
import { smallNetwork } from './support/small-network.ts'
import type { World } from './support/world.ts'

/** What one member answers: a score for each of the four statements, and perhaps a few words. */
interface Answer {
  scores: number[]
  text?: string
}

const answer = fc.record(
  {
    scores: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 4, maxLength: 4 }),
    text: fc.constantFrom('Mehr Zeit', 'Kürzere Sitzungen', 'Danke'),
  },
  { requiredKeys: ['scores'] },
)

async function give(world: World, member: string, { scores, text }: Answer): Promise<void> {
  const { form } = await world.say(member, 'pulse')
  const values = Object.fromEntries(scores.map((score, index) => [`score${index}`, String(score)]))
  await world.submit(member, form, { ...values, ...(text && { text }) })
  // The first statement is answered once more with a tap, so that it also stands in the chat for a while.
  const sheet = (await world.inbox(member)).find((view) => scales(view).length > 0)
  const t = world.texts.in((await world.app.networks.member('small', member))?.language)
  const label = t.plain(`pulse-content:scale.${scores[0] === 0 ? 'cannotSay' : scores[0]}`)
  await world.press(member, sheet, label)
}

/** All that can be seen when a wave is over. */
interface Seen {
  messages: string[]
  /** What an operator sees: the log without its times, and what was counted. */
  log: string[]
  store: Record<string, object[]>
}

/** Lets a wave pass in which some members answer, and returns all that can be seen afterwards. */
async function seen(size: number, answers: Map<number, Answer>): Promise<Seen> {
  const log: string[] = []
  const write = (line: string): void => {
    const { time, ...rest } = JSON.parse(line) as Record<string, unknown>
    log.push(JSON.stringify({ ...rest, time: typeof time }))
  }
  const meter: Meter = {
    count: (platform, happening) => log.push(`${platform} ${happening}`),
    late: (platform, seconds) => log.push(`${platform} ${seconds}`),
  }
  const watch = { log: createLogger('debug', { write }), meter }
  const { world } = await startStory(smallNetwork(size), 'm-1', watch)
  try {
    await world.advance({ hours: 28 })
    for (const [index, given] of answers) await give(world, `m-${index + 1}`, given)
    // The wave has closed, and coordinators have been told of remarks.
    await world.advance({ days: 8 })
    const messages = world.posted.map((message) => JSON.stringify(message)).toSorted()
    return { messages, log, store: await stored(world) }
  } finally {
    await world.close()
  }
}

/** The store as it must not depend on who answered. */
async function stored(world: World): Promise<Record<string, object[]>> {
  // The inbox holds fingerprints of the platforms' requests: a random one for each, whatever was asked for.
  return Object.fromEntries(
    Object.entries(await dump(world))
      .filter(([name]) => name !== 'inbox')
      .map(([name, docs]) => [
        name,
        // Where a message stands in the test's own list; and the remarks' ids, which nobody can make again.
        docs.map((doc) => ({ ...doc, ref: '', ...(name === 'pulse_remarks' && { _id: '' }) })),
      ]),
  )
}

const range = (size: number): number[] => Array.from({ length: size }, (_, index) => index)
const inOrder = (members: number[], answers: Answer[]): Map<number, Answer> =>
  new Map(answers.map((one, index) => [members[index] ?? 0, one]))

// Each run lives through two waves of a whole network.
const RUNS = 5
const PATIENCE = 180_000

test(
  'below the minimum everything is as if nobody had answered',
  async () => {
    const few = fc.record({
      order: fc.shuffledSubarray(range(7), { minLength: 7 }),
      answers: fc.array(answer, { minLength: 1, maxLength: 4 }),
    })
    const silence = await seen(7, new Map())
    expect(silence.log.length).toBeGreaterThan(10)
    const property = fc.asyncProperty(few, async ({ order, answers }) => {
      expect(await seen(7, inOrder(order, answers))).toEqual(silence)
    })
    await fc.assert(property, { numRuns: RUNS })
    // The attacker is not blind: one answer more, and there is something to see.
    const five = range(5).map((): Answer => ({ scores: [1, 2, 3, 4] }))
    expect(await seen(7, inOrder(range(5), five))).not.toEqual(silence)
  },
  PATIENCE,
)

test(
  'from the minimum on nothing tells who answered, or who answered what',
  async () => {
    const many = fc.integer({ min: 6, max: 13 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        orders: fc.tuple(
          fc.shuffledSubarray(range(size), { minLength: size }),
          fc.shuffledSubarray(range(size), { minLength: size }),
        ),
        answers: fc.array(answer, { minLength: 5, maxLength: size }),
      }),
    )
    const property = fc.asyncProperty(many, async ({ size, orders, answers }) => {
      const [one, other] = orders
      const here = await seen(size, inOrder(one, answers))
      const there = await seen(size, inOrder(other, answers))
      expect(sorted(here)).toEqual(sorted(there))
    })
    await fc.assert(property, { numRuns: RUNS })
  },
  PATIENCE,
)

/** Remarks lie in the order of their ids, which differ in each world. */
const sorted = ({ messages, log, store }: Seen) => ({
  messages,
  log,
  store: {
    ...store,
    pulse_remarks: store.pulse_remarks?.map((remark) => JSON.stringify(remark)).toSorted(),
  },
})
