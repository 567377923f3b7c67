import { setImmediate as others } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Step } from './deliver.ts'
import type { CreateDispatcher, Dispatcher, Due } from './dispatcher.ts'

const CITY = 'slack|T0CITY'
const COUNTY = 'teams|county'
const due = (id: string, target: string, lane = CITY): Due => ({ id, lane, target })

/**
 * What every dispatcher does alike, with a ledger that is but a list of what is done.
 * @param open makes what creates dispatchers; those of one opening share what they share between processes
 */
export function dispatcherSuite(name: string, open: () => CreateDispatcher): void {
  describe(`dispatcher: ${name}`, () => {
    let create: CreateDispatcher
    const made: Dispatcher[] = []
    const done: string[] = []
    let fate: (id: string) => Promise<Step>
    let isOver: boolean

    const deliver = async (id: string): Promise<Step> => {
      const step = await fate(id)
      if (step === 'done' && !done.includes(id)) done.push(id)
      return step
    }
    const dispatcher = (): Dispatcher => {
      const one = create(deliver)
      made.push(one)
      return one
    }
    /** Hands over what is left, as each tick does, until it is so. */
    async function handOver(all: Due[], isEnough: () => boolean, by: Dispatcher[]): Promise<void> {
      while (!isOver && !isEnough()) {
        const left = all.filter(({ id }) => !done.includes(id))
        for (const lane of new Set(left.map((one) => one.lane))) {
          const some = left.filter((one) => one.lane === lane)
          await Promise.allSettled(by.map((one) => one.handOver(some)))
        }
        await others()
      }
    }

    beforeEach(() => {
      create = open()
      done.length = 0
      isOver = false
      fate = async () => 'done'
    })
    afterEach(async () => {
      isOver = true
      await Promise.all(made.splice(0).map((one) => one.close()))
    })

    test('does all there is', async () => {
      const all = [due('a', 'x'), due('b', 'y'), due('c', 'z', COUNTY)]
      await handOver(all, () => done.length === 3, [dispatcher()])
      expect(done.toSorted()).toEqual(['a', 'b', 'c'])
    })

    test('keeps the order of each target', async () => {
      const all = Array.from({ length: 40 }, (_, n) => due(`${n % 4}-${n}`, `target ${n % 4}`))
      fate = async () => {
        await others()
        return 'done'
      }
      await handOver(all, () => done.length === 40, [dispatcher()])
      for (const target of ['0', '1', '2', '3']) {
        const numbers = done.filter((id) => id.startsWith(target)).map((id) => Number(id.split('-')[1]))
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      }
    })

    test('a closed lane holds up its own, and no other', async () => {
      let isOpen = false
      fate = async (id) => (id.startsWith('closed') && !isOpen ? 'lane-closed' : 'done')
      const all = [due('closed a', 'x'), due('closed b', 'x'), due('c', 'z', COUNTY)]
      const by = [dispatcher()]
      await handOver(all, () => done.length === 1, by)
      expect(done).toEqual(['c'])
      isOpen = true
      await handOver(all, () => done.length === 3, by)
      expect(done).toEqual(['c', 'closed a', 'closed b'])
    })

    test('what fails is done later, and harms nothing else', async () => {
      let failures = 2
      fate = async (id) => {
        if (id === 'a' && failures-- > 0) throw new Error('the store is away')
        return 'done'
      }
      await handOver([due('a', 'x'), due('b', 'y')], () => done.length === 2, [dispatcher()])
      expect(done.toSorted()).toEqual(['a', 'b'])
    })

    test('several do it together', async () => {
      const all = Array.from({ length: 30 }, (_, n) => due(String(n), `target ${n}`, `lane ${n % 5}`))
      await handOver(all, () => done.length === 30, [dispatcher(), dispatcher(), dispatcher()])
      expect(done).toHaveLength(30)
    })
  })
}
