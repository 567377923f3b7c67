import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { dump } from './support/pulse-story.ts'
import { smallNetwork } from './support/small-network.ts'
import { createWorld, words, type World } from './support/world.ts'

// One date of a check-in moved to another day or hour; the rhythm goes on as if nothing had happened.

let world: World
beforeEach(async () => {
  // A Monday; the first rhythm brings a nudge every Tuesday at 09:30 and a pulse every second Wednesday at 10:00.
  world = await createWorld(
    '2026-11-23T08:00:00Z',
    smallNetwork(6).replace('weekend', 'holidays: { country: DE, state: NW }\nweekend'),
  )
  await world.app.tidy()
})
afterEach(() => world.close())

async function move(kind: string, values: { date?: string; time?: string }) {
  const { form, notice } = await world.say('m-1', `verschieben ${kind}`)
  const reply = form ? await world.submit('m-1', form, values) : { notice }
  return {
    form,
    said: words(reply.notice),
    errors: reply.errors,
    again: () => world.submit('m-1', form, values),
  }
}
const nudges = async () =>
  (await dump(world))
    .occurrences!.filter(({ kind }) => kind === 'nudge')
    .map(({ _id, state, reason }) => [String(_id).split('|').at(-1), state, reason].filter(Boolean).join(' '))
const times = () =>
  world.posted
    .filter(({ address }) => address.kind === 'channel')
    .map(
      ({ at, view }) =>
        `${at.toString().slice(0, 16)} ${/nudge/i.test(JSON.stringify(view)) ? 'nudge' : 'other'}`,
    )

test('the form shows where it stands; later or earlier, once, and the rhythm goes on', async () => {
  const { form, said, again } = await move('wochenimpuls', { date: '2026-11-26', time: '14:00' })
  expect(form?.fields.map(({ value }) => value)).toEqual(['2026-11-24', '09:30'])
  expect(form?.intro).toContain('Nur dieser Termin wird verschoben')
  expect(said).toContain('Donnerstag, 26. November um 14:00')
  // Sent off twice, it is moved once.
  expect(words((await again()).notice)).toContain('26. November um 14:00')
  await world.advance({ days: 4 })
  await move('wochenimpuls', { date: '2026-11-30', time: '09:00' })
  await world.advance({ weeks: 2 })
  expect(await nudges()).toEqual([
    '2026-11-26T14:00 done',
    // The nudges' own rule: not two within a few days, however they were moved.
    '2026-11-30T09:00 skipped nudged-recently',
    '2026-12-08T09:30 done',
  ])
  expect(times().filter((one) => one.endsWith('nudge'))).toEqual(
    expect.arrayContaining(['2026-11-26T13:00 nudge', '2026-12-08T08:30 nudge']),
  )
})

test('twice moved it still has its own place; skipped or run late it does not come again', async () => {
  await move('wochenimpuls', { date: '2026-11-30', time: '09:00' })
  await move('wochenimpuls', { date: '2026-11-23', time: '17:00' })
  const list = (await world.say('m-1', 'check-ins')).notice
  expect(words(list)).toContain('Montag, 23. November um 17:00')
  // Nobody was there for ten days: the moved one and its followers are overtaken in their order, never its own place.
  await world.clock.moveTo(world.clock.now().add({ hours: 24 * 9 }))
  await world.advance({ hours: 1 })
  expect(await nudges()).toEqual(['2026-11-23T17:00 skipped overtaken', '2026-12-01T09:30 skipped too-late'])
  await move('wochenimpuls', { date: '2026-12-07', time: '09:00' })
  await world.say('m-1', 'auslassen wochenimpuls')
  await world.advance({ weeks: 2 })
  expect((await nudges()).slice(2)).toEqual(['2026-12-07T09:00 skipped by-hand', '2026-12-15T09:30 done'])
})

describe('says beside the field what cannot be', () => {
  test.each([
    ['in quiet hours', { time: '20:00' }, 'time', 'Zwischen 18:00 und 08:00'],
    ['in the past', { date: '2026-11-20' }, 'date', 'vorbei'],
    ['on a day off', { date: '2026-11-28' }, 'date', 'arbeitet niemand'],
    ['on the next date', { date: '2026-12-01' }, 'date', 'nächste danach'],
    ['at no time', { time: '25:00' }, 'time', '09:30'],
  ])('%s', async (_where, values, field, why) => {
    const { errors } = await move('wochenimpuls', values)
    expect(errors?.[field]).toContain(why)
    expect(await dump(world)).not.toMatchObject({ checkins: [{ movedFrom: expect.anything() }] })
  })

  test('or that it is paused, over, or not for everybody', async () => {
    const { form } = await world.say('m-1', 'verschieben wochenimpuls')
    await world.advance({ days: 2 })
    const late = await world.submit('m-1', form, { date: '2026-11-30' })
    expect(words(late.notice)).toContain('nicht mehr der nächste Termin')
    await world.say('m-1', 'pausieren wochenimpuls')
    expect((await move('wochenimpuls', {})).said).toContain('ruht')
    expect(words((await world.say('m-2', 'verschieben wochenimpuls')).notice)).toContain('Koordination')
  })
})

test('changing the rhythm forgets the move', async () => {
  await move('wochenimpuls', { date: '2026-11-26' })
  const { form } = await world.say('m-1', 'planen wochenimpuls')
  await world.submit('m-1', form, { start: '2026-11-24', weekdays: ['2'] })
  await world.advance({ days: 4 })
  expect(await nudges()).toEqual(['2026-11-24T09:30 done'])
})
