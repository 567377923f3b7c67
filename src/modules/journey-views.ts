import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '../conversation/port.ts'
import type { Translator } from '../i18n/texts.ts'
import { localDate, toInstant } from '../kernel/clock.ts'
import type { Markdown } from '../views/markdown.ts'
import type { Block, Button, Form, View } from '../views/view.ts'
import { moduleOf, modules, phaseQuestions, phases, type Module, type Phase } from './catalogue.ts'
import { lastEnding, modulesSeen, nudgesIn, progressOf, stateOf, type Journey } from './journey.ts'
import { bar, moduleName } from './views.ts'

/** Where the network stands: its phase, all modules, and when the next nudge comes (`next`, if it is scheduled). */
export function journeyView(ctx: Ctx, journey: Journey, next: Temporal.Instant | undefined): View {
  const { t, member } = ctx
  const lines = journey.modules.map(({ module }) => `- ${moduleLine(ctx, journey, module)}`)
  const blocks: Block[] = [
    { type: 'heading', text: t.plain('modules:journey.title') },
    { type: 'text', text: phaseLine(t, journey.phase) },
    { type: 'text', text: overall(t, journey) },
    { type: 'text', text: lines.join('\n') },
    { type: 'text', text: nextLine(ctx, next) },
  ]
  if (member.coordinator) {
    const begin: Button = {
      label: t.plain('modules:begin.button'),
      style: 'primary',
      action: { name: 'modules.begin' },
    }
    const buttons = [chooseButton(t), phaseButton(t)]
    blocks.push({ type: 'buttons', buttons: next ? buttons : [begin, ...buttons] })
  }
  blocks.push({ type: 'context', text: t.t('modules:journey.never') })
  return { summary: t.plain('modules:journey.title'), blocks }
}

/** The journey on the Home tab, short. */
export function homeBlocks(ctx: Ctx, journey: Journey, next: Temporal.Instant | undefined): Block[] {
  const { t } = ctx
  const now = journey.current
    ? moduleLine(ctx, journey, journey.current)
    : t.t('modules:home.between', { bar: bar(modulesSeen(journey), modules.length) })
  return [
    { type: 'divider' },
    { type: 'text', text: `**${t.t('modules:journey.title')}**\n${now}\n${nextLine(ctx, next)}` },
    {
      type: 'buttons',
      buttons: [{ label: t.plain('modules:home.button'), action: { name: 'modules.journey' } }],
    },
  ]
}

/** One module for coordinators: what it is for, and how to take it up. */
export function moduleView(ctx: Ctx, journey: Journey, module: string): View {
  const { t } = ctx
  const { nudges, exerciseMinutes } = moduleOf(module)
  const running = stateOf(journey, module) === 'running'
  return {
    summary: moduleName(t, module),
    blocks: [
      { type: 'heading', text: moduleName(t, module) },
      { type: 'text', text: t.t(`modules-content:modules.${module}.purpose`) },
      {
        type: 'text',
        text: t.t('modules:choose.about', { count: nudges.length, minutes: exerciseMinutes }),
      },
      { type: 'text', text: moduleLine(ctx, journey, module) },
      {
        type: 'buttons',
        buttons: [
          ...(running ? [] : [startButton(t, module, 'now'), startButton(t, module, 'next')]),
          exerciseButton(t, module),
        ],
      },
      { type: 'context', text: t.t('guardrails:lines.human-decides') },
    ],
  }
}

/** Which module comes next, and when. */
export const chooseForm = (t: Translator, journey: Journey): Form => ({
  title: t.plain('modules:choose.title'),
  intro: t.t('modules:choose.intro'),
  fields: [
    {
      type: 'choice',
      id: 'module',
      label: t.plain('modules:choose.which'),
      required: true,
      options: journey.modules.map(({ module }) => ({ value: module, label: moduleName(t, module) })),
    },
    {
      type: 'choice',
      id: 'when',
      label: t.plain('modules:choose.when'),
      required: true,
      value: 'next',
      options: (['next', 'now'] as const).map((value) => ({
        value,
        label: t.plain(`modules:choose.${value}`),
      })),
    },
  ],
  submitLabel: t.plain('modules:form.save'),
  cancelLabel: t.plain('modules:form.cancel'),
  action: { name: 'modules.chosen' },
  openedBy: { name: 'modules.choose' },
})

/** What the phases mean, which one is chosen, and two ways to choose. */
export function phaseView(t: Translator, journey: Journey): View {
  const buttons: Button[] = [
    phaseButton(t),
    { label: t.plain('modules:position.button'), opensForm: true, action: { name: 'modules.position' } },
  ]
  return {
    summary: t.plain('modules:phase.title'),
    blocks: [
      { type: 'heading', text: t.plain('modules:phase.title') },
      { type: 'text', text: t.t('modules:phase.intro') },
      { type: 'text', text: phases.map(({ id }) => `- ${phaseText(t, id)}`).join('\n') },
      { type: 'text', text: t.t('modules:phase.now', { phase: phaseName(t, journey.phase) }) },
      { type: 'buttons', buttons },
      { type: 'context', text: t.t('guardrails:lines.human-decides') },
    ],
  }
}

