import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Reply } from '../src/conversation/port.ts'
import type { Account } from '../src/kernel/address.ts'
import type { NetworksRoom } from '../src/networks/networks.ts'
import {
  SMALL,
  channel,
  codeIn,
  createNetworksWorld,
  ines,
  mehmet,
  stranger,
  words,
  type NetworksWorld,
} from './support/networks-world.ts'

const example = readFileSync('examples/rheinfurt.yaml', 'utf8')
const aylin: Account = { platform: 'slack', tenant: 'T0RATHAUS', userId: 'U0AYLIN' }

let world: NetworksWorld
let networks: NetworksRoom
beforeEach(async () => {
  world = await createNetworksWorld()
  networks = world.networks
})
afterEach(() => world.store.close())

describe('joining', () => {
  beforeEach(() => networks.importFile(SMALL))
  const newCode = async (): Promise<string> =>
    codeIn(
      await world.submit(ines, 'networks.send-invite', {
        name: 'Nina *Berg*',
        partner: 'club',
        language: 'nl',
      }),
    )

  test('a coordinator invites, the person joins with the code and is welcomed', async () => {
    const invitation = await world.submit(ines, 'networks.send-invite', {
      member: 'city-2',
      name: '',
      partner: '',
    })
    expect(words(invitation)).toContain('Paul Otieno')
    const code = codeIn(invitation)
    const welcome = await world.say(stranger(), `join ${code.toLowerCase().replace('-', ' ')}`)
    expect(words(welcome)).toContain('Kleinau')
    expect(words(welcome)).toContain('Paul Otieno')
    const paul = await networks.memberByAccount(stranger())
    expect(paul).toMatchObject({ id: 'city-2', language: 'nl', zone: 'Europe/Berlin' })
    expect(world.told).toEqual(['member.joined city-2'])
    // The code is used up, and the account is taken.
    expect(words(await world.say(stranger(1), `join ${code}`))).toContain('does not work')
    const refused = world.submit(ines, 'networks.send-invite', { member: 'city-2' })
    expect(words(await refused)).toContain('schon hier')
  })

  test('somebody new brings name, partner, language and the zone the platform knows', async () => {
    await world.say(stranger(), `join ${await newCode()}`)
    const nina = await networks.memberByAccount(stranger())
    expect(nina).toMatchObject({
      name: 'Nina *Berg*',
      partner: 'club',
      language: 'nl',
      zone: 'Europe/Lisbon',
      coordinator: false,
    })
    expect(nina?.id).not.toMatch(/nina|berg/i)
  })

  test('of many people with the same code, one is let in', async () => {
    const code = await newCode()
    const replies = await Promise.all(
      [...Array(10).keys()].map((n) => world.say(stranger(n), `join ${code}`)),
    )
    expect(replies.filter((reply) => words(reply).includes('does not work'))).toHaveLength(9)
    expect(await networks.members('kleinau')).toHaveLength(4)
    expect(world.told).toHaveLength(1)
  })

  test('a code that is old, unknown, missing or overtaken by a newer one is refused kindly', async () => {
    const [first, second] = [
      codeIn(await world.submit(ines, 'networks.send-invite', { member: 'city-2' })),
      codeIn(await world.submit(ines, 'networks.send-invite', { member: 'city-2' })),
    ]
    expect(words(await world.say(stranger(), 'join'))).toContain('K7QM-2XRF')
    for (const code of [first, 'AAAA-AAAA', '$ne', 'x'.repeat(5_000)]) {
      expect(words(await world.say(stranger(), `join ${code}`))).toContain('does not work')
    }
    world.clock.moveTo(world.clock.now().add({ hours: 7 * 24 }))
    expect(words(await world.say(stranger(), `join ${second}`))).toContain('does not work')
    expect(await networks.memberByAccount(stranger())).toBeUndefined()
  })

  test('codes cannot be guessed: after five tries an account waits an hour', async () => {
    for (let n = 0; n < 5; n++) await world.say(stranger(), `join AAAA-AAA${n + 2}`)
    const code = await newCode()
    expect(words(await world.say(stranger(), `join ${code}`))).toContain('wait an hour')
    world.clock.moveTo(world.clock.now().add({ hours: 1 }))
    expect(words(await world.say(stranger(), `join ${code}`))).toContain('Nina')
  })

  test('an invitation wants one person, whole', async () => {
    const both = await world.submit(ines, 'networks.send-invite', {
      member: 'city-2',
      name: 'Nina',
      partner: 'club',
      language: 'de',
    })
    expect(both.errors).toHaveProperty('name')
    expect((await world.submit(ines, 'networks.send-invite', {})).errors).toMatchObject({
      name: expect.any(String),
      partner: expect.any(String),
    })
    const long = await world.submit(ines, 'networks.send-invite', {
      name: 'x'.repeat(81),
      partner: 'club',
      language: 'de',
    })
    expect(long.errors).toHaveProperty('name')
    const elsewhere = await world.submit(ines, 'networks.send-invite', {
      name: 'Nina',
      partner: 'police',
      language: 'de',
    })
    expect(words(elsewhere)).toContain('gehört nicht mehr')
    expect(
      (await world.submit(ines, 'networks.send-invite', { name: 'Nina', partner: 'club', language: 'xx' }))
        .errors,
    ).toHaveProperty('language')
  })

  test('a second account is the same person; leaving forgets both', async () => {
    const code = codeIn(await world.say(mehmet, 'link'))
    const teams: Account = { platform: 'teams', tenant: 'kleinau', userId: 'mehmet' }
    expect(words(await world.say(teams, `join ${code}`))).toContain('Auch dieses Konto')
    expect((await networks.memberByAccount(teams))?.accounts).toEqual([mehmet, teams])
    expect(words(await world.say(teams, 'meine daten'))).toContain('Slack und Microsoft Teams')
    expect(world.told).toEqual([])
    await world.press(teams, 'conversation.leave')
    expect(await networks.memberByAccount(mehmet)).toBeUndefined()
    expect(world.told).toEqual(['member.left youth-1'])
    const left = await world.store.db.model('Member').findById('kleinau|youth-1').lean()
    expect(Object.keys(left ?? {}).sort()).toEqual([
      '_id',
      'coordinator',
      'left',
      'leftBy',
      'network',
      'origin',
    ])
    await networks.tellWhoLeft()
    expect(world.told).toHaveLength(2)
  })

  test('a code of somebody who left in the meantime is worth nothing', async () => {
    const code = codeIn(await world.say(mehmet, 'link'))
    await world.press(mehmet, 'conversation.leave')
    expect(words(await world.say(stranger(), `join ${code}`))).toContain('does not work')
  })
})

