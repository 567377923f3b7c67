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
  const [read, write] = [group.read.bind(group), group.write.bind(group)]
  return {
    /** Each operation takes so many milliseconds longer. */
    slow(milliseconds: number): void {
      group.read = async (work) => (await pause(milliseconds), read(work))
      group.write = async (work) => (await pause(milliseconds), write(work))
    },
    /** No operation succeeds, and each says why. */
    away(why: string): void {
      group.read = group.write = () => Promise.reject(new Error(why))
    },
    back(): void {
      Object.assign(group, { read, write })
    },
  }
}
