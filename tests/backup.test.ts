import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Kind } from '../src/checkins/kind.ts'
import { createLogger } from '../src/kernel/logger.ts'
import { NOT_IN_BACKUPS } from '../src/pulse/backup.ts'
import { createSettling } from '../src/settling.ts'
import { backupMarkModel } from '../src/store/backup-mark.ts'
import { openStore } from '../src/store/connect.ts'
import { backUp, restore } from '../src/store/embedded/backup.ts'
import { createClockwork, draft, TEAM, TEAMS, type Clockwork } from './support/clockwork.ts'
import { dump, MEMBERS } from './support/pulse-story.ts'
import { stores } from './support/stores.ts'
import { createWorld, words, type World } from './support/world.ts'

// A backup taken at any moment, and what may follow from it: nothing is sent twice, and no answer comes back.

const NOW = new Date('2026-11-24T09:00:00Z')

let closing: (() => unknown)[]
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'linkpin-'))
  closing = [() => rmSync(folder, { recursive: true, force: true })]
})
afterEach(async () => {
  for (const close of closing.toReversed()) await close()
})
const inside = (name: string): string => join(folder, name)

/** An operator's command, as npm would run it. */
async function command(script: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    env: { PATH: process.env.PATH, DATA_FOLDER: inside('data'), ...env },
  })
  closing.push(() => child.kill('SIGKILL'))
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text }
}
const STORE_CLI = 'src/store/cli.ts'

async function openWorld(name: string): Promise<Clockwork> {
  const world = await createClockwork(() => openStore({ dataFolder: inside(name) }))
  closing.push(() => world.close())
  return world
}

const settling = ({ store, clock, checkins, deliveries }: Clockwork) =>
  createSettling({ db: store.db, clock, checkins, deliveries, log: createLogger('silent') })

describe('taken while Linkpin works, and put back', () => {
  test('what it recorded as sent stays sent; whatever may have been sent since is unknown; nothing is sent twice', async () => {
    const first = await openWorld('data')
    const to = [
      { space: TEAM },
      { space: TEAMS },
      { member: 'aylin' },
      { member: 'jonas' },
      { member: 'marta' },
    ]
    const owe = (n: number) =>
      first.deliveries.owe(to.map((target) => draft({ to: target, purpose: `load-${n}` })))
    const backup = command(STORE_CLI, ['backup', inside('copy')])
    let done = false
    void backup.then(() => (done = true))
    for (let n = 0; !done; n++) {
      await owe(n)
      await first.deliverFor(2)
      // The embedded store never waits; the other process has to be heard.
      await new Promise(setImmediate)
    }
    expect(await backup).toMatchObject({ code: 0 })
    await first.deliverFor(3_600)
    const before = first.posted.map(({ deliveryId }) => deliveryId)

    expect(restore(inside('copy'), inside('again'), false)).toBeInstanceOf(Date)
    const second = await openWorld('again')
    await second.clock.moveTo(first.clock.now().add({ hours: 1 }))
    const recorded = await second.deliveries.list({ network: 'rheinfurt' })
    await settling(second)()
    await second.deliveries.owe([draft({ purpose: 'new' })])
    await second.deliverFor(7 * 86_400)

    const after = second.posted.map(({ deliveryId }) => deliveryId)
    expect(after).toEqual([expect.stringContaining('|new|')])
    expect(new Set([...before, ...after]).size).toBe(before.length + after.length)
    const states = new Map(
      (await second.deliveries.list({ network: 'rheinfurt' })).map((one) => [one._id, one.state]),
    )
    for (const { _id, state } of recorded) {
      expect([_id, states.get(_id)]).toEqual([_id, state === 'sent' ? 'sent' : 'unknown'])
    }
    expect(recorded.some(({ state }) => state === 'sent')).toBe(true)
  })

  test('what was claimed at that moment is unknown, what waits for a later hour still comes', async () => {
    const first = await openWorld('data')
    let answered = (): void => undefined
    const asked = new Promise<void>((resolve) => {
      first.fate.before = () =>
        new Promise<void>((answer) => {
          answered = answer
          resolve()
        })
    })
    await first.deliveries.owe([draft()])
    const run = first.deliveries.runDue()
    await asked
    first.clock.moveTo(first.clock.now().add({ hours: 12 }))
    await first.deliveries.owe([draft({ purpose: 'tomorrow', to: { member: 'aylin' } })])
    backUp(inside('data'), inside('copy'), NOT_IN_BACKUPS, NOW)
    answered()
    await run

    restore(inside('copy'), inside('again'), false)
    const second = await openWorld('again')
    await second.clock.moveTo(first.clock.now())
    second.clock.moveTo(first.clock.now().add({ seconds: 1 }))
    expect(await second.states()).toEqual(['claimed', 'pending'])
    await settling(second)()
    expect(await second.states()).toEqual(['unknown: restored', 'pending'])
    await second.deliverFor(86_400)
    expect(await second.states()).toEqual(['unknown: restored', 'sent'])
  })

  test.each(stores)(
    'check-ins that were due since go on without their messages (on $name)',
    async ({ open }) => {
      const world = await createClockwork(open)
      closing.push(() => world.close())
      const nudge: Kind = {
        name: 'nudge',
        schedulable: true,
        graceMinutes: 240,
        compose: async ({ id }) => ({ drafts: [draft({ cause: id })] }),
      }
      world.checkins.register(nudge)
      const network = await world.networks.network('rheinfurt')
      await world.checkins.ensure(network, 'nudge', { every: 'week', interval: 1, weekdays: [2] }, '11:00')
      // The mark that stands in every backup.
      await backupMarkModel(world.store.db).create({ _id: 'backup', takenAt: NOW })
      world.pass(2 * 3_600)
      await settling(world)()
      await world.deliverFor(86_400)
      expect(await world.states()).toEqual(['unknown: restored'])
      expect(world.posted).toEqual([])
      await settling(world)()

      world.pass(6 * 86_400)
      await world.checkins.tick()
      await world.deliverFor(60)
      expect(await world.states()).toEqual(['unknown: restored', 'sent'])
    },
  )

  test('a store that no backup was put back into has nothing to settle', async () => {
    const world = await openWorld('data')
    await world.deliveries.owe([draft()])
    await settling(world)()
    expect(await world.states()).toEqual(['pending'])
  })
})

