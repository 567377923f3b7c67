import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { skipped, type Tally } from '../support/history.ts'
import { createPeople } from '../support/people.ts'
import type { Scenario } from '../support/scenario.ts'
import { inWorld, type World } from '../support/world.ts'

const NAME = 'embedded: no file may grow any more'
const NETWORKS = 6
const MEMBERS = 6
const MESSAGES = 10

/** Lets no file of a process grow beyond so many bytes; a write that would is refused, as on a full disk. */
const limit = (pid: number, bytes: string): boolean =>
  spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]).status === 0

/** The largest of the store's files. */
const sizeOf = (folder: string): number =>
  Math.max(...readdirSync(folder).map((name) => statSync(join(folder, name)).size))

async function full(world: World, seconds: number): Promise<Tally> {
  for (let n = 0; n < NETWORKS; n++) await world.owe('all', n, MESSAGES)
  const people = createPeople(world, NETWORKS, MEMBERS)
  const replica = await world.start()
  const url = await replica.up
  // In the middle of its work.
  await world.until(() => world.provider.accepted.length >= NETWORKS)
  if (!limit(replica.pid, String(sizeOf(world.folder))))
    return skipped(NAME, 'prlimit is not there, or not allowed')
  await pause(1000)
  const [sent, recorded] = [world.provider.requests(), people.acknowledged()]
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    await people.write(url)
    await pause(200)
  }
  const [sentWhileFull, acknowledged] = [world.provider.requests() - sent, people.acknowledged() - recorded]
  limit(replica.pid, 'unlimited')
  await world.until(async () => (await people.write(url, 20), people.left() === 0))
  await world.settled()
  const wrong = await world.stop()
  await world.ledger()
  wrong.push(...(await people.lost()))
  const note = `meanwhile: ${sentWhileFull} requests to the platforms, ${acknowledged} answers acknowledged`
  return world.judge(NAME, 'all', { note, wrong })
}

export const disk: Scenario = {
  name: 'disk',
  async run({ isShort, rounds }) {
    const tallies: Tally[] = []
    for (let round = 0; round < (isShort ? 1 : rounds); round++)
      tallies.push(
        await inWorld({ networks: NETWORKS, members: MEMBERS }, (world) => full(world, isShort ? 4 : 15)),
      )
    return tallies
  },
}
