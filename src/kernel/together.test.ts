import { beforeEach, expect, test } from '@jest/globals'
import { askTogether } from './together.ts'

const store = new Map<string, number>()
const questions: string[][] = []
const find = askTogether(async (keys) => {
  questions.push(keys)
  if (keys.includes('broken')) throw new Error('the store is away')
  return new Map(keys.flatMap((key) => (store.has(key) ? [[key, store.get(key) ?? 0]] : [])))
})

beforeEach(() => {
  store.clear()
  questions.length = 0
})

test('what is asked at once is one question, each thing once', async () => {
  store.set('a', 1).set('b', 2)
  expect(await Promise.all(['a', 'b', 'a', 'none'].map(find))).toEqual([1, 2, 1, undefined])
  expect(questions).toEqual([['a', 'b', 'none']])
})

test('asked again, it is looked up again', async () => {
  store.set('a', 1)
  expect(await find('a')).toBe(1)
  store.delete('a')
  expect(await find('a')).toBeUndefined()
})

test('what changes before the question is put is in the answer', async () => {
  const asked = find('a')
  store.set('a', 1)
  expect(await asked).toBe(1)
})

test('who asks while an answer is on its way is not given that one', async () => {
  store.set('a', 1)
  const first = find('a')
  await first
  const [second] = [find('a'), store.set('a', 2)]
  expect(await second).toBe(2)
})

test('a question that fails is told to all who asked, and to nobody after', async () => {
  const outcomes = await Promise.allSettled(['a', 'broken'].map(find))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await find('a')).toBeUndefined()
})

test('very many are asked for in parts', async () => {
  const keys = Array.from({ length: 1200 }, (_, n) => String(n))
  await Promise.all(keys.map(find))
  expect(questions.map(({ length }) => length)).toEqual([500, 500, 200])
})
