import type { Translator } from '../i18n/texts.ts'
import type { Markdown } from '../views/markdown.ts'
import type { Block, Button, View } from '../views/view.ts'
import { standing, type Goal } from './agreement.ts'
import { content, nudgeFor } from './content.ts'
import { concerns, mayWantHelp, type Concern } from './reviewing.ts'
import { button, dateText, organisations, type Names } from './views.ts'

const FORM = { opensForm: true }

/** The private question to a goal's lead. `today` is an ISO date. */
export function askView(t: Translator, goal: Goal, today: string): View {
  const { id, title, change, by } = goal
  const summary = t.plain('goals-content:messages.reminderLead', { title })
  const blocks: Block[] = [
    { type: 'text', text: t.t('goals-content:messages.reminderLead', { title }) },
    { type: 'text', text: t.t('goals:goal.change', { change }) },
  ]
  if (by < today) blocks.push({ type: 'text', text: t.t('goals:ask.past', { date: dateText(t, by) }) })
  blocks.push(
    {
      type: 'buttons',
      buttons: [
        button(t, 'answer', 'review', { goal: id }, { ...FORM, style: 'primary' }),
        button(t, 'noNews', 'no-news', { goal: id }),
      ],
    },
    { type: 'context', text: t.t('goals:ask.who') },
  )
  return { summary, blocks }
}

/** What takes the place of the question once it is answered, or does not matter any more. */
export function settledView(t: Translator, { id, title }: Goal): View {
  return {
    summary: t.plain('goals:ask.settled', { title }),
    blocks: [
      { type: 'text', text: t.t('goals:ask.settled', { title }) },
      { type: 'buttons', buttons: [button(t, 'show', 'show', { goal: id })] },
    ],
  }
}

/** The private answer to a review: thanks, and the one thing that may follow from it. */
export function thanksView(t: Translator, goal: Goal): View {
  const { text, buttons } = followUp(t, goal)
  const blocks: Block[] = [{ type: 'text', text: t.t('goals:thanks.saved') }]
  if (text) blocks.push({ type: 'text', text })
  if (buttons.length > 0) {
    blocks.push(
      { type: 'buttons', buttons },
      { type: 'context', text: t.t('guardrails:lines.human-decides') },
    )
  }
  return { summary: t.plain('goals:thanks.saved'), blocks }
}

// The first that fits: one thought, one question.
function followUp(t: Translator, goal: Goal): { text?: Markdown; buttons: Button[] } {
  const args = { goal: goal.id }
  const last = goal.reviews.at(-1)
  const adjust = button(t, 'adjust', 'change', args, FORM)
  const split = button(t, 'split', 'change', { ...args, smaller: true }, FORM)
  const pause = button(t, 'pause', 'rest', args, FORM)
  const letGo = button(t, 'let-go', 'let-go', args, FORM)
  const help = button(t, 'help', 'help', args)
  if (last?.status === 'reached')
    return { text: t.t('goals:thanks.reached'), buttons: [button(t, 'celebrate', 'celebrate', args, FORM)] }
  if (mayWantHelp(goal)) return { text: t.t('goals:thanks.help', { title: goal.title }), buttons: [help] }
  if (last?.rightGoal === 'wrong') return { text: t.t('goals:thanks.wrong'), buttons: [letGo, adjust] }
  if (last?.rightGoal === 'not-now') return { text: t.t('goals:thanks.notNow'), buttons: [pause] }
  if (last?.rightGoal === 'adjust') return { text: t.t('goals:thanks.adjust'), buttons: [adjust, split] }
  if (last?.status === 'stuck') {
    const text = t.t('goals-content:messages.stuck', { title: goal.title })
    return { text, buttons: [split, help, adjust, pause] }
  }
  const nudge = nudgeFor(last?.obstacle ?? null)
  if (!nudge) return { buttons: [] }
  const exercise = t.plain(`modules-content:nudges.${nudge}.title`)
  return { text: t.t('goals:thanks.nudge', { exercise }), buttons: [] }
}

