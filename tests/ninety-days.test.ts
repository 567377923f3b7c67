import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Temporal } from 'temporal-polyfill'
import { addressKey } from '../src/kernel/address.ts'
import type { Member, Network, Space } from '../src/networks/types.ts'
import { createWorld, words, type Posted, type World } from './support/world.ts'

// Two invented networks live through ninety days, without anybody pressing anything: the example with Christmas, and one
// with another weekend, other holidays, and languages that Linkpin does not speak yet.

const START = '2026-11-23T06:00:00Z'

const WADI = `
id: wadi
name: Wadi City Network
zone: Asia/Dubai
languages: [ar, en]
quietHours: { from: '16:00', to: '09:00' }
weekend: [5, 6]
holidays: { country: AE }
phase: founding
partners:
  - { id: city, name: City, type: formal, sector: municipality, level: strategic, category: core-member }
  - { id: schools, name: Schools, type: formal, sector: education, level: operational, category: formal-operational }
members:
${['en', 'ar', 'de', 'fr', 'en', 'ar', 'en']
  .map(
    (language, index) => `  - id: m${index}
    name: Member ${index}
    partner: ${index % 2 ? 'schools' : 'city'}
    language: ${language}${index ? '' : '\n    coordinator: true'}
    accounts: [{ slack: T0WADI/U0MEMBER${index} }]`,
  )
  .join('\n')}
spaces:
  - { kind: team, name: team, language: ar, slack: T0WADI/C0TEAM }
`

describe.each([
  { id: 'rheinfurt', file: undefined, daysOff: ['2026-12-25', '2027-01-01'] },
  { id: 'wadi', file: WADI, daysOff: ['2026-12-02', '2027-01-01', '2026-11-27', '2026-11-28'] },
])('ninety days in $id', ({ id, file, daysOff }) => {
  let world: World
  let network: Network
  let members: Member[]
  let spaces: Space[]

  beforeAll(async () => {
    world = await createWorld(START, file)
    network = await world.app.networks.network(id)
    members = await world.app.networks.members(id)
    spaces = await world.app.networks.spaces(id)
    await world.advance({ days: 90 })
  })
  afterAll(() => world.close())

  /** Whom a message reached, and what their days look like. */
  function targetOf({ address }: Posted): { language: string; zone: string; member?: Member; space?: Space } {
    const space = spaces.find((one) => addressKey(one.address) === addressKey(address))
    if (space)
      return {
        language: world.texts.in(space.language, ...network.languages).language,
        zone: network.zone,
        space,
      }
    const member = members.find(({ accounts }) =>
      accounts.some(
        (one) =>
          one.platform === address.platform && one.tenant === address.tenant && one.userId === address.id,
      ),
    )
    if (!member) throw new Error(`nobody lives at ${addressKey(address)}`)
    return {
      language: world.texts.in(member.language, ...network.languages).language,
      zone: member.zone,
      member,
    }
  }

  test('bring every kind of message', () => {
    const inTeams = world.posted.filter((one) => targetOf(one).space?.kind === 'team').length
    const toCoordinators = world.posted.filter((one) => targetOf(one).member?.coordinator).length
    const teams = spaces.filter(({ kind }) => kind === 'team').length
    expect(inTeams).toBeGreaterThan(teams * 12)
    expect(toCoordinators).toBeGreaterThan(2 * 12)
  })

  test('nothing at night, at weekends or on holidays', () => {
    const bad = world.posted.filter((one) => {
      const { zone, member } = targetOf(one)
      const local = one.at.toZonedDateTimeISO(zone)
      const good = member
        ? world.app.networks.nextGoodHourFor(member, network, one.at)
        : world.app.networks.nextGoodHour(network, one.at)
      return Temporal.Instant.compare(good, one.at) !== 0 || local.hour < 6 || local.hour > 20
    })
    expect(bad.map(({ at, view }) => `${at.toString()} ${view.summary}`)).toEqual([])
    const days = world.posted.map(({ at }) => at.toZonedDateTimeISO(network.zone).toPlainDate().toString())
    expect(days.filter((day) => daysOff.includes(day))).toEqual([])
  })

  test('nothing twice', () => {
    const seen = world.posted.map((one) => {
      const day = one.at.toZonedDateTimeISO(network.zone).toPlainDate().toString()
      return `${addressKey(one.address)} ${day} ${one.view.summary}`
    })
    expect(seen.filter((one, index) => seen.indexOf(one) !== index)).toEqual([])
  })

  test('a nudge, or the end of a module, every week in every team channel on its weekday and hour', () => {
    for (const space of spaces.filter(({ kind }) => kind === 'team')) {
      const local = world.posted
        .filter(({ address }) => addressKey(address) === addressKey(space.address))
        .map(({ at }) => at.toZonedDateTimeISO(network.zone))
        .filter((at) => at.dayOfWeek === 2 && at.hour === 9 && at.minute === 30)
      expect([...new Set(local.map((at) => at.toPlainDate().toString()))]).toEqual(workingTuesdays())
    }
  })

  function workingTuesdays(): string[] {
    const first = Temporal.PlainDate.from('2026-11-24')
    return Array.from({ length: 13 }, (_, week) => first.add({ weeks: week }))
      .filter((date) => !world.app.networks.isDayOff(network, date))
      .map(String)
  }

  test('everybody reads their own language', () => {
    const wrong = world.posted.filter((one) => languageOf(words(one.view)) !== targetOf(one).language)
    expect(wrong.map(({ view, address }) => `${addressKey(address)}: ${view.summary}`)).toEqual([])
  })

  test('whoever reads a language that is not shipped is told so', () => {
    const languageAt = (one: Posted): string =>
      targetOf(one).space?.language ?? targetOf(one).member?.language ?? ''
    const untold = world.posted.filter(
      (one) =>
        !world.texts.speaks(languageAt(one)) &&
        !words(one.view).includes(world.texts.nameOf(languageAt(one))),
    )
    expect(untold.map(({ view }) => view.summary)).toEqual([])
  })

  test('care is seen by coordinators only', () => {
    const names = /care\./
    const outside = world.posted.filter(
      (one) => names.test(JSON.stringify(one.view)) && !(targetOf(one).member?.coordinator ?? false),
    )
    expect(outside.map(({ view }) => view.summary)).toEqual([])
  })
})

// Small words that none of the other languages writes in the same way, or only seldom.
const SMALL_WORDS: Record<string, string> = {
  de: 'der|das|und|Sie|Ihr|Ihre|ist|sind|von|zu|für|mit|wir|dies|es|ein|eine|nicht',
  en: 'the|and|you|your|are|to|for|with|this|it|from|not|by|at',
  fr: 'le|la|les|des|du|et|vous|votre|vos|est|sont|pour|avec|nous|une|dans|qui|que|pas',
  nl: 'het|een|en|je|jullie|van|zijn|voor|niet|wat|dit|er|om|tot|bij|naar|ik|geen',
}

/** The shipped language a text is in, by the small words of each. */
function languageOf(text: string): string | undefined {
  const count = (list: string): number => (text.match(new RegExp(`\\b(${list})\\b`, 'gi')) ?? []).length
  return Object.keys(SMALL_WORDS).toSorted(
    (a, b) => count(SMALL_WORDS[b] ?? '') - count(SMALL_WORDS[a] ?? ''),
  )[0]
}
