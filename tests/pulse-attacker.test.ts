/**
 * The attacker against many invented networks at once: everything that anybody was sent or shown, every export and, after
 * closing, the whole store lie open. People join and leave, some while a wave is open, statements of the network's own
 * are asked, too few answer, or all agree. Two worlds that differ only in who answered what must look the same.
 * ATTACKED says how many networks there are.
 */
import { createHash, createHmac } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { WaveDoc } from '../src/pulse/model.ts'
import { life, peopleOf, type Life } from './support/lives.ts'
import { openPulseRoom, type PulseRoom, type Sheet } from './support/pulse-room.ts'

const NETWORKS = Number(process.env.ATTACKED ?? 60)
const WAVES = 3
const PATIENCE = 300_000 + NETWORKS * 3000

type World = (members: number[], sheets: Sheet[]) => [number, Sheet][]

/** In this world the first answer, and everybody says everything. */
const plainly: World = (members, sheets) => sheets.map((one, index) => [members[index] ?? 0, one])
/** In this one the last do, in another order; and what cannot come out is not said at all. */
const otherwise: World = (members, sheets) => {
  if (sheets.length < 5) return []
  const isTooFew = (index: number): boolean => sheets.filter(({ scores }) => scores[index]).length < 5
  const said = sheets.map((one) => ({
    ...one,
    scores: one.scores.map((score, index) => (isTooFew(index) ? 0 : score)),
  }))
  return plainly(members.toReversed(), said).toReversed()
}

/** All that can be known of a network in the end. */
interface Lived {
  seen: string[]
  store: Record<string, string[]>
  waves: WaveDoc[]
}

const OWN = { text_de: 'Unsere Treffen beginnen pünktlich.', text_en: 'Our meetings start on time.' }
const DAY = { hours: 24 }

/** One wave of one network, up to its closing. Returns its id, if there was one. */
async function open(room: PulseRoom, id: string, members: number[], turn: Life['turns'][0], world: World) {
  room.setMembers(id, members)
  await room.occur(id, 'pulse')
  const wave = (await room.openWave(id))?._id
  if (!wave) return undefined
  const staying = turn.quits ? members.slice(0, -1) : members
  if (turn.quits) {
    // Whoever leaves takes the answers along: in one of the worlds there were some.
    const quitter = members.at(-1) ?? 0
    if (world === plainly)
      await room.answer(id, quitter, wave, { scores: [1, 5, 1, 5, 1], text: 'Kanarienvogel' })
    await room.leave(id, quitter)
  }
  for (const [member, sheet] of world(staying, turn.sheets.slice(0, staying.length))) {
    if (world === otherwise)
      await room.answer(id, member, wave, { scores: [3, 3, 3, 3, 3], text: sheet.text })
    await room.answer(id, member, wave, sheet)
  }
  return wave
}

/** Lets all networks live through their waves, side by side. */
async function live(lives: Life[], world: World): Promise<Lived[]> {
  const room = await openPulseRoom()
  try {
    const people = lives.map(peopleOf)
    for (const [index] of lives.entries()) {
      room.setMembers(`n${index}`, people[index]?.[0] ?? [])
      if (index % 2 === 0) await room.act(`n${index}`, 0, 'pulse.own-save', { place: 0 }, OWN)
    }
    for (let n = 0; n < WAVES; n++) {
      const waves = new Map<string, string>()
      for (const [index, { turns }] of lives.entries()) {
        const turn = turns[n]
        const wave = turn && (await open(room, `n${index}`, people[index]?.[n] ?? [], turn, world))
        if (wave) waves.set(`n${index}`, wave)
      }
      await room.pass({ hours: 24 * 3 })
      for (const [id, wave] of waves) await room.occur(id, 'pulse-remind', wave)
      await room.pass({ hours: 24 * 3 })
      for (const [id, wave] of waves) await room.occur(id, 'pulse-close', wave)
      await room.pass(DAY)
      for (const [id, wave] of waves) {
        await room.occur(id, 'pulse-remarks', wave)
        for (const who of [0, 2]) room.see(id, await room.ask(id, who))
        await room.decide(id, wave)
        room.see(id, await room.act(id, 0, 'pulse.export', { format: 'json' }))
      }
      await room.pass({ hours: 24 * 7 })
    }
    const dump = await room.dump()
    return lives.map((_, index) => livedOf(`n${index}`, room, dump))
  } finally {
    await room.close()
  }
}