/** For coordinators only: what from a review deserves a talk. */
export function talkView(t: Translator, goal: Goal, found: Concern[] = concerns(goal)): View {
  return coordinatorView(
    t,
    goal,
    [t.t('goals:talk.what'), ...found.map((concern) => `- ${t.t(`goals:talk.${concern}`)}`)].join('\n'),
    [button(t, 'show', 'show', { goal: goal.id })],
  )
}

/** For coordinators only: a lead would be glad of help. */
export const helpView = (t: Translator, goal: Goal): View =>
  coordinatorView(t, goal, t.t('goals:talk.help'), [button(t, 'show', 'show', { goal: goal.id })])

/** For coordinators only: a goal has nobody who leads it. */
export const leadlessView = (t: Translator, goal: Goal): View =>
  coordinatorView(t, goal, t.t('goals:talk.leadless'), [
    button(t, 'lead', 'lead', { goal: goal.id }, { ...FORM, style: 'primary' }),
  ])

function coordinatorView(t: Translator, { title }: Goal, text: Markdown, buttons: Button[]): View {
  const summary = t.plain('goals:talk.title', { title })
  return {
    summary,
    blocks: [
      { type: 'heading', text: summary },
      { type: 'text', text },
      { type: 'buttons', buttons },
      { type: 'context', text: t.t('goals:talk.who') },
    ],
  }
}

/** To a member who was named as the lead by somebody else. */
export function leadView(t: Translator, goal: Goal): View {
  const { id, title, change } = goal
  return {
    summary: t.plain('goals:lead.summary', { title }),
    blocks: [
      { type: 'text', text: t.t('goals:lead.what', { title }) },
      { type: 'text', text: t.t('goals:goal.change', { change }) },
      {
        type: 'buttons',
        buttons: [button(t, 'show', 'show', { goal: id }), button(t, 'decline', 'decline', { goal: id })],
      },
      { type: 'context', text: t.t('goals:lead.free') },
    ],
  }
}

/** For everyone: a goal was reached. Never the end of the matter. */
export function reachedView(t: Translator, goal: Goal, names: Names, stays: string): View {
  const summary = t.plain('goals:reached.summary', { title: goal.title })
  const thanked = { change: goal.change, organisations: organisations(t, standing(goal), names) }
  return {
    summary,
    blocks: [
      { type: 'heading', text: summary },
      { type: 'text', text: t.t('goals-content:messages.reached', thanked) },
      {
        type: 'text',
        text: stays ? t.t('goals:reached.stays', { stays }) : t.t('goals:reached.whatStays'),
      },
    ],
  }
}

/** For everyone: a goal was let go, why, and what was learned. */
export function letGoView(t: Translator, { title }: Goal, why: string, learned: string): View {
  const summary = t.plain('goals:letGo.summary', { title })
  return {
    summary,
    blocks: [
      { type: 'heading', text: summary },
      { type: 'text', text: t.t('goals:letGo.why', { why }) },
      ...(learned ? [{ type: 'text' as const, text: t.t('goals:letGo.learned', { learned }) }] : []),
      { type: 'context', text: t.t('goals:letGo.thanks') },
    ],
  }
}

/** For everyone: a goal rests, and until when. */
export function restsView(t: Translator, { title }: Goal, until: string): View {
  const params = { title, date: dateText(t, until) }
  return {
    summary: t.plain('goals:rests', params),
    blocks: [{ type: 'text', text: t.t('goals:rests', params) }],
  }
}

/** Privately, right after proposing: where it goes, and the questions that make a goal better. */
export function proposedView(t: Translator, goal: Goal, said: Markdown, mayChange: boolean): View {
  const questions = content.qualityChecks.map((id) => `- ${t.t(`goals-content:quality.${id}`)}`)
  const buttons = [
    button(t, 'show', 'show', { goal: goal.id }),
    ...(mayChange ? [button(t, 'adjust', 'change', { goal: goal.id }, FORM)] : []),
  ]
  return {
    summary: t.plain('goals:saved.summary', { title: goal.title }),
    blocks: [
      { type: 'text', text: said },
      { type: 'text', text: [t.t('goals:saved.questions'), ...questions].join('\n') },
      { type: 'buttons', buttons },
    ],
  }
}
