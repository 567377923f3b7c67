import type { Translator } from '../i18n/texts.ts'
import { localDate, toInstant } from '../kernel/clock.ts'
import type { Network } from '../networks/types.ts'
import type { Markdown } from '../views/markdown.ts'
import type { Block, Button, View } from '../views/view.ts'
import { moduleOf, modules, nudgeOf, type Module } from './catalogue.ts'
import { modulesSeen, postedAt, type Ending, type Journey, type Outcome, type Posted } from './journey.ts'

/** What stands below a nudge: buttons, what came of it, or that the next one has come. */
type NudgeState = Outcome | 'open' | 'overtaken' | 'preview'

const OUTCOMES: Outcome[] = ['done', 'later', 'skip']

/** The title of a module, plain. */
export const moduleTitle = (t: Translator, module: string): string =>
  t.plain(`modules-content:modules.${module}.title`)

/** "Module 3: Looking through a gender lens", plain. */
export const moduleName = (t: Translator, module: string): string =>
  t.plain('modules:module', { number: moduleOf(module).number, title: moduleTitle(t, module) })

/** Progress as a picture made of letters; its words always stand beside it. */
export const bar = (filled: number, of: number): string => '▰'.repeat(filled) + '▱'.repeat(of - filled)

/** The week's nudge, for everyone in a channel. `number` is its place in the journey. */
export function nudgeView(t: Translator, journey: Journey, number: number, state: NudgeState): View {
  const { module, nudge, step, of } = postedAt(journey, number)
  const { minutes, format } = nudgeOf(nudge)
  const title = t.plain(`modules-content:nudges.${nudge}.title`)
  const handled = state === 'done' || state === 'skip' || state === 'overtaken' ? step : step - 1
  const blocks: Block[] = [
    { type: 'heading', text: title },
    {
      type: 'text',
      text: t.t('modules:nudge.what', {
        title: moduleTitle(t, module),
        minutes,
        format: t.plain(`modules:format.${format}`),
      }),
    },
  ]
  if (step === 1) {
    const purpose = t.t(`modules-content:modules.${module}.purpose`)
    blocks.push({ type: 'text', text: t.t('modules:nudge.why', { purpose }) })
  }
  blocks.push(
    { type: 'text', text: t.t(`modules-content:nudges.${nudge}.prompt`) },
    {
      type: 'facts',
      facts: [
        {
          label: t.plain('modules:nudge.goodWhen'),
          value: t.plain(`modules-content:nudges.${nudge}.doneWhen`),
        },
      ],
    },
    state === 'open' ? outcomeButtons(t, number) : { type: 'text', text: t.t(`modules:outcome.${state}`) },
    {
      type: 'context',
      text: t.t('modules:nudge.progress', {
        number: moduleOf(module).number,
        bar: bar(handled, of),
        step,
        of,
        journey: bar(modulesSeen(journey), modules.length),
        seen: modulesSeen(journey),
        modules: modules.length,
      }),
    },
    { type: 'context', text: `${t.t('modules:nudge.free')} ${careLine(t, moduleOf(module))}` },
  )
  return { summary: t.plain('modules:nudge.summary', { title, minutes }), blocks }
}

const outcomeButtons = (t: Translator, number: number): Block => ({
  type: 'buttons',
  buttons: OUTCOMES.map((outcome) => ({
    label: t.plain(`modules:button.${outcome}`),
    action: { name: 'modules.answer', args: { number, outcome } },
    ...(outcome === 'done' && { style: 'primary' as const }),
  })),
})

// What is practised with invented scenes says so; everything else asks to be kept general.
const careLine = (t: Translator, { scenarios }: Module): Markdown =>
  scenarios ? t.t('guardrails:lines.invented-only') : t.t('guardrails:lines.general-only')

