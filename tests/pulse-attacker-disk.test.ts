/** What is left on the disk of a pulse that has closed: in the data folder, byte by byte, and in a backup made meanwhile. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { NOT_IN_BACKUPS } from '../src/pulse/backup.ts'
import { backUp } from '../src/store/embedded/backup.ts'
import { openPulseRoom, type PulseRoom } from './support/pulse-room.ts'

let folder: string
let room: PulseRoom
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'linkpin-'))
  room = await openPulseRoom(join(folder, 'data'))
})
afterEach(async () => {
  await room.close()
  rmSync(folder, { recursive: true, force: true })
})

const bytes = (): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
const now = (): Date => new Date(room.clock.now().epochMilliseconds)

test.each([4, 9, 12])('%i answers leave neither the secret, nor a sheet, nor a word', async (count) => {
  room.setMembers(
    'n',
    Array.from({ length: 14 }, (_, number) => number),
  )
  await room.occur('n', 'pulse')
  const wave = await room.openWave('n')
  const secret = wave?.secret ?? ''
  const canary = (number: number): string => `Kanarienvogel-${number}-${'x'.repeat(60)}`
  for (let number = 0; number < count; number++) {
    const scores = [1, 2, 3, 4].map((score) => ((score + number) % 5) + 1)
    await room.answer('n', number, wave?._id ?? '', { scores, text: canary(number) })
    // Changed once more: what stood there before must not stay either.
    await room.answer('n', number, wave?._id ?? '', {
      scores: scores.toReversed(),
      text: canary(number + 100),
    })
  }
  const sheets = (await room.dump()).pulse_sheets!.map(({ _id }) => String(_id))
  expect(sheets).toHaveLength(14)
  // The attacker is not blind: while it is open all of it is there.
  for (const trace of [secret, canary(100), sheets[0] ?? '']) expect(bytes()).toContain(trace)

  const data = join(folder, 'data')
  backUp(data, join(folder, 'backup'), NOT_IN_BACKUPS, now())
  const backup = readFileSync(join(folder, 'backup'), 'latin1')
  for (const trace of [secret, 'Kanarienvogel', ...sheets]) expect(backup).not.toContain(trace)

  await room.pass({ hours: 24 * 6 })
  await room.occur('n', 'pulse-close', wave?._id)
  room.store.sweep(now())
  for (const trace of [secret, ...sheets]) expect(bytes()).not.toContain(trace)
  // From ten on a coordinator may read what was written, for two weeks.
  expect(bytes().includes('Kanarienvogel')).toBe(count >= 10)
  await room.pass({ hours: 24 * 15 })
  room.store.sweep(now())
  expect(bytes()).not.toContain('Kanarienvogel')
})
