import { setTimeout as pause } from 'node:timers/promises'
import type { World } from './world.ts'

const STEP_MS = 250

interface Load {
  group: string
  perSecond: number
  networks: number
  most?: number
}

/** Owes so many messages a second, to one network after the other, as long as something is so; `most` in all. */
export async function load(
  world: World,
  { group, perSecond, networks, most = Infinity }: Load,
  isOn: () => boolean,
): Promise<void> {
  const start = performance.now()
  let owed = 0
  for (let n = 0; isOn(); n++) {
    const wanted = Math.min(most, Math.floor(((performance.now() - start) / 1000) * perSecond))
    const missing = wanted - owed
    if (missing > 0) await world.owe(group, n % networks, missing)
    owed += missing
    await pause(STEP_MS)
  }
}

/** True until so many seconds have passed. */
export function forSeconds(seconds: number): () => boolean {
  const end = performance.now() + seconds * 1000
  return () => performance.now() < end
}
