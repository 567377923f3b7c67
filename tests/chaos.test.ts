import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from '@jest/globals'

// The short form of `npm run chaos`: separate processes, real sockets, a real disk. What it counted is printed either way.
test('whatever is killed, hangs, is full or away: nothing is lost, and nothing comes twice', async () => {
  const chaos = spawn(process.execPath, ['--import', 'tsx', 'tests/chaos/index.ts', '--short'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let counted = ''
  chaos.stdout.on('data', (chunk: Buffer) => (counted += chunk.toString()))
  const [code] = (await once(chaos, 'exit')) as [number | null]
  process.stdout.write(counted)
  expect({ code, broken: counted.split('\n').filter((line) => line.startsWith('BROKEN')) }).toEqual({
    code: 0,
    broken: [],
  })
}, 900_000)
