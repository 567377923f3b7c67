import { expect, test } from '@jest/globals'
import { loadTexts } from '../i18n/texts.ts'
import { problemOf } from './own-rules.ts'

const texts = await loadTexts('locales')
const names = {
  members: ['Aylin Demir', 'Jan van der Berg', 'Ö. Braun'],
  partners: ['Jugendamt Rheinfurt', 'Hafenfreunde', 'AG'],
}
const problem = (text: string, language: string): string | undefined =>
  problemOf(text, texts.in(language), names)?.key.replace('pulse-own:errors.', '')

test.each([
  ['en', 'Our meetings start and end on time.'],
  ['en', 'I know whom to call, e.g. at the weekend.'],
  ['en', 'Our newsletter (approx. four pages) is worth reading.'],
  ['en', 'We are better together!'],
  ['de', 'Wir wissen, was z. B. Schulen brauchen.'],
  ['de', 'Kolleg:innen bzw. Ehrenamtliche werden gehört.'],
  ['de', 'Unsere Treffen bringen mir, inkl. Anfahrt, genug.'],
  ['de', 'Mitarbeiter/-innen aller Häuser kommen zu Wort.'],
  // A word in front of a name, and a part of a longer word, are no names.
  ['de', 'Unsere Treffen helfen der Stadt.'],
  ['de', 'Unsere Braunkohle-Gruppe kommt voran.'],
  ['de', 'Das Jugendamt ist gut erreichbar.'],
  ['en', 'x'.repeat(70)],
])('%s: "%s" can be asked', (language, text) => {
  expect(problem(text, language)).toBeUndefined()
})

test.each([
  ['en', 'tooLong', 'x'.repeat(71)],
  ['en', 'question', 'Do we listen to each other?'],
  ['en', 'question', 'Do we listen to each other？'],
  ['en', 'oneIdea', 'We listen; we act.'],
  ['en', 'oneIdea', 'We listen. We act.'],
  ['en', 'oneIdea', 'We listen! And we act.'],
  ['en', 'oneIdea', 'Meetings and/or calls help me.'],
  ['de', 'oneIdea', 'Treffen und/oder Anrufe helfen mir.'],
  ['de', 'oneIdea', 'Wir hören zu. Wir handeln.'],
  ['en', 'name', 'AYLIN listens to us.'],
  ['de', 'name', 'Mit demir arbeite ich gern.'],
  ['de', 'name', 'Herr van der Berg hört zu.'],
  ['de', 'name', 'Das Jugendamt Rheinfurt hört zu.'],
  ['en', 'name', 'The hafenfreunde are heard.'],
])('%s: %s: "%s"', (language, expected, text) => {
  expect(problem(text, language)).toBe(expected)
})

test('any text is looked through in linear time', () => {
  for (const part of ['a. ', 'aaa. ', 'A', '. ', '… ', 'und/oder ']) {
    const started = performance.now()
    problemOf(part.repeat(50_000).slice(0, 70), texts.in('de'), names)
    problemOf(part.repeat(50_000), texts.in('de'), names)
    expect(performance.now() - started).toBeLessThan(1000)
  }
})
