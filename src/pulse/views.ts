import { toInstant } from '../kernel/clock.ts'
import type { Texts, Translator } from '../i18n/texts.ts'
import type { ActionRef, Block, Button, Field, Form, View } from '../views/view.ts'
import { content } from './content.ts'
import type { WaveDoc } from './model.ts'
import type { OwnStatement } from './own-items.ts'
import type { Answers } from './scoring.ts'
import { statementOf } from './wording.ts'

/** What is shown of a wave before it is answered: its frozen rules. */
export type Rules = Pick<
  WaveDoc,
  'items' | 'own' | 'freeText' | 'minimum' | 'invited' | 'languages' | 'closesAt'
>

/** How a wave looks to one reader: the statements may be in another language than the reader's other texts. */
export interface Reading {
  texts: Texts
  t: Translator
  zone: string
}

/** A heading and a few lines, with buttons below where there are any. */
export const plainView = (summary: string, title: string, lines: Block[], buttons: Button[] = []): View => ({
  summary,
  blocks: [
    { type: 'heading', text: title },
    ...lines,
    ...(buttons.length > 0 ? [{ type: 'buttons' as const, buttons }] : []),
  ],
})

const text = (markdown: string): Block => ({ type: 'text', text: markdown })
const small = (markdown: string): Block => ({ type: 'context', text: markdown })

export const answerButton = (t: Translator, wave: string): Button => ({
  label: t.plain('pulse:answer.button'),
  style: 'primary',
  opensForm: true,
  action: { name: 'pulse.open', args: { wave } },
})

export const closesOf = (
  { closesAt }: Pick<WaveDoc, 'closesAt'>,
  { t, zone }: Omit<Reading, 'texts'>,
): string => (closesAt ? t.dateTime(toInstant(closesAt), zone) : '')

/** A member's own sheet: the promise first, then the statements, each answered with one tap. */
export function sheetView(wave: Rules & { _id: string }, answers: Answers, reading: Reading): View {
  const isComplete = wave.items.every((item) => answers.scores[item] !== undefined)
  const view = sheet(wave, reading, (item) => ({
    ...(answers.scores[item] !== undefined && { answer: answers.scores[item] }),
    action: { name: 'pulse.answer', args: { wave: wave._id, item } },
  }))
  const more: Block = {
    type: 'buttons',
    buttons: [
      {
        label: reading.t.plain('pulse:sheet.say'),
        opensForm: true,
        action: { name: 'pulse.say', args: { wave: wave._id } },
      },
    ],
  }
  const thanks = isComplete ? [text(reading.t.t('pulse-content:instructions.closing'))] : []
  return { ...view, blocks: [...view.blocks, ...thanks, more] }
}

/** The next sheet as members would get it; what is tapped on it is stored nowhere. */
export function previewView(rules: Rules, reading: Reading): View {
  const view = sheet(rules, reading, () => ({ action: { name: 'pulse.look' } }))
  return { ...view, blocks: [small(reading.t.t('pulse:preview.note')), ...view.blocks] }
}

function sheet(
  rules: Rules,
  { texts, t, zone }: Reading,
  answering: (item: string) => { answer?: number; action: ActionRef },
): View {
  const { items, own, languages } = rules
  // Honest about who has read a translation: people compare their answers across languages.
  const named = (code: string): string => {
    const language = texts.nameOf(code)
    return texts.isProposed(code) ? t.plain('pulse:sheet.proposed', { language }) : language
  }
  return plainView(t.plain('pulse:sheet.summary', { count: items.length }), t.plain('pulse:title'), [
    text(t.t('pulse-content:instructions.intro')),
    text(promise(rules, { t, zone })),
    text(t.t('pulse:sheet.why')),
    ...items.map((item): Block => ({ type: 'scale', ...statement(t, item, own), ...answering(item) })),
    small(t.t('pulse:sheet.languages', { languages: t.list(languages.map(named)) })),
  ])
}

/** The anonymity card: who is invited, the minimum, until when, what the team will see, and what nobody ever will. */
function promise({ invited, minimum, closesAt }: Rules, { t, zone }: Omit<Reading, 'texts'>): string {
  const { minAnswersNumbers: numbers, minAnswersFreeText: remarks } = content.anonymity
  const closes = closesOf({ closesAt }, { t, zone })
  return t.t('pulse:sheet.promise', { invited, closes, minimum, numbers, remarks })
}

