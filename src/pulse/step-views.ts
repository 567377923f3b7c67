import type { Translator } from '../i18n/texts.ts'
import type { Block, Button, Form, View } from '../views/view.ts'
import { content, elements, itemOf } from './content.ts'
import type { Step, WaveDoc } from './model.ts'
import { isShown, topicOf } from './scoring.ts'
import { plainView } from './views.ts'

/** A module's meeting exercise, as the modules room proposes it for an element. */
export interface Proposal {
  title(t: Translator): string
  view(t: Translator): View
}

/** A step in the coordinators' own words; the words of `none` say why there is none. */
export type OwnWords = 'own' | 'none'

/** What can follow from a wave: its topic, if a statement of the bank was shown, and the exercise for it. */
export interface Choices {
  wave: WaveDoc
  topic?: { item: string; band: string }
  proposal?: Proposal
}

const text = (markdown: string): Block => ({ type: 'text', text: markdown })
const small = (markdown: string): Block => ({ type: 'context', text: markdown })
const oneLine = (written: string): string => written.replace(/\s+/g, ' ')
const nameOf = (t: Translator, element: string): string => t.plain(`pulse-content:elements.${element}.name`)

const firstStep = (t: Translator, element: string) => ({
  title: t.plain(`modules-content:nudges.${elements.find(({ id }) => id === element)?.nudge}.title`),
  propose: t.plain(`pulse-content:elements.${element}.propose`),
})

function choiceButtons({ wave, topic, proposal }: Choices, t: Translator): Button[] {
  const choose = (step: Step['kind'], label: string): Button => ({
    label,
    action: { name: 'pulse.choose', args: { wave: wave._id, step } },
  })
  const say = (step: OwnWords, label: string): Button => ({
    label,
    opensForm: true,
    action: { name: 'pulse.word', args: { wave: wave._id, step } },
  })
  return [
    ...(topic
      ? [{ ...choose('nudge', t.plain('pulse:step.buttons.nudge')), style: 'primary' as const }]
      : []),
    ...(topic && proposal ? [choose('exercise', t.plain('pulse:step.buttons.exercise'))] : []),
    say('own', t.plain('pulse:step.buttons.own')),
    say('none', t.plain('pulse:step.buttons.none')),
  ]
}

/** For coordinators only: what a result may mean, and what could follow from it. */
export function offerView(choices: Choices, t: Translator): View {
  const { wave, topic, proposal } = choices
  const name = topic && nameOf(t, itemOf(topic.item).element)
  const exercise = proposal && [
    text(t.t('pulse:offer.exercise', { title: proposal.title(t) })),
    ...withoutButtons(proposal.view(t)),
  ]
  return {
    summary: name ? t.plain('pulse:offer.summary', { element: name }) : t.plain('pulse:offer.title'),
    blocks: [
      { type: 'heading', text: t.plain('pulse:offer.title') },
      text(t.t('pulse:offer.ask')),
      ...(topic ? aboutTopic(topic, t) : []),
      { type: 'buttons', buttons: choiceButtons(choices, t) },
      ...(wave.seconds ? [small(t.t('pulse:offer.seconds', { seconds: wave.seconds }))] : []),
      small(t.t('guardrails:lines.human-decides')),
      ...(exercise ? [{ type: 'divider' as const }, ...exercise] : []),
    ],
  }
}

function aboutTopic({ item, band: id }: { item: string; band: string }, t: Translator): Block[] {
  const { element } = itemOf(item)
  const band = t.plain(`pulse-content:bands.${id}.name`)
  const isSteady = id === content.bands.at(-1)?.id
  const may = t.plain(`pulse-content:elements.${element}.lowMayMean`)
  const not = t.plain(`pulse-content:elements.${element}.lowDoesNotMean`)
  return [
    text(t.t('pulse:offer.text', { element: nameOf(t, element), band })),
    ...(isSteady ? [] : [text(t.t('pulse:offer.means', { may, not }))]),
    text(t.t('pulse:offer.first', firstStep(t, element))),
  ]
}

/** The exercise to read; what takes up its module stays with the coordinators' other messages. */
const withoutButtons = ({ blocks }: View): Block[] => blocks.filter(({ type }) => type !== 'buttons')

/** For coordinators only: a pulse was left out, because nobody has chosen yet. */
export const waitingView = (choices: Choices, t: Translator): View =>
  plainView(
    t.plain('pulse:step.waits.summary'),
    t.plain('pulse:title'),
    [text(t.t('pulse:step.waits.text'))],
    choiceButtons(choices, t),
  )

/** What follows from a wave, as the team is told; nothing where nobody has chosen yet. */
export function stepBlocks({ wave, topic, proposal }: Choices, t: Translator): Block[] {
  const { step } = wave
  const element = topic && itemOf(topic.item).element
  switch (step?.kind) {
    case 'nudge':
      return element
        ? [
            text(t.t('pulse:step.team.nudge', { element: nameOf(t, element), ...firstStep(t, element) })),
            small(t.t('pulse:offer.teamDecides')),
          ]
        : []
    case 'exercise':
      return element && proposal
        ? [
            text(t.t('pulse:step.team.exercise', { element: nameOf(t, element), title: proposal.title(t) })),
            small(t.t('pulse:offer.teamDecides')),
          ]
        : []
    case 'own':
      return [
        text(t.t('pulse:step.team.own', { text: oneLine(step.text) })),
        small(t.t('pulse:offer.teamDecides')),
      ]
    case 'none':
      return [
        text(t.t('pulse:step.team.none', { text: oneLine(step.text) })),
        small(t.t('pulse:step.team.otherwise')),
      ]
    case undefined:
      return []
  }
}

/** Tells the team what follows, the steps of a chosen exercise included. */
export function teamView(choices: Choices, t: Translator): View {
  const { wave, proposal } = choices
  const exercise = wave.step?.kind === 'exercise' && proposal ? withoutButtons(proposal.view(t)) : []
  const title = t.plain('pulse:step.team.title')
  return plainView(title, title, [
    ...stepBlocks(choices, t),
    ...(exercise.length > 0 ? [{ type: 'divider' as const }, ...exercise] : []),
  ])
}

/** Takes the place of the offer in all coordinators' chats once one of them has chosen. */
export const chosenView = (choices: Choices, t: Translator): View =>
  plainView(t.plain('pulse:step.chosen.summary'), t.plain('pulse:offer.title'), [
    text(t.t('pulse:step.chosen.text')),
    ...stepBlocks(choices, t),
  ])

/** One field for the coordinators' own words. */
export const wordForm = (wave: string, step: OwnWords, t: Translator): Form => ({
  title: t.plain(`pulse:step.form.${step}.title`),
  intro: [t.t('guardrails:lines.general-only'), t.t('pulse:step.form.intro')].join('\n'),
  fields: [
    {
      id: 'text',
      type: 'text',
      multiline: true,
      required: true,
      maxLength: content.freeTextMaxChars,
      label: t.plain(`pulse:step.form.${step}.label`),
    },
  ],
  submitLabel: t.plain('pulse:step.form.send'),
  cancelLabel: t.plain('pulse:answer.cancel'),
  action: { name: 'pulse.decide', args: { wave, step } },
  openedBy: { name: 'pulse.word', args: { wave, step } },
})

/** Whether something was shown from which a step can follow, and which topic it is about. */
export const topicIn = ({ result }: WaveDoc): Choices['topic'] =>
  result && isShown(result) ? topicOf(result) : undefined