describe('a survey that is open in a backup', () => {
  const TEXT = 'more time for one another'
  async function open(name: string, start = '2026-11-23T08:00:00Z'): Promise<World> {
    const world = await createWorld(start, undefined, inside(name))
    closing.push(() => world.close())
    return world
  }
  const sheetOf = async (world: World, member: string) =>
    (await world.inbox(member)).find(({ blocks }) => blocks.some(({ type }) => type === 'scale'))

  test('leaves its answers and its secret out, and closes without a result', async () => {
    const first = await open('data')
    const { form } = await first.say('city-1', 'planen')
    const rhythm = { rhythm: 'week-2', weekdays: ['2'], time: '10:00', start: '2026-11-24' }
    await first.submit('city-1', form, { kind: 'pulse', ...rhythm })
    await first.advance({ hours: 28 })
    for (const member of MEMBERS.slice(0, 6)) {
      const scale = (await sheetOf(first, member))!.blocks.find((block) => block.type === 'scale')!
      await first.press(member, await sheetOf(first, member), scale.points[3]!.label)
    }
    const sheet = await sheetOf(first, 'fans-1')
    const more = first.texts.in('de').plain('pulse:sheet.say')
    const { form: fields } = await first.press('fans-1', sheet, more)
    await first.submit('fans-1', fields, { text: TEXT })

    const { pulse_waves: waves = [], pulse_sheets: sheets = [] } = await dump(first)
    const wave = waves.find(({ state }) => state === 'open')!
    expect(sheets).toHaveLength(MEMBERS.length)
    backUp(inside('data'), inside('copy'), NOT_IN_BACKUPS, NOW)
    const bytes = readFileSync(inside('copy'), 'latin1')
    expect(bytes).toContain('pulse_waves')
    for (const hidden of [String(wave.secret), TEXT, ...sheets.map(({ _id }) => String(_id))]) {
      expect(bytes).not.toContain(hidden)
    }

    restore(inside('copy'), inside('again'), false)
    const second = await open('again', first.clock.now().toString())
    await second.app.settle()
    const restored = await dump(second)
    expect(restored.pulse_sheets).toEqual([])
    expect(restored.pulse_waves!.find(({ _id }) => _id === wave._id)).toMatchObject({ state: 'closing' })
    // The message still stands in the chat of the first world.
    const late = await second.press('fans-1', sheet, more)
    expect(words(late.notice)).toContain('geschlossen')
    await second.advance({ days: 7 })
    const closed = (await dump(second)).pulse_waves!.find(({ _id }) => _id === wave._id)!
    expect(closed).toMatchObject({ state: 'closed' })
    expect(JSON.stringify(closed.result)).not.toMatch(/"mean"|"spread":"|"band":"/)
  })
})

