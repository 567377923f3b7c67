import { expect, test } from '@jest/globals'
import { groupBy, inParallel } from './parallel.ts'

test('so many at a time, and all of them', async () => {
  let [running, most, done] = [0, 0, 0]
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async () => {
    most = Math.max(most, ++running)
    await Promise.resolve()
    running--
    done++
  })
  expect({ most, done }).toEqual({ most: 3, done: 7 })
})

test('what fails holds up nothing else, and is told in the end', async () => {
  const done: number[] = []
  const work = inParallel([1, 2, 3, 4], 1, async (item) => {
    if (item === 2) throw new Error('two')
    done.push(item)
  })
  await expect(work).rejects.toThrow('two')
  expect(done).toEqual([1, 3, 4])
})

test('groups keep the order', () => {
  expect(groupBy(['a1', 'b1', 'a2'], (text) => text.charAt(0))).toEqual([['a1', 'a2'], ['b1']])
})
