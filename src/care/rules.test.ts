import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { categoryOf, contactTypeIds, content } from './content.ts'
import { careStatus, givesTooLittle, hasRoom, needsRest, reasonsAgainst, turnOf } from './rules.ts'
import type { Contact, Standing } from './rules.ts'

const TODAY = Temporal.PlainDate.from('2026-11-23')
const daysAgo = (days: number): string => TODAY.subtract({ days }).toString()
const contact = (type: string, days: number, by: Contact['by'] = 'member'): Contact => ({
  type,
  date: daysAgo(days),
  by,
})
const standing = (category: string, contacts: Contact[], more: Partial<Standing> = {}): Standing => ({
  category: categoryOf(category),
  contacts,
  since: daysAgo(0),
  ...more,
})
const status = (category: string, ...contacts: Contact[]) => careStatus(standing(category, contacts), TODAY)

describe('the status follows from the band of the category', () => {
  test.each([
    [42, 'in-touch'],
    [43, 'due'],
    [56, 'due'],
    [57, 'neglected'],
  ])('%i days after a thank-you: %s', (days, expected) => {
    expect(status('community-organisation', contact('thank', days))).toBe(expected)
  })

  test('nobody was left alone before care was kept', () => {
    const since = (days: number) =>
      careStatus(standing('community-organisation', [], { since: daysAgo(days) }), TODAY)
    expect([since(0), since(50), since(60)]).toEqual(['in-touch', 'due', 'neglected'])
  })

  test('a message of the bot weighs, but nobody is in touch through it', () => {
    const asked = standing('formal-operational', [contact('ask-small', 1, 'bot')], { since: daysAgo(60) })
    expect(careStatus(asked, TODAY)).toBe('neglected')
  })

  test('whoever coordinates is in touch by doing so', () => {
    const own = standing('core-member', [], { since: daysAgo(300), coordinates: true })
    expect(careStatus(own, TODAY)).toBe('in-touch')
  })

  test('one request more than the limit of thirty days', () => {
    expect(status('community-organisation', contact('ask-time', 3))).toBe('in-touch')
    expect(status('community-organisation', contact('ask-time', 3), contact('ask-small', 2))).toBe(
      'over-exposed',
    )
    expect(status('community-organisation', contact('ask-face', 29))).toBe('over-exposed')
    expect(status('community-organisation', contact('ask-face', 30))).toBe('in-touch')
  })

  test('much within months asks for a rest, though no month was too much', () => {
    const asks = [contact('ask-time', 5), contact('ask-time', 60)]
    expect(needsRest(standing('community-organisation', asks), TODAY)).toBe(true)
    expect(status('community-organisation', ...asks)).toBe('over-exposed')
  })

  test('a rest ends on its day', () => {
    const until = (days: number) =>
      careStatus(
        standing('core-member', [], { restUntil: TODAY.add({ days }).toString(), since: daysAgo(0) }),
        TODAY,
      )
    expect([until(1), until(0), until(-1)]).toEqual(['resting', 'in-touch', 'in-touch'])
    expect(status('resting', contact('thank', 300))).toBe('resting')
  })
})

describe('before a request', () => {
  const against = (category: string, type: string, ...contacts: Contact[]) =>
    reasonsAgainst(standing(category, contacts), type, TODAY)

  test('nothing is said where there is room', () => {
    expect(against('formal-operational', 'ask-time')).toEqual([])
    expect(against('formal-operational', 'ask-small', contact('ask-small', 14))).toEqual([])
  })
  test('the limit, the distance, and a second appearance in public', () => {
    expect(against('formal-operational', 'ask-time', contact('ask-time', 20))).toEqual(['asked-a-lot'])
    expect(against('formal-operational', 'ask-small', contact('ask-small', 3))).toEqual(['too-soon'])
    expect(against('community-organisation', 'ask-face', contact('ask-face', 200))).toEqual([
      'big',
      'visible-again',
    ])
    expect(against('key-person', 'ask-time')).toEqual(['big'])
  })
  test('the bot keeps no distance from itself', () => {
    expect(against('formal-operational', 'ask-small', contact('ask-small', 3, 'bot'))).toEqual([])
  })
  test('newly met partners are not asked at all, resting ones wait', () => {
    expect(against('newly-met', 'ask-small')).toEqual(['newly-met'])
    expect(
      reasonsAgainst(standing('core-member', [], { restUntil: '2026-12-01' }), 'ask-small', TODAY),
    ).toEqual(['resting'])
  })
  test('giving is counted against asking over half a year', () => {
    const balance = (...contacts: Contact[]) => givesTooLittle(standing('key-person', contacts), TODAY)
    expect(balance()).toBe(false)
    expect(balance(contact('ask-small', 10), contact('thank', 9), contact('presence', 3))).toBe(true)
    expect(balance(contact('ask-small', 10), ...[1, 2, 3].map((days) => contact('thank', days)))).toBe(false)
    expect(balance(contact('ask-small', 10), ...[181, 2, 3].map((days) => contact('thank', days)))).toBe(true)
  })
})