describe('in the chat', () => {
  beforeEach(() => networks.importFile(SMALL))

  test('a coordinator connects a channel, changes it and disconnects it', async () => {
    expect(words(await world.say(ines, 'verbinden'))).toContain('in dem Kanal')
    const { form } = await world.say(ines, 'verbinden', channel)
    expect(form?.fields.map(({ id }) => id)).toEqual(['kind', 'name', 'language'])
    await world.submit(ines, 'networks.bind', { kind: 'team', name: 'team', language: 'nl' }, channel)
    expect(await networks.spaceAt(channel)).toEqual({
      network: 'kleinau',
      kind: 'team',
      name: 'team',
      language: 'nl',
      address: channel,
    })
    await world.submit(
      ines,
      'networks.bind',
      { kind: 'coordinators', name: 'koordination', language: 'de' },
      channel,
    )
    expect(await networks.spaces('kleinau')).toMatchObject([{ kind: 'coordinators', language: 'de' }])
    expect(
      (await world.submit(ines, 'networks.bind', { kind: 'x', name: ' ', language: 'xx' }, channel)).errors,
    ).toMatchObject({ kind: expect.any(String), name: expect.any(String) })
    expect(words(await world.say(mehmet, 'trennen', channel))).toContain('Koordination')
    await world.say(ines, 'trennen', channel)
    expect(words(await world.say(ines, 'trennen', channel))).toContain('nicht verbunden')
    expect(await networks.spaceAt(channel)).toBeUndefined()
  })

  test('a channel of another network cannot be taken', async () => {
    await networks.importFile(example)
    await world.submit(ines, 'networks.bind', { kind: 'team', name: 'team', language: 'de' }, channel)
    const member = await networks.memberByAccount(aylin)
    if (!member) throw new Error('no such member')
    const as = { kind: 'team', name: 'mine', language: 'de' } as const
    await expect(networks.bind(member, channel, as)).rejects.toThrow('networks:errors.channelTaken')
    expect(await networks.unbind(member, channel)).toBe(false)
    expect(await networks.spaceAt(channel)).toMatchObject({ network: 'kleinau', name: 'team' })
  })

  test('a member chooses a language, also one that Linkpin does not speak yet', async () => {
    const { notice } = await world.say(mehmet, 'sprache')
    expect(words({ notice })).toContain('polski')
    const choose = (value: string): Promise<Reply> => world.press(mehmet, 'networks.language', { value })
    expect(words(await choose('en'))).toContain('From now on')
    expect(words(await choose('pl'))).toContain('polski spreche ich noch nicht')
    expect((await networks.memberByAccount(mehmet))?.language).toBe('pl')
    expect(words(await choose('klingon'))).toContain('wählen')
    expect((await networks.memberByAccount(mehmet))?.language).toBe('pl')
  })

  test('who takes part is listed by name; informal partners without a member only for coordinators', async () => {
    const seen = words(await world.say(mehmet, 'wer ist dabei'))
    expect(seen).toContain('**Jugendhaus**: eine Person')
    expect(seen).toContain('**Stadt \\\\*Kleinau\\\\***: 2 Personen')
    expect(seen).toContain('Ines Roth')
    expect(seen).not.toContain('Boxklub')
    expect(words(await world.say(ines, 'wer'))).toContain('**Boxklub**: noch niemand')
  })
})

describe('the good hours', () => {
  test('of a channel are the network’s, of a member their own; holidays are those of the network', async () => {
    await networks.importFile(example)
    const network = await networks.network('rheinfurt')
    const next = async (member: string): Promise<string> => {
      const found = await networks.member('rheinfurt', member)
      return found ? networks.nextGoodHourFor(found, network, world.clock.now()).toString() : ''
    }
    world.clock.moveTo(world.clock.now().add({ hours: 24 * 30 + 12 })) // 24 December, in the evening
    expect(networks.nextGoodHour(network, world.clock.now()).toString()).toBe('2026-12-28T07:00:00Z')
    expect(await next('exit-2')).toBe('2026-12-28T08:00:00Z') // lives in London
    expect(await next('families-2')).toBe('2026-12-28T08:00:00Z') // begins at nine
  })
})
