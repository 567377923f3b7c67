import { describe, expect, test } from '@jest/globals'
import { loadTexts } from '../i18n/texts.ts'
import { movableClock } from '../kernel/clock.ts'
import type { View } from '../views/view.ts'
import { modules, scenarios } from './catalogue.ts'
import { lastEnding, startJourney, type Journey } from './journey.ts'
import { sceneCard, sceneView } from './scenes.ts'
import { answer, choose, takeTurn } from './steps.ts'
import { closingView, exerciseView, followUpView, nudgeView, tipView } from './views.ts'

const texts = await loadTexts('locales')
const languages = texts.languages.map(({ code }) => texts.in(code))
const NETWORK = {
  id: 'rheinfurt',
  name: 'Rheinfurt',
  zone: 'Europe/Berlin',
  languages: ['de', 'en'],
  quietHours: { from: '18:00', to: '08:00' },
  weekend: [6, 7],
  phase: 'founding',
}

/** Every nudge of every module, sent and answered week by week. */
function wholeJourney(): Journey {
  const clock = movableClock('2026-11-24T08:00:00Z')
  let journey = startJourney('rheinfurt', 'founding')
  for (const { id, nudges } of modules) {
    journey = choose(journey, id, 'now')
    for (const nudge of nudges) {
      clock.moveTo(clock.now().add({ hours: 24 * 7 }))
      journey = takeTurn(journey, { occurrence: nudge.id, at: clock.now(), byHand: false }).journey
      journey = answer(journey, journey.posted.length - 1, 'done', clock.now()).journey
    }
  }
  return journey
}
const journey = wholeJourney()

const labels = (view: View): string[] =>
  view.blocks.flatMap((block) => (block.type === 'buttons' ? block.buttons.map(({ label }) => label) : []))
const said = (view: View): string => JSON.stringify(view)

describe.each(languages.map((t) => [t.language, t] as const))('in %s', (_language, t) => {
  test('all 47 nudges are told, each with done, later and skip, and how free one is', () => {
    expect(journey.posted).toHaveLength(47)
    journey.posted.forEach((posted, number) => {
      const view = nudgeView(t, journey, number, 'open')
      expect(labels(view)).toEqual([
        t.plain('modules:button.done'),
        t.plain('modules:button.later'),
        t.plain('modules:button.skip'),
      ])
      const text = said(view)
      expect(text).toContain(
        JSON.stringify(t.t(`modules-content:nudges.${posted.nudge}.prompt`)).slice(1, -1),
      )
      expect(text).toContain(t.t('modules:nudge.free'))
      expect(text).not.toContain(t.t(`modules-content:nudges.${posted.nudge}.tip`))
      expect(text).not.toMatch(/\{\{|undefined/)
    })
  })

  test('a nudge that was answered or overtaken has no buttons, and says so without blame', () => {
    for (const state of ['done', 'later', 'skip', 'overtaken', 'preview'] as const) {
      const view = nudgeView(t, journey, 3, state)
      expect(labels(view)).toEqual([])
      expect(said(view)).toContain(t.t(`modules:outcome.${state}`))
    }
  })

  test('progress has words beside the picture', () => {
    const text = said(nudgeView(t, journey, 2, 'open'))
    expect(text).toContain('▰▰▱▱▱')
    expect(text).toMatch(/3 (of|von|van|sur) 5/)
    expect(text).toMatch(/8 (of|von|van|sur) 8/)
  })

  test('every module has its tip, its closing, its exercise and its follow-up', () => {
    for (const [index, { id }] of modules.entries()) {
      const ending = lastEnding(journey, id)
      const posted = journey.posted.find(({ module }) => module === id)
      if (!ending || !posted) throw new Error(`${id} was left out`)
      const views = [
        tipView(t, posted),
        closingView(t, NETWORK, ending, modules[index + 1]?.id),
        exerciseView(t, id),
        followUpView(t, id),
      ]
      for (const view of views) expect(said(view)).not.toMatch(/\{\{|undefined/)
    }
  })

  test('scenes are marked as invented, in the card and in the channel', () => {
    for (const scenario of scenarios) {
      for (const view of [sceneView(t, { scenario, twists: 2 }), sceneCard(t, { scenario, twists: 0 })]) {
        expect(said(view)).toContain(t.t('guardrails:lines.invented-only'))
      }
    }
  })

  test('no text says that anything is finished, late or a failure', () => {
    const everything = journey.endings.map((ending) => said(closingView(t, NETWORK, ending, undefined)))
    expect(everything.join('\n')).not.toMatch(
      /congratulations|completed|abgeschlossen|Glückwunsch|verspätet/i,
    )
  })
})