const contacts = fc.array(
  fc.record({
    type: fc.constantFrom(...contactTypeIds),
    date: fc.integer({ min: 0, max: 364 }).map(daysAgo),
    by: fc.constantFrom('bot' as const, 'member' as const),
  }),
  { maxLength: 12 },
)
const anyone: fc.Arbitrary<Standing> = fc.record(
  {
    category: fc.constantFrom(...content.categories),
    contacts,
    since: fc.integer({ min: 0, max: 364 }).map(daysAgo),
    restUntil: fc.integer({ min: -60, max: 60 }).map(daysAgo),
  },
  { requiredKeys: ['category', 'contacts', 'since'] },
)
const plus = (one: Standing, ...more: Contact[]): Standing => ({
  ...one,
  contacts: [...one.contacts, ...more],
})
const asks = content.contactTypes.filter(({ weight }) => weight > 0).map(({ id }) => id)
const gives = content.contactTypes.filter(({ weight }) => weight === 0).map(({ id }) => id)

describe('whatever happened', () => {
  test('asking more never makes a partner less exposed', () => {
    fc.assert(
      fc.property(anyone, fc.constantFrom(...asks), fc.integer({ min: 0, max: 364 }), (one, type, days) => {
        const before = careStatus(one, TODAY)
        const after = careStatus(plus(one, contact(type, days)), TODAY)
        if (before === 'over-exposed' || before === 'resting') expect(after).toBe(before)
      }),
    )
  })
  test('a give today ends being left alone, and adds to no burden', () => {
    fc.assert(
      fc.property(anyone, fc.constantFrom(...gives), (one, type) => {
        const before = careStatus(one, TODAY)
        const calm = before === 'over-exposed' || before === 'resting' ? before : 'in-touch'
        expect(careStatus(plus(one, contact(type, 0)), TODAY)).toBe(calm)
      }),
    )
  })
  test('days without contact only ever lead from in touch to due to neglected', () => {
    const order = ['resting', 'over-exposed', 'in-touch', 'due', 'neglected']
    fc.assert(
      fc.property(anyone, fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), (one, a, b) => {
        const at = (days: number): number => order.indexOf(careStatus(one, TODAY.add({ days })))
        if (at(Math.min(a, b)) >= 2) expect(at(Math.max(a, b))).toBeGreaterThanOrEqual(at(Math.min(a, b)))
      }),
    )
  })
  test('what has room for much has room for less, and the order of contacts does not matter', () => {
    fc.assert(
      fc.property(anyone, (one) => {
        const room = ['ask-small', 'ask-time', 'ask-face'].map((type) => hasRoom(one, type, TODAY))
        expect(room.toSorted((a, b) => Number(b) - Number(a))).toEqual(room)
        const turned = { ...one, contacts: one.contacts.toReversed() }
        expect(careStatus(turned, TODAY)).toBe(careStatus(one, TODAY))
      }),
    )
  })
  test('the bot never makes anybody over-exposed', () => {
    fc.assert(
      fc.property(anyone, fc.constantFrom(...asks), (one, type) => {
        if (!hasRoom(one, type, TODAY)) return
        const after = careStatus(plus(one, contact(type, 0, 'bot')), TODAY)
        expect(['over-exposed', 'resting']).not.toContain(after)
      }),
    )
  })
  test('turns go round', () => {
    expect([0, 1, 2, 3, -1].map((turn) => turnOf(['a', 'b', 'c'], turn))).toEqual(['a', 'b', 'c', 'a', 'c'])
  })
})
