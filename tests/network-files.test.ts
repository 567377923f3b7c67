import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { runCli } from '../src/networks/cli.ts'
import { formatNetworkFile } from '../src/networks/file-format.ts'
import { readNetworkFile } from '../src/networks/file.ts'
import type { NetworksRoom } from '../src/networks/networks.ts'
import { openStore } from '../src/store/connect.ts'
import {
  CODE,
  SMALL,
  channel,
  codeIn,
  createNetworksWorld,
  ines,
  mehmet,
  stranger,
  type NetworksWorld,
} from './support/networks-world.ts'

const example = readFileSync('examples/rheinfurt.yaml', 'utf8')

let world: NetworksWorld
let networks: NetworksRoom
beforeEach(async () => {
  world = await createNetworksWorld()
  networks = world.networks
})
afterEach(() => world.store.close())

describe('the file of a network', () => {
  test('comes back byte for byte where it is in canonical form', async () => {
    await networks.importFile(example)
    expect(await networks.exportFile('rheinfurt')).toBe(example)
  })

  test('comes back with the same meaning however it was written', async () => {
    await networks.importFile(SMALL)
    const exported = (await networks.exportFile('kleinau')) ?? ''
    const again = readNetworkFile(exported)
    expect('network' in again && formatNetworkFile(again.network)).toBe(exported)
    expect(exported).toContain("quietHours: { from: '18:00', to: '08:00' }")
    const before = await world.everything()
    await networks.importFile(exported)
    expect(await world.everything()).toEqual(before)
  })

  test('imported twice changes nothing', async () => {
    await networks.importFile(example)
    const before = await world.everything()
    await networks.importFile(example)
    expect(await world.everything()).toEqual(before)
    expect(world.told).toEqual([])
  })

  test.each([
    ['zone: Europe/Berlin', 'zone: Europe/Berln', 4, 'write "Europe/Berlin"'],
    ['zone: Europe/Berlin', 'zone: Berlin', 4, 'write "Europe/Berlin"'],
    ['zone: Europe/Berlin', 'zone: "+01:00"', 4, 'not a time zone'],
    ['languages: [de', 'languages: [DE', 5, 'write "de"'],
    ['phase: founding', 'phase: fouding', 6, 'write "founding"; allowed are founding, first-steps'],
    [
      'phase: founding',
      'phase: founding\nholidays: { country: DE, state: NRW }',
      7,
      'write "NW"; allowed are BB, BE',
    ],
    ['phase: founding', 'phase: founding\nholidays: { country: Germany }', 7, 'write "DE"'],
    ['phase: founding', "phase: founding\nquietHours: { from: 6pm, to: '08:00' }", 7, "such as '18:00'"],
    ['sector: sport-culture', 'sector: sports', 10, 'is not a sector'],
    ['category: key-person', 'category: key-persons', 10, 'write "key-person"'],
    ['level: strategic', 'levl: strategic', 9, 'write "level"'],
    ['partner: youth', 'partner: yuoth', 12, 'write "youth"'],
    ['id: city-2', 'id: city-1', 14, 'is the same as members[2].id'],
    ['U0INES', 'U0MEHMET', 13, 'is the same as members[1].accounts[1]'],
    ['coordinator: true', 'coordinator: false', 11, 'coordinator: true'],
    ['coordinator: true', 'coordinator: yes', 13, 'must be true or false'],
    ['slack: T0KLEIN/U0INES', 'slack: U0INES', 13, 'such as T0TOWN/U0AYLIN'],
    ['name: Kleinau', 'name: Kleinau\nname: Grossau', 3, 'not valid YAML'],
  ])('a mistake is told with its line: %s as %s', (right, wrong, line, hint) => {
    const read = readNetworkFile(SMALL.replace(right, wrong))
    const problems = 'problems' in read ? read.problems : []
    expect(
      problems
        .filter((problem) => problem.line === line)
        .map(({ message }) => message)
        .join(),
    ).toContain(hint)
  })

  test('never crashes: any text, deep nesting, aliases that multiply, odd keys', () => {
    const nested = [
      '['.repeat(5_000),
      '{'.repeat(5_000),
      '? [a]\n: 1',
      '__proto__: { x: 1 }',
      'x'.repeat(4_000_001),
    ]
    const bomb = [
      'a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]',
      ...[...'bcdefgh'].map((key, i) => `${key}: &${key} [${`*${'abcdefg'[i]},`.repeat(9)}]`),
    ]
    for (const text of [...nested, bomb.join('\n'), 'members: *nobody', 'id: !!js/function x']) {
      expect(readNetworkFile(text)).toHaveProperty('problems')
    }
    const lines = SMALL.split('\n')
    const mangled = fc
      .tuple(fc.nat(lines.length - 1), fc.string({ maxLength: 40 }))
      .map(([at, text]) => lines.with(at, text).join('\n'))
    fc.assert(fc.property(fc.oneof(fc.string(), mangled), (text) => void readNetworkFile(text)))
  })

  test('takes nothing away from another network', async () => {
    await networks.importFile(example)
    const thief = SMALL.replace('T0KLEIN/U0INES', 'T0RATHAUS/U0AYLIN').concat(
      'spaces: [{ kind: team, name: a, slack: T0RATHAUS/C0NETZWERK }]\n',
    )
    await expect(networks.importFile(thief)).rejects.toThrow(
      /line 13: .*another network\nline 15: .*another network/,
    )
    expect(await networks.list()).toHaveLength(1)
  })

  test('changed, it updates; who is not listed any more leaves, and what came about in the chat stays', async () => {
    await networks.importFile(SMALL)
    const code = codeIn(
      await world.submit(ines, 'networks.send-invite', {
        name: 'Nina Berg',
        partner: 'club',
        language: 'en',
      }),
    )
    await world.say(stranger(), `join ${code}`)
    await world.press(ines, 'networks.language', { value: 'en' })
    await world.submit(ines, 'networks.bind', { kind: 'team', name: 'team', language: 'de' }, channel)
    const changed = SMALL.replace(/ {2}- { id: youth-1.*\n/, '').replace('Ines Roth', 'Ines Roth-Weber')
    await networks.importFile(changed)
    expect((await networks.members('kleinau')).map(({ name }) => name).sort()).toEqual([
      'Ines Roth-Weber',
      'Nina Berg',
      'Paul Otieno',
    ])
    expect(await networks.memberByAccount(mehmet)).toBeUndefined()
    expect((await networks.memberByAccount(ines))?.language).toBe('en')
    expect(await networks.spaces('kleinau', 'team')).toHaveLength(1)
    expect(world.told.filter((event) => event.startsWith('member.left'))).toEqual(['member.left youth-1'])
    await expect(networks.importFile(changed.replace(/ {2}- { id: club.*\n/, ''))).rejects.toThrow(
      /"club" is missing/,
    )
    // Listed again, the member is back; who left by their own decision stays away.
    await networks.importFile(SMALL)
    expect((await networks.memberByAccount(mehmet))?.name).toBe('Mehmet Aydın')
    await world.press(mehmet, 'conversation.leave')
    await networks.importFile(SMALL)
    expect(await networks.memberByAccount(mehmet)).toBeUndefined()
    expect(await networks.member('kleinau', 'youth-1')).toBeUndefined()
    expect(JSON.stringify(await world.everything())).not.toContain('Mehmet')
  })
})

describe('the operator’s commands', () => {
  let folder: string
  let printed: string[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'linkpin-'))
    printed = []
    writeFileSync(join(folder, 'small.yaml'), SMALL)
    writeFileSync(join(folder, 'wrong.yaml'), SMALL.replace('Europe/Berlin', 'Berlin'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const run = (...args: string[]): Promise<number> =>
    runCli(
      args,
      () => openStore({ dataFolder: join(folder, 'data') }),
      (text) => printed.push(text),
    )

  test('check, import, export, and a code for the first coordinator', async () => {
    expect(await run('check', join(folder, 'small.yaml'))).toBe(0)
    expect(await run('import', join(folder, 'small.yaml'))).toBe(0)
    expect(printed.at(-1)).toBe('kleinau: 3 partners, 3 members, 0 channels.')
    expect(await run('export', 'kleinau')).toBe(0)
    expect(readNetworkFile(printed.at(-1) ?? '')).toHaveProperty('network.id', 'kleinau')
    expect(await run('code', 'kleinau', 'city-1')).toBe(0)
    expect(printed.at(-1)).toMatch(CODE)
    writeFileSync(join(folder, 'small.yaml'), SMALL.replace(/ {2}- { id: city-2.*\n/, ''))
    await run('import', join(folder, 'small.yaml'))
    expect(printed.at(-1)).toContain('therefore left: 1')
  })

  test('mistakes end with 1 and say what to do', async () => {
    const wrong = join(folder, 'wrong.yaml')
    expect([await run('check', wrong), await run('import', wrong)]).toEqual([1, 1])
    expect(printed).toEqual(
      Array(2).fill(`${wrong}, line 4: zone is "Berlin", which is not a time zone; write "Europe/Berlin"`),
    )
    expect(await run('export', 'nowhere')).toBe(1)
    expect(printed.at(-1)).toContain('There is no network nowhere. None was imported yet.')
    expect(await run('code', 'nowhere', 'nobody')).toBe(1)
    expect([await run(), await run('code', 'kleinau'), await run('delete', 'kleinau')]).toEqual([1, 1, 1])
    expect(printed.at(-1)).toContain('Usage')
  })
})