describe('npm run backup, npm run restore', () => {
  const data = async (name: string): Promise<void> => (await openWorld(name)).close()

  test('one file for its owner alone, put back in one command', async () => {
    await data('data')
    const taken = await command(STORE_CLI, ['backup', inside('copy')])
    expect(taken).toMatchObject({ code: 0, text: expect.stringContaining('Keep it closed') })
    expect(statSync(inside('copy')).mode & 0o777).toBe(0o600)
    for (const leftover of ['copy.part', 'copy-wal', 'copy.part-wal', 'copy.part-journal']) {
      expect(existsSync(inside(leftover))).toBe(false)
    }
    const refused = await command(STORE_CLI, ['restore', inside('copy')])
    expect(refused).toEqual({ code: 1, text: expect.stringContaining('add --force') })
    const { code } = await command(STORE_CLI, ['restore', inside('copy'), '--force'])
    expect(code).toBe(0)
    expect((await (await openWorld('data')).networks.list()).map(({ id }) => id)).toEqual(['rheinfurt'])
  })

  test('a log that belongs to the data before is not played into the backup', async () => {
    const world = await openWorld('data')
    backUp(inside('data'), inside('copy'), NOT_IN_BACKUPS, NOW)
    await world.deliveries.owe([draft()])
    await world.close()
    writeFileSync(inside('data/linkpin.db-wal'), 'of another time')
    restore(inside('copy'), inside('data'), true)
    expect(await (await openWorld('data')).states()).toEqual([])
  })

  test('refuses what would do harm', async () => {
    const world = await openWorld('data')
    const backup = (target: string) => () => backUp(inside('data'), inside(target), NOT_IN_BACKUPS, NOW)
    backup('copy')()
    expect(backup('copy')).toThrow(/exists already/)
    expect(() => backUp(inside('none'), inside('other'), NOT_IN_BACKUPS, NOW)).toThrow(/nothing to back up/)
    expect(() => restore(inside('copy'), inside('data'), true)).toThrow(/in use by another Linkpin/)
    await world.close()
    expect(() => restore(inside('none'), inside('data'), true)).toThrow(/no file/)
    writeFileSync(inside('else'), 'something else')
    for (const file of ['else', 'data/linkpin.db']) {
      expect(() => restore(inside(file), inside('data'), true)).toThrow(/not an undamaged backup/)
    }
  })

  test('a Linkpin at work can be asked and copied, cannot be replaced, and leaves nothing behind when it ends', async () => {
    const env = {
      PATH: process.env.PATH,
      PORT: '0',
      DATA_FOLDER: inside('data'),
      METRICS_TOKEN: 'x'.repeat(16),
    }
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], { env })
    closing.push(() => child.kill('SIGKILL'))
    const address = await new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        const found = /http:\/\/[\d.]+:\d+/.exec(chunk.toString())
        if (found) resolve(found[0])
      })
    })
    const metrics = await fetch(`${address}/metrics`, {
      headers: { authorization: `Bearer ${'x'.repeat(16)}` },
    })
    expect(await metrics.text()).toContain('linkpin_tick_age_seconds')
    const [listed, taken] = await Promise.all([
      command('src/delivery/cli.ts', ['list']),
      command(STORE_CLI, ['backup', inside('copy')]),
    ])
    expect(listed).toEqual({ code: 0, text: '0 in all.\n' })
    expect(taken.code).toBe(0)
    const refused = await command(STORE_CLI, ['restore', inside('copy'), '--force'])
    expect(refused).toEqual({ code: 1, text: expect.stringContaining('in use by another Linkpin') })
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(existsSync(inside('data/operate.json'))).toBe(false)
    expect(await command('src/delivery/cli.ts', ['list'])).toEqual({ code: 0, text: '0 in all.\n' })
  })

  test('with MongoDB, they say how', async () => {
    const env = { MONGODB_URI: 'mongodb://localhost:1/linkpin' }
    const { code, text } = await command(STORE_CLI, ['backup', inside('copy')], env)
    expect(code).toBe(1)
    expect(text).toContain('--excludeCollection=pulse_sheets')
  })
})
