import { groupBy, inParallel } from '../kernel/parallel.ts'
import type { Step } from './deliver.ts'

/** A delivery that is due, with what its order depends on. */
export interface Due {
  id: string
  /** Platform and tenant. */
  lane: string
  /** The channel or the member: what goes to one target goes in order. */
  target: string
}

/**
 * Hands over what is due to `deliver`. Only a hint: what a dispatcher loses is due still, and is handed over again. The
 * one here works in this process; the one over Redis (bullmq.ts) lets any process do it.
 */
export interface Dispatcher {
  /** @returns how many took a step here and now; 0 where others will do the work, or nothing can go on */
  handOver(due: Due[]): Promise<number>
  /** Takes no more; resolves when what others had it do has ended. */
  close(): Promise<void>
}

/** Makes a dispatcher over `deliver`, which takes the next step with one delivery. */
export type CreateDispatcher = (deliver: (id: string) => Promise<Step>) => Dispatcher

// Enough for Teams' 40 a second at 200 ms each.
const AT_ONCE = 8

/** Works in this process: several targets at once, each in its own order. */
export const createInProcessDispatcher: CreateDispatcher = (deliver) => ({
  async handOver(due) {
    const closed = new Set<string>()
    let steps = 0
    const byTarget = groupBy(due, ({ target }) => target)
    await inParallel(byTarget, AT_ONCE, async (queue) => {
      for (const { id, lane } of queue) {
        if (closed.has(lane)) return
        const step = await deliver(id)
        // What comes next must not overtake.
        if (step === 'in-flight') return
        if (step === 'lane-closed') closed.add(lane)
        else steps++
      }
    })
    return steps
  },
  close: async () => {},
})