/** For coordinators only: how to help the week's nudge along. */
export function tipView(t: Translator, { module, nudge }: Posted): View {
  const title = t.plain(`modules-content:nudges.${nudge}.title`)
  const summary = t.plain('modules:tip.summary', { title })
  const blocks: Block[] = [
    { type: 'heading', text: summary },
    { type: 'text', text: t.t('modules:tip.what', { minutes: nudgeOf(nudge).minutes }) },
    { type: 'text', text: t.t(`modules-content:nudges.${nudge}.tip`) },
  ]
  if (moduleOf(module).scenarios) blocks.push({ type: 'text', text: t.t('modules:tip.scenes') })
  return { summary, blocks: [...blocks, { type: 'context', text: t.t('modules:tip.notAlone') }] }
}

/** After a module's last nudge, for everyone: one question to take along, and what comes next. */
export function closingView(t: Translator, network: Network, ending: Ending, next: string | undefined): View {
  const { module, round, refreshAt } = ending
  const title = moduleTitle(t, module)
  const summary = t.plain('modules:closing.summary', { title })
  // The two questions take turns, so that a refresh asks something else.
  const question = t.t(`modules-content:modules.${module}.reflection.${round % 2 === 1 ? 1 : 2}`)
  const date = t.date(localDate(toInstant(refreshAt), network.zone))
  const blocks: Block[] = [
    { type: 'heading', text: summary },
    { type: 'text', text: t.t('modules:closing.what') },
    { type: 'text', text: `**${question}**` },
    { type: 'text', text: t.t('modules:closing.refresh', { date }) },
  ]
  if (next) {
    const purpose = t.t(`modules-content:modules.${next}.purpose`)
    blocks.push({ type: 'text', text: t.t('modules:closing.next', { module: moduleName(t, next), purpose }) })
  }
  return { summary, blocks: [...blocks, { type: 'context', text: t.t('guardrails:lines.general-only') }] }
}

/** For coordinators only: the module's exercise for a meeting. `buttons` may offer more. */
export function exerciseView(t: Translator, module: string, buttons: Button[] = []): View {
  const { exerciseMinutes } = moduleOf(module)
  const title = t.plain(`modules-content:modules.${module}.exercise.title`)
  const steps = numbered(t, (n) => `modules-content:modules.${module}.exercise.steps.${n}`)
  const safety = numbered(t, (n) => `modules-content:modules.${module}.safety.${n}`)
  const blocks: Block[] = [
    { type: 'heading', text: title },
    {
      type: 'text',
      text: t.t('modules:exercise.what', { module: moduleName(t, module), minutes: exerciseMinutes }),
    },
    { type: 'text', text: steps.map((step, index) => `${index + 1}. ${step}`).join('\n') },
    {
      type: 'text',
      text: [`**${t.t('modules:exercise.safety')}**`, ...safety.map((line) => `- ${line}`)].join('\n'),
    },
  ]
  if (buttons.length > 0) blocks.push({ type: 'buttons', buttons })
  return {
    summary: t.plain('modules:exercise.summary', { title, minutes: exerciseMinutes }),
    blocks: [...blocks, { type: 'context', text: t.t('guardrails:lines.human-decides') }],
  }
}

/** For coordinators only, some weeks later: what became of a module. */
export function followUpView(t: Translator, module: string): View {
  const { number, followUpWeeks } = moduleOf(module)
  const summary = t.plain('modules:followUp.summary', { title: moduleTitle(t, module) })
  return {
    summary,
    blocks: [
      { type: 'heading', text: summary },
      { type: 'text', text: t.t('modules:followUp.what', { count: followUpWeeks }) },
      { type: 'text', text: `**${t.t(`modules-content:modules.${module}.followUp`)}**` },
      { type: 'context', text: t.t('modules:followUp.how', { number }) },
    ],
  }
}

/** The numbered texts of a list, from 1 as far as there are any. */
function numbered(t: Translator, key: (n: number) => string): Markdown[] {
  const lines: Markdown[] = []
  for (let n = 1; t.has(key(n)); n++) lines.push(t.t(key(n)))
  return lines
}