const statement = (t: Translator, item: string, own: OwnStatement | undefined) => ({
  statement: statementOf(item, own, t),
  ...scaleOf(t),
})

const scaleOf = (t: Translator) => ({
  points: [1, 2, 3, 4, 5].map((value) => ({ value, label: t.plain(`pulse-content:scale.${value}`) })),
  skipLabel: t.plain('pulse-content:scale.cannotSay'),
})

/** Field id of the n-th statement in the form. */
export const scoreField = (index: number): string => `score${index}`

/**
 * The sheet as a dialog, with what the member has answered so far.
 * @param fields `all`: statements and free text; `text`: the free text alone
 */
export function answerForm(wave: WaveDoc, answers: Answers, reading: Reading, fields: 'all' | 'text'): Form {
  const { t } = reading
  const written: Field = {
    id: 'text',
    type: 'text',
    multiline: true,
    maxLength: content.freeTextMaxChars,
    label: t.plain(`pulse-content:freeText.${wave.freeText}`),
    help: t.plain('pulse-content:instructions.freeTextNotice'),
    value: answers.text,
  }
  const scores = wave.items.map((item, index): Field => {
    const { statement: label, ...scale } = statement(t, item, wave.own)
    return { id: scoreField(index), type: 'scale', label, ...scale, value: answers.scores[item]?.toString() }
  })
  const args = { wave: wave._id }
  return {
    title: t.plain('pulse:answer.form'),
    intro: [
      // Whoever opens the form from the channel has not read the card on a sheet.
      ...(fields === 'all' ? [promise(wave, reading)] : []),
      t.t('guardrails:lines.general-only'),
      t.t('pulse:answer.intro', { closes: closesOf(wave, reading) }),
    ].join('\n'),
    fields: fields === 'all' ? [...scores, written] : [written],
    submitLabel: t.plain('pulse:answer.send'),
    cancelLabel: t.plain('pulse:answer.cancel'),
    action: { name: 'pulse.submit', args },
    openedBy: { name: fields === 'all' ? 'pulse.open' : 'pulse.say', args },
  }
}

/** Tells the team that a wave is open; no counts, ever. */
export const announcementView = (wave: WaveDoc, t: Translator, zone: string): View =>
  plainView(
    t.plain('pulse:announcement.summary'),
    t.plain('pulse:title'),
    [
      text(t.t('pulse:announcement.text')),
      text(t.t('pulse:announcement.until', { closes: closesOf(wave, { t, zone }) })),
    ],
    [answerButton(t, wave._id)],
  )

/** The one reminder: the same for everybody invited. */
export const reminderView = (wave: WaveDoc, t: Translator, zone: string): View =>
  plainView(
    t.plain('pulse:reminder.summary'),
    t.plain('pulse:title'),
    [text(t.t('pulse:reminder.text', { closes: closesOf(wave, { t, zone }) }))],
    [answerButton(t, wave._id)],
  )

/** The announcement after closing, without its button. */
export const overView = (t: Translator): View =>
  plainView(t.plain('pulse:closed.summary'), t.plain('pulse:title'), [text(t.t('pulse:announcement.closed'))])

/** Takes the place of every sheet after closing, so that no answer stays in a chat. */
export const closedView = (t: Translator): View =>
  plainView(t.plain('pulse:closed.summary'), t.plain('pulse:title'), [text(t.t('pulse:closed.text'))])

/** For networks too small to stay anonymous: the statements to talk about. */
export const cardView = (items: string[], t: Translator): View =>
  plainView(t.plain('pulse:card.summary'), t.plain('pulse:card.title'), [
    text(t.t('pulse:card.text')),
    text(items.map((item) => `- ${t.t(`pulse-content:items.${item}`)}`).join('\n')),
  ])

/** The turn that is left out after a cycle. */
export const pauseView = (t: Translator): View =>
  plainView(t.plain('pulse:pause.summary'), t.plain('pulse:title'), [text(t.t('pulse:pause.text'))])
