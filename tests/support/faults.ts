import { setTimeout as pause } from 'node:timers/promises'
import type { Store } from '../../src/store/connect.ts'

/** The one place that every operation of the embedded store passes. */
interface Group {
  read(work: () => unknown): Promise<unknown>
  write(work: () => unknown): Promise<unknown>
}

/** Lets a store (embedded) be slow or away, and come back. */
export function faultsOf(store: Store) {
  const { group } = store.db as unknown as { group: Group }
  const held: (() => void)[] = []
  const [read, write] = [group.read.bind(group), group.write.bind(group)]
  return {
    /** Each operation takes so many milliseconds longer. */
    slow(milliseconds: number): void {
      group.read = async (work) => (await pause(milliseconds), read(work))
      group.write = async (work) => (await pause(milliseconds), write(work))
    },
    /**
     * Each operation takes a while, and what would be later than so many one after the other waits until the store is
     * back: what needs no more is done, what needs more is not.
     */
    inRounds(most: number, milliseconds = 500): void {
      let deepest = 0
      const wait = async (): Promise<void> => {
        const round = deepest + 1
        await (round > most ? new Promise<void>((resolve) => held.push(resolve)) : pause(milliseconds))
        deepest = Math.max(deepest, round)
      }
      group.read = async (work) => (await wait(), read(work))
      group.write = async (work) => (await wait(), write(work))
    },
    /** No operation succeeds, and each says why. */
    away(why: string): void {
      group.read = group.write = () => Promise.reject(new Error(why))
    },
    back(): void {
      Object.assign(group, { read, write })
      for (const release of held.splice(0)) release()
    },
  }
}