function livedOf(id: string, room: PulseRoom, dump: Awaited<ReturnType<PulseRoom['dump']>>): Lived {
  const isOf = (doc: Record<string, unknown>): boolean =>
    [doc._id, doc.network, doc.wave].some((value) => String(value).split('|')[0] === id)
  const store = Object.entries(dump).map(([name, docs]) => {
    // Nobody can make a remark's id again.
    const known = docs.filter(isOf).map((doc) => (name === 'pulse_remarks' ? { ...doc, _id: '' } : doc))
    return [name, known.map((doc) => JSON.stringify(doc)).toSorted()] as const
  })
  return {
    seen: room.seen(id),
    store: Object.fromEntries(store),
    waves: (dump.pulse_waves?.filter(isOf) ?? []) as unknown as WaveDoc[],
  }
}

let lives: Life[]
let here: Lived[]
beforeAll(async () => {
  lives = fc.sample(life(WAVES), NETWORKS)
  here = await live(lives, plainly)
}, PATIENCE)

test(
  'whoever answers, in whatever order and at whichever try, everything looks the same',
  async () => {
    const there = await live(lives, otherwise)
    for (const [index, lived] of here.entries()) {
      expect(lived.seen).toEqual(there[index]?.seen)
      expect(lived.store).toEqual(there[index]?.store)
    }
  },
  PATIENCE,
)

test('the attacker is not blind: there were results, withheld ones, numbers and statements of the networks’ own', () => {
  const items = here.flatMap(({ waves }) => waves.flatMap(({ result }) => result?.items ?? []))
  expect(items.filter(({ band }) => !band).length).toBeGreaterThan(0)
  expect(items.filter(({ mean }) => mean !== undefined).length).toBeGreaterThan(0)
  expect(items.filter(({ spread }) => spread).length).toBeGreaterThan(0)
  expect(items.filter(({ item, band }) => item.startsWith('own-') && band).length).toBeGreaterThan(0)
})

test('of a closed wave nothing is kept but its rules and its result', () => {
  const rules = [
    '_id',
    'network',
    'turn',
    'table',
    'cycle',
    'index',
    'state',
    'items',
    'own',
    'focus',
    'freeText',
  ]
  const frozen = ['minimum', 'invited', 'cohort', 'languages', 'closesAt']
  const result = ['result', 'half', 'seconds', 'step']
  for (const { waves, store } of here) {
    for (const wave of waves) {
      expect([...rules, ...frozen, ...result]).toEqual(expect.arrayContaining(Object.keys(wave)))
      for (const item of wave.result?.items ?? [])
        expect(['item', 'band', 'spread', 'mean']).toEqual(expect.arrayContaining(Object.keys(item)))
    }
    expect(store.pulse_sheets).toEqual([])
    // All that lies there of one wave carries the same time, and nothing else does.
    const times = new Set(JSON.stringify(store).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g))
    expect(times.size).toBeLessThanOrEqual(2 * WAVES + waves.length)
  }
})

test('no fingerprint in the store can be made again from who is known to be there', () => {
  for (const { store, waves } of here) {
    const kept = new Set(JSON.stringify(store).match(/[\w-]{40,}/g))
    const keys = ['', ...waves.flatMap(({ _id, network, cohort }) => [_id, network, cohort ?? ''])]
    for (let number = 0; number < 60; number++) {
      for (const key of keys) {
        const words = [`m${number}`, `${key}|m${number}`, `${key}m${number}`]
        const made = words.flatMap((word) => [
          createHash('sha256').update(word).digest('base64url'),
          createHmac('sha256', key).update(word).digest('base64url'),
        ])
        for (const one of made) expect(kept.has(one)).toBe(false)
      }
    }
  }
})
