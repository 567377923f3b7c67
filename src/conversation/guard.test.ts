import { describe, expect, test } from '@jest/globals'
import { loadTexts } from '../i18n/texts.ts'
import { kinderWord, looksPersonal } from './guard.ts'

const texts = await loadTexts('locales')

test.each([
  'write to aylin@example.eu',
  'call +49 170 1234567',
  'born on 1.2.2008',
  'geboren am 1.2.2008',
  'né le 1/2/2008',
  'geboortedatum: 1-2-2008',
])('%s: looks personal', (text) => expect(looksPersonal(text)).toBe(true))

test.each(['14 schools, 2026-11-24 at 09:30', 'since 2019 we meet on Tuesdays', 'die neuen Geburtsurkunden'])(
  '%s: does not',
  (text) => expect(looksPersonal(text)).toBe(false),
)

describe('a kinder word', () => {
  test('is proposed where a word begins, whatever its ending', () => {
    expect(kinderWord('Wir sprechen mit den Tätern.', texts.in('de'))).toMatch(/^Person, um die es geht/)
    expect(kinderWord('FOREIGNERS welcome', texts.in('en'))).toMatch(/^residents/)
  })

  test('not inside another word', () => {
    expect(kinderWord('Ehrenamtstäterin', texts.in('de'))).toBeUndefined()
    expect(kinderWord('nothing of that kind', texts.in('en'))).toBeUndefined()
  })
})