export const phaseForm = (t: Translator, journey: Journey): Form => ({
  title: t.plain('modules:phase.title'),
  intro: `${t.t('modules:phase.intro')}\n${phases.map(({ id }) => `- ${phaseText(t, id)}`).join('\n')}`,
  fields: [
    {
      type: 'choice',
      id: 'phase',
      label: t.plain('modules:phase.which'),
      required: true,
      value: journey.phase,
      options: phases.map(({ id }) => ({ value: id, label: phaseName(t, id) })),
    },
  ],
  submitLabel: t.plain('modules:form.save'),
  cancelLabel: t.plain('modules:form.cancel'),
  action: { name: 'modules.phase-chosen' },
  openedBy: { name: 'modules.phase' },
})

/** Eight questions for the coordinator alone; the answers are not kept. */
export const positionForm = (t: Translator): Form => ({
  title: t.plain('modules:position.title'),
  intro: t.t('modules:position.intro'),
  fields: phaseQuestions.map(({ id }) => ({
    type: 'choice',
    id,
    label: t.plain(`modules-content:phaseQuestions.${id}.text`),
    required: true,
    options: ['1', '2', '3', '4'].map((value) => ({
      value,
      label: t.plain(`modules-content:phaseQuestions.${id}.options.${value}`),
    })),
  })),
  submitLabel: t.plain('modules:position.submit'),
  cancelLabel: t.plain('modules:form.cancel'),
  action: { name: 'modules.positioned' },
  openedBy: { name: 'modules.position' },
})

/** What the answers point towards, with a button to choose it. */
export function suggestionView(t: Translator, phase: Phase, early: Module[]): View {
  const name = phaseName(t, phase.id)
  const blocks: Block[] = [
    { type: 'heading', text: t.plain('modules:position.result', { phase: name }) },
    { type: 'text', text: phaseText(t, phase.id) },
    { type: 'text', text: t.t('modules:position.talk') },
  ]
  if (early.length > 0) {
    const list = t.list(early.map(({ id }) => moduleName(t, id)))
    blocks.push({ type: 'text', text: t.t('modules:position.early', { modules: list }) })
  }
  blocks.push(
    {
      type: 'buttons',
      buttons: [
        {
          label: t.plain('modules:position.choose', { phase: name }),
          action: { name: 'modules.choose-phase', args: { phase: phase.id } },
        },
      ],
    },
    { type: 'context', text: t.t('modules:position.notKept') },
  )
  return { summary: t.plain('modules:position.result', { phase: name }), blocks }
}

/** Plain. */
export const phaseName = (t: Translator, phase: string): string =>
  t.plain(`modules-content:phases.${phase}.name`)

/** Takes a module up: with the next nudge, or after the one that runs. For coordinators. */
export const startButton = (t: Translator, module: string, when: 'now' | 'next'): Button => ({
  label: t.plain(`modules:choose.${when}`),
  action: { name: 'modules.start', args: { module, when } },
})

const exerciseButton = (t: Translator, module: string): Button => ({
  label: t.plain('modules:exercise.button'),
  action: { name: 'modules.exercise', args: { module } },
})

const chooseButton = (t: Translator): Button => ({
  label: t.plain('modules:choose.button'),
  opensForm: true,
  action: { name: 'modules.choose' },
})

const phaseButton = (t: Translator): Button => ({
  label: t.plain('modules:phase.button'),
  opensForm: true,
  action: { name: 'modules.phase' },
})

const phaseText = (t: Translator, phase: string): Markdown =>
  `**${t.t(`modules-content:phases.${phase}.name`)}:** ${t.t(`modules-content:phases.${phase}.summary`)}`

const phaseLine = (t: Translator, phase: string): Markdown =>
  t.t('modules:journey.phase', { phase: phaseText(t, phase) })

const overall = (t: Translator, journey: Journey): Markdown =>
  t.t('modules:journey.overall', {
    bar: bar(modulesSeen(journey), modules.length),
    count: modulesSeen(journey),
    of: modules.length,
  })

function moduleLine({ t, network }: Ctx, journey: Journey, module: string): Markdown {
  const progress = progressOf(journey, module)
  const running = stateOf(journey, module)
  const isNext = journey.wanted === module || (running === 'running' && progress.next === 0)
  const state = isNext ? 'wanted' : running
  const ending = lastEnding(journey, module)
  const words = t.t(`modules:state.${state}`, {
    step: progress.next,
    of: nudgesIn(progress).length,
    date: ending ? t.date(localDate(toInstant(ending.refreshAt), network.zone)) : '',
  })
  return `**${t.t('modules:module', { number: moduleOf(module).number, title: t.plain(`modules-content:modules.${module}.title`) })}:** ${words}`
}

function nextLine({ t, member }: Ctx, next: Temporal.Instant | undefined): Markdown {
  return next
    ? t.t('modules:journey.next', { at: t.dateTime(next, member.zone) })
    : t.t('modules:journey.noNext')
}
