import { Temporal } from 'temporal-polyfill'
import type { Translator } from '../i18n/texts.ts'
import type { Block, Form, View } from '../views/view.ts'
import { content, elements, itemOf } from './content.ts'
import type { RemarkDoc, WaveDoc } from './model.ts'
import { dotsOf, topicOf, type Released, type Result } from './scoring.ts'
import { plainView } from './views.ts'

/** A module's meeting exercise, as the modules room proposes it for an element. */
export interface Proposal {
  title(t: Translator): string
  view(t: Translator): View
}

const text = (markdown: string): Block => ({ type: 'text', text: markdown })
const small = (markdown: string): Block => ({ type: 'context', text: markdown })

const elementOf = (item: string): string => itemOf(item).element
const nameOf = (t: Translator, element: string): string => t.plain(`pulse-content:elements.${element}.name`)

function line(t: Translator, element: string, { band, spread, mean }: Released): string {
  const name = nameOf(t, element)
  if (!band) return t.t('pulse:result.withheld', { element: name })
  return t.t('pulse:result.line', {
    element: name,
    dots: dotsOf(band),
    band: t.plain(`pulse-content:bands.${band}.name`),
    spread: spread
      ? t.plain('pulse:result.spread', { spread: t.plain(`pulse-content:spread.${spread}`) })
      : '',
    mean: mean === undefined ? '' : t.plain('pulse:result.mean', { mean: t.number(mean) }),
  })
}

/** What the team said together, and the one thing to talk about; or kindly that there is no result. */
export function resultView(result: Result, t: Translator): View {
  const topic = topicOf(result)
  const summary = t.plain('pulse:result.summary')
  if (!topic) return plainView(summary, summary, [text(t.t('pulse-content:instructions.noResultYet'))])
  const element = elementOf(topic.item)
  return plainView(summary, summary, [
    text(result.items.map(({ item, ...released }) => line(t, elementOf(item), released)).join('\n')),
    {
      type: 'facts',
      facts: [{ label: t.plain('pulse:result.answers'), value: t.plain('pulse-content:answers') }],
    },
    { type: 'divider' },
    text(
      t.t('pulse:result.topic', {
        element: nameOf(t, element),
        definition: t.plain(`pulse-content:elements.${element}.definition`),
      }),
    ),
    text(t.t(`pulse-content:bands.${topic.band}.meaning`)),
    text(
      t.t('pulse:result.question', {
        question: t.plain(`pulse-content:elements.${element}.conversationStarter`),
      }),
    ),
    small(t.t('pulse-content:instructions.caution')),
  ])
}

/** A whole cycle, element by element. */
export const cycleView = (lines: { element: string; band: string; mean?: number }[], t: Translator): View =>
  plainView(t.plain('pulse:result.cycle'), t.plain('pulse:result.cycle'), [
    text(lines.map(({ element, ...released }) => line(t, element, released)).join('\n')),
    small(t.t('pulse:result.cycleText')),
  ])

const nudgeOf = (element: string): string => elements.find(({ id }) => id === element)?.nudge ?? ''

/** For coordinators only: what a result may mean, and what they could offer the team. */
export function offerView(
  wave: string,
  topic: { item: string; band: string },
  proposal: Proposal | undefined,
  t: Translator,
): View {
  const element = elementOf(topic.item)
  const name = nameOf(t, element)
  const band = t.plain(`pulse-content:bands.${topic.band}.name`)
  const isSteady = topic.band === content.bands.at(-1)?.id
  const may = t.plain(`pulse-content:elements.${element}.lowMayMean`)
  const not = t.plain(`pulse-content:elements.${element}.lowDoesNotMean`)
  const exercise = proposal && [
    text(t.t('pulse:offer.exercise', { title: proposal.title(t) })),
    ...proposal.view(t).blocks,
  ]
  return {
    summary: t.plain('pulse:offer.summary', { element: name }),
    blocks: [
      { type: 'heading', text: t.plain('pulse:offer.title') },
      text(t.t('pulse:offer.text', { element: name, band })),
      ...(isSteady ? [] : [text(t.t('pulse:offer.means', { may, not }))]),
      text(t.t('pulse:offer.first', firstStep(t, element))),
      {
        type: 'buttons',
        buttons: [
          { label: t.plain('pulse:offer.button'), action: { name: 'pulse.suggest', args: { wave } } },
        ],
      },
      small(t.t('guardrails:lines.human-decides')),
      ...(exercise ? [{ type: 'divider' as const }, ...exercise] : []),
    ],
  }
}

/** What a coordinator puts before the team. */
export function suggestionView({ item }: { item: string }, t: Translator): View {
  const element = nameOf(t, elementOf(item))
  return plainView(t.plain('pulse:offer.summary', { element }), t.plain('pulse:offer.title'), [
    text(t.t('pulse:offer.team', { element, ...firstStep(t, elementOf(item)) })),
    small(t.t('pulse:offer.teamDecides')),
  ])
}

const firstStep = (t: Translator, element: string) => ({
  title: t.plain(`modules-content:nudges.${nudgeOf(element)}.title`),
  propose: t.plain(`pulse-content:elements.${element}.propose`),
})

/** For coordinators only: twice in a row there was nothing to show. */
export const slowerView = (t: Translator): View =>
  plainView(t.plain('pulse:slower.summary'), t.plain('pulse:title'), [
    text(t.t('pulse:slower.text')),
    small(t.t('guardrails:lines.human-decides')),
  ])

/** Tells coordinators that remarks wait to be read. */
export const remarksView = (wave: string, until: Temporal.PlainDate, t: Translator): View =>
  plainView(
    t.plain('pulse:remarks.summary'),
    t.plain('pulse:remarks.title'),
    [text(t.t('pulse:remarks.text')), small(t.t('pulse:remarks.until', { date: t.date(until) }))],
    [
      {
        label: t.plain('pulse:remarks.read'),
        style: 'primary',
        opensForm: true,
        action: { name: 'pulse.remarks', args: { wave } },
      },
    ],
  )

/** Field id of the n-th remark in the form. */
export const remarkField = (index: number): string => `remark${index}`

/** Each remark in a field of its own: shorten it, or empty it. */
export const remarksForm = (wave: string, remarks: RemarkDoc[], t: Translator): Form => ({
  title: t.plain('pulse:remarks.form'),
  intro: [t.t('pulse:remarks.text'), t.t('guardrails:lines.general-only')].join('\n'),
  fields: remarks.map((remark, index) => ({
    id: remarkField(index),
    type: 'text',
    multiline: true,
    maxLength: content.freeTextMaxChars,
    label: t.plain('pulse:remarks.label', { number: index + 1 }),
    value: remark.text,
  })),
  submitLabel: t.plain('pulse:remarks.send'),
  cancelLabel: t.plain('pulse:answer.cancel'),
  action: { name: 'pulse.release', args: { wave, ids: remarks.map(({ _id }) => _id).join(',') } },
  openedBy: { name: 'pulse.remarks', args: { wave } },
})

/** What coordinators released, in the team channel. */
export const releasedView = ({ freeText }: WaveDoc, remarks: string[], t: Translator): View =>
  plainView(t.plain('pulse:remarks.team'), t.plain('pulse:remarks.team'), [
    text(t.t('pulse:remarks.teamText', { question: t.plain(`pulse-content:freeText.${freeText}`) })),
    text(
      remarks.map((remark) => t.t('pulse:remarks.line', { remark: remark.replace(/\s+/g, ' ') })).join('\n'),
    ),
    small(t.t('pulse:remarks.order')),
  ])
