import { Temporal } from 'temporal-polyfill'
import type { Translator } from '../i18n/texts.ts'
import type { Pictures } from '../pictures/pictures.ts'
import type { Block, Form, View } from '../views/view.ts'
import { content, elements, itemOf } from './content.ts'
import type { RemarkDoc, WaveDoc } from './model.ts'
import type { OwnStatement } from './own-items.ts'
import { cyclePicture, resultPicture } from './result-pictures.ts'
import { dotsOf, isShown, topicOf, type Released, type Result } from './scoring.ts'
import type { Line } from './trend.ts'
import { plainView } from './views.ts'
import { wordingOf } from './wording.ts'

const text = (markdown: string): Block => ({ type: 'text', text: markdown })
const small = (markdown: string): Block => ({ type: 'context', text: markdown })

const elementOf = (item: string): string => itemOf(item).element
const nameOf = (t: Translator, element: string): string => t.plain(`pulse-content:elements.${element}.name`)

/** What a line of a result is about: the element of its statement, or the network's own words. */
const titleOf = (t: Translator, item: string, own: OwnStatement | undefined): string =>
  item === own?.id
    ? t.plain('pulse-own:result', { statement: wordingOf(own, t) })
    : nameOf(t, elementOf(item))

function line(t: Translator, name: string, { band, spread, mean }: Released): string {
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

/** A closed wave as its result is shown. */
type Shown = Pick<WaveDoc, 'own'> & { result: Result }

/** What the team said together, and the one thing to talk about; or kindly that there is no result. */
export async function resultView({ result, own }: Shown, t: Translator, pictures: Pictures): Promise<View> {
  const topic = topicOf(result)
  const summary = t.plain('pulse:result.summary')
  if (!isShown(result))
    return plainView(summary, summary, [text(t.t('pulse-content:instructions.noResultYet'))])
  const lines = result.items.map(({ item, ...released }) => ({ title: titleOf(t, item, own), ...released }))
  return plainView(summary, summary, [
    ...(await pictures.positions(resultPicture(lines, t))),
    text(lines.map(({ title, ...released }) => line(t, title, released)).join('\n')),
    {
      type: 'facts',
      facts: [{ label: t.plain('pulse:result.answers'), value: t.plain('pulse-content:answers') }],
    },
    ...(topic ? [{ type: 'divider' as const }, ...aboutTopic(topic, t)] : []),
    small(t.t('pulse-content:instructions.caution')),
  ])
}

function aboutTopic({ item, band }: { item: string; band: string }, t: Translator): Block[] {
  const element = elementOf(item)
  return [
    text(
      t.t('pulse:result.topic', {
        element: nameOf(t, element),
        definition: t.plain(`pulse-content:elements.${element}.definition`),
      }),
    ),
    text(t.t(`pulse-content:bands.${band}.meaning`)),
    text(
      t.t('pulse:result.question', {
        question: t.plain(`pulse-content:elements.${element}.conversationStarter`),
      }),
    ),
    text(
      t.t('pulse-results:exercise', {
        title: t.plain(`modules-content:nudges.${elements.find(({ id }) => id === element)?.nudge}.title`),
      }),
    ),
  ]
}

/** A whole cycle, element by element, and what has changed since the one before. */
export async function cycleView(lines: Line[], t: Translator, pictures: Pictures): Promise<View> {
  const titled = lines.map((one) => ({ title: nameOf(t, one.element), ...one }))
  const isCompared = lines.some(({ change }) => change)
  return plainView(t.plain('pulse:result.cycle'), t.plain('pulse:result.cycle'), [
    ...(await pictures.positions(cyclePicture(titled, t))),
    text(titled.map(({ title, ...one }) => line(t, title, one) + comparison(one, t)).join('\n')),
    small(t.t('pulse:result.cycleText')),
    ...(isCompared ? [small(t.t('pulse-results:changeText'))] : []),
  ])
}

/** What a line says of one cycle earlier: its number beside a number, else its band. */
function comparison({ mean, before, change }: Line, t: Translator): string {
  if (!before || !change) return ''
  const earlier =
    mean !== undefined && before.mean !== undefined
      ? t.number(before.mean)
      : t.plain(`pulse-content:bands.${before.band}.name`)
  return t.t('pulse-results:comparison', { earlier, change: t.plain(`pulse-results:change.${change}`) })
}

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
