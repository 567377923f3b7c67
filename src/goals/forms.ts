import type { Ctx } from '../conversation/port.ts'
import type { Translator } from '../i18n/texts.ts'
import type { Markdown } from '../views/markdown.ts'
import type { ActionRef, Field, Form, Option } from '../views/view.ts'
import type { Goal } from './agreement.ts'
import { content, maxChars } from './content.ts'
import { asksSideEffects } from './reviewing.ts'
import { LINE, today, type People } from './values.ts'

/** The form for a new goal; with `goal`, for a new wording of it; `smaller` proposes an earlier date. */
export function goalForm(ctx: Ctx, people: People, goal?: Goal, smaller = false): Form {
  const { t, member } = ctx
  const days = smaller ? content.limits.splitWithinDays : content.limits.reviewWithinDays / 2
  const by = today(ctx)
    .add({ days: Math.floor(days) })
    .toString()
  const written = (id: string, value: string | undefined): Field => ({
    ...labels(t, id),
    type: 'text',
    multiline: id !== 'title',
    maxLength: maxChars(id),
    required: true,
    value,
  })
  const args: ActionRef['args'] = goal ? { goal: goal.id, edition: goal.edition } : {}
  const openedBy: ActionRef = goal
    ? { name: 'goals.change', args: { goal: goal.id, smaller } }
    : { name: 'goals.new' }
  return {
    ...frame(t, goal ? 'change' : 'new', goalIntro(ctx, goal, smaller)),
    fields: [
      written('title', goal?.title),
      written('change', goal?.change),
      written('why', goal?.why),
      leadField(t, people, goal ? goal.lead : member.id),
      {
        ...labels(t, 'supporters'),
        type: 'multi-choice',
        options: people.partners.map(({ id, name }) => ({ value: id, label: name })),
        value: goal?.supporters.filter((id) => people.partners.some((partner) => partner.id === id)),
      },
      written('first_sign', goal?.firstSign),
      written('possible_harm', goal?.possibleHarm),
      {
        ...labels(t, 'review_by'),
        type: 'date',
        required: true,
        value: goal && !smaller && goal.by > today(ctx).toString() ? goal.by : by,
      },
    ],
    action: { name: 'goals.save', args },
    openedBy,
  }
}

function goalIntro({ t, now }: Ctx, goal: Goal | undefined, smaller: boolean): Markdown[] {
  if (goal) return [t.t('goals:form.change.intro'), decisionText(t, smaller ? 'split' : 'adjust')]
  // The examples take turns.
  const day = Math.floor(now.epochMilliseconds / 86_400_000)
  const example = content.examples[day % content.examples.length]
  const change = t.plain(`goals-content:examples.${example}.change`)
  return [t.t('goals:form.new.intro'), t.t('goals:form.example', { change })]
}

const decisionText = (t: Translator, decision: 'adjust' | 'split'): Markdown =>
  t.t('goals:form.decision', { followUp: t.plain(`goals-content:decisions.${decision}.followUp`) })

const labels = (t: Translator, id: string): { id: string; label: string; help?: string } => ({
  id,
  label: t.plain(`goals-content:fields.${id}.label`),
  ...(t.has(`goals-content:fields.${id}.help`) && { help: t.plain(`goals-content:fields.${id}.help`) }),
})

function leadField(t: Translator, { members, partners }: People, value: string | null): Field {
  const nameOf = (id: string): string =>
    partners.find((partner) => partner.id === id)?.name ?? t.plain('goals:people.formerPartner')
  const options = members.map(({ id, name, partner }): Option => ({
    value: id,
    label: t.plain('goals:people.lead', { name, partner: nameOf(partner) }),
  }))
  return { ...labels(t, 'lead'), type: 'member', required: true, options, value: value ?? undefined }
}

type FormName = 'new' | 'change' | 'review' | 'rest' | 'let-go' | 'celebrate' | 'lead'

const WITHOUT_TEXT: FormName[] = ['rest', 'lead']

// What is written is asked to be kept general; where nothing can be written, nothing needs to be said.
const frame = (t: Translator, name: FormName, intro: Markdown[]) => ({
  title: t.plain(`goals:form.${name}.title`),
  intro: (WITHOUT_TEXT.includes(name) ? intro : [...intro, t.t('guardrails:lines.general-only')]).join('\n'),
  submitLabel: t.plain(`goals:form.${name}.submit`),
  cancelLabel: t.plain('goals:form.cancel'),
})

