import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readExecute, readSubmission, readTaskFetch } from './codec.ts'

describe('what comes back from a card', () => {
  test('is never trusted to have a shape', () => {
    const known = fc.record(
      { action: fc.anything(), data: fc.anything(), verb: fc.anything(), linkpin: fc.anything() },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(fc.anything(), known), (value) => {
        expect(readExecute(value)).toBeUndefined()
        expect(readTaskFetch(value)).toBeUndefined()
        expect(readSubmission(value)).toBeUndefined()
      }),
    )
  })

  test.each([
    { $gt: '' },
    { 'a.b': 1 },
    { a$b: 1 },
    { list: ['x'] },
    { nested: { a: 1 } },
    { nothing: null },
  ])('arguments such as %j are refused', (args) => {
    const press = { name: 'pulse.answer', args }
    expect(readTaskFetch({ data: { linkpin: { press } } })).toBeUndefined()
    expect(readExecute({ action: { verb: 'pulse.answer', data: { linkpin: { args } } } })).toBeUndefined()
  })

  test('fields with strange names change no prototype', () => {
    const data: object = JSON.parse(
      '{"f:__proto__":"x","m:constructor":"y","__proto__":{"polluted":1},"linkpin":{"submit":{"name":"a.b"},"openedBy":{"name":"a.c"}}}',
    )
    const submission = readSubmission({ data })
    expect(submission).toMatchObject({ kind: 'submit' })
    const args: object = JSON.parse('{"__proto__":{"polluted":1}}')
    expect(readTaskFetch({ data: { linkpin: { press: { name: 'a.b', args } } } })).toEqual({
      action: { name: 'a.b', args: {} },
    })
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('broken percent signs and other types are taken as they are, or not at all', () => {
    const linkpin = { submit: { name: 'a.b' }, openedBy: { name: 'a.c' } }
    expect(readSubmission({ data: { linkpin, 'm:x': '%E0%A4%A,ok', 'f:y': 7, 'f:z': '' } })).toMatchObject({
      values: { x: ['%E0%A4%A', 'ok'], z: undefined },
    })
  })
})