/** The review: two minutes, one goal. */
export function reviewForm(t: Translator, goal: Goal): Form {
  const args = { goal: goal.id }
  const options = (ids: string[], label: (id: string) => string): Option[] =>
    ids.map((id) => ({ value: id, label: label(id) }))
  const question = (id: string, field: string) => ({
    id: field,
    label: t.plain(`goals-content:questions.${id}`),
  })
  const written = (id: string, field: string): Field => ({
    ...question(id, field),
    type: 'text',
    multiline: true,
    maxLength: maxChars(id),
  })
  const fields: Field[] = [
    {
      ...question('ci-status', 'status'),
      type: 'choice',
      required: true,
      options: options(content.progress, (id) => t.plain(`goals-content:progress.${id}`)),
    },
    {
      ...question('ci-confidence', 'confidence'),
      type: 'scale',
      required: true,
      help: t.plain('goals:form.review.confidence'),
      points: confidencePoints(t),
      skipLabel: t.plain('goals:form.review.cannotSay'),
    },
    written('ci-sign', 'sign'),
    {
      ...question('ci-obstacle', 'obstacle'),
      type: 'choice',
      options: options(
        content.obstacles.map(({ id }) => id),
        (id) => t.plain(`goals-content:obstacles.${id}`),
      ),
    },
    written('ci-next', 'next'),
    {
      ...question('ci-right-goal', 'rightGoal'),
      type: 'choice',
      required: true,
      options: options(content.rightGoal, (id) => t.plain(`goals-content:rightGoal.${id}`)),
    },
  ]
  if (asksSideEffects(goal)) {
    fields.push({
      ...question('ci-side-effects', 'sideEffects'),
      type: 'choice',
      help: t.plain('goals:form.review.sideEffects'),
      options: options(content.sideEffects, (id) => t.plain(`goals-content:sideEffects.${id}`)),
    })
  }
  return {
    ...frame(t, 'review', [t.t('goals:form.review.intro', { title: goal.title })]),
    fields,
    action: { name: 'goals.reviewed', args },
    openedBy: { name: 'goals.review', args },
  }
}

function confidencePoints(t: Translator): { value: number; label: string }[] {
  const { min, max } = content.confidence
  const words = new Map([
    [min, t.plain('goals-content:confidence.low')],
    [max, t.plain('goals-content:confidence.high')],
  ])
  return Array.from({ length: max - min + 1 }, (_, index) => {
    const value = min + index
    const word = words.get(value)
    return { value, label: word ? `${value} – ${word}` : String(value) }
  })
}

/** Until when a goal rests. */
export function restForm(ctx: Ctx, goal: Goal): Form {
  const { t } = ctx
  const args = { goal: goal.id }
  const until: Field = {
    id: 'until',
    type: 'date',
    label: t.plain('goals:form.rest.until'),
    required: true,
    value: today(ctx).add({ months: 1 }).toString(),
  }
  return {
    ...frame(t, 'rest', [t.t('goals:form.rest.intro', { title: goal.title })]),
    fields: [until],
    action: { name: 'goals.rested', args },
    openedBy: { name: 'goals.rest', args },
  }
}

/** Why a goal is let go. */
export const letGoForm = (t: Translator, goal: Goal): Form => ({
  ...frame(t, 'let-go', [t.t('goals:form.let-go.intro', { title: goal.title })]),
  fields: [{ ...line(t, 'why'), required: true }, line(t, 'learned')],
  action: { name: 'goals.ended', args: { goal: goal.id } },
  openedBy: { name: 'goals.let-go', args: { goal: goal.id } },
})

/** A goal was reached: what keeps it alive. */
export const celebrateForm = (t: Translator, goal: Goal): Form => ({
  ...frame(t, 'celebrate', [t.t('goals:form.celebrate.intro', { title: goal.title })]),
  fields: [line(t, 'stays')],
  action: { name: 'goals.reached', args: { goal: goal.id } },
  openedBy: { name: 'goals.celebrate', args: { goal: goal.id } },
})

const line = (t: Translator, id: 'why' | 'learned' | 'stays'): Field => ({
  id,
  type: 'text',
  label: t.plain(`goals:form.${id}`),
  multiline: true,
  maxLength: LINE,
})

/** Who leads a goal from now on. */
export const leadForm = (t: Translator, goal: Goal, people: People): Form => ({
  ...frame(t, 'lead', [t.t('goals:form.lead.intro', { title: goal.title })]),
  fields: [leadField(t, people, goal.lead)],
  action: { name: 'goals.led', args: { goal: goal.id } },
  openedBy: { name: 'goals.lead', args: { goal: goal.id } },
})
