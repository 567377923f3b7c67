import { Temporal } from 'temporal-polyfill'
import type { Translator } from '../i18n/texts.ts'
import type { Markdown } from '../views/markdown.ts'
import type { Block, Button, View } from '../views/view.ts'
import { involved, isOpen, standing, stanceOf, unheard, type Goal } from './agreement.ts'
import { content } from './content.ts'
import { lastNews, rests } from './reviewing.ts'

/** The names behind ids, as far as they are still in the network. */
export interface Names {
  partner(id: string): string | undefined
  member(id: string): string | undefined
}

/** A button of the goals room. */
export const button = (
  t: Translator,
  label: string,
  name: string,
  args: NonNullable<Button['action']['args']>,
  more: Pick<Button, 'style' | 'opensForm'> = {},
): Button => ({ label: t.plain(`goals:button.${label}`), action: { name: `goals.${name}`, args }, ...more })

/** ISO date to "Tuesday, 24 November 2026". */
export const dateText = (t: Translator, iso: string): string => t.date(Temporal.PlainDate.from(iso))

/** Organisations as a plain list. */
export const organisations = (t: Translator, ids: string[], names: Names): string =>
  t.list(ids.map((id) => names.partner(id) ?? t.plain('goals:people.formerPartner')))

function leadText(t: Translator, goal: Goal, names: Names): string {
  const partner = organisations(t, [goal.leadPartner], names)
  if (goal.lead === null && isOpen(goal)) return t.plain('goals:people.wanted', { partner })
  const name = (goal.lead && names.member(goal.lead)) ?? t.plain('goals:people.former')
  return t.plain('goals:people.lead', { name, partner })
}

/** A goal as the team sees it, with the buttons by which organisations say where they stand. */
export function goalView(t: Translator, goal: Goal, names: Names): View {
  const answers = answersText(t, goal, names)
  const blocks: Block[] = [
    { type: 'heading', text: goal.title },
    { type: 'text', text: stateText(t, goal, names) },
    { type: 'text', text: t.t('goals:goal.change', { change: goal.change }) },
    { type: 'facts', facts: factsOf(t, goal, names) },
  ]
  if (answers) blocks.push({ type: 'text', text: answers })
  if (isOpen(goal) && (goal.state === 'proposed' || unheard(goal).length > 0))
    blocks.push({ type: 'buttons', buttons: stanceButtons(t, goal) })
  return { summary: t.plain(`goals:goal.summary.${goal.state}`, { title: goal.title }), blocks }
}

function stateText(t: Translator, goal: Goal, names: Names): Markdown {
  if (goal.state === 'agreed' && goal.restsUntil !== null)
    return t.t('goals:goal.rests', { date: dateText(t, goal.restsUntil) })
  const thanked = organisations(t, standing(goal), names)
  return t.t(`goals:goal.state.${goal.state}`, { organisations: thanked })
}

function factsOf(t: Translator, goal: Goal, names: Names): { label: string; value: string }[] {
  const supporters = goal.supporters.length > 0 ? organisations(t, goal.supporters, names) : '–'
  const values = {
    why: goal.why,
    lead: leadText(t, goal, names),
    supporters,
    first_sign: goal.firstSign,
    possible_harm: goal.possibleHarm,
    review_by: dateText(t, goal.by),
  }
  return Object.entries(values).map(([id, value]) => ({
    label: t.plain(`goals-content:fields.${id}.label`),
    value,
  }))
}

function answersText(t: Translator, goal: Goal, names: Names): Markdown {
  const line = (label: string, ids: string[]): string[] =>
    ids.length > 0 ? [t.t('goals:goal.answer', { label, partners: organisations(t, ids, names) })] : []
  const heard = content.stances.flatMap((stance) =>
    line(
      t.plain(`goals-content:stances.${stance}`),
      involved(goal).filter((partner) => stanceOf(goal, partner) === stance),
    ),
  )
  const open = isOpen(goal) ? line(t.plain('goals:goal.unheard'), unheard(goal)) : []
  return [...heard, ...open].map((text) => `- ${text}`).join('\n')
}

const stanceButtons = (t: Translator, { id, edition }: Goal): Button[] =>
  content.stances.map((stance) =>
    button(
      t,
      stance,
      'stance',
      { goal: id, edition, stance },
      stance === 'stands-behind' ? { style: 'primary' } : {},
    ),
  )

/** What takes the place of a goal's message once it has a new wording. */
export function rewordedView(t: Translator, { title }: Goal): View {
  const text = t.t('goals:goal.reworded', { title })
  return { summary: t.plain('goals:goal.reworded', { title }), blocks: [{ type: 'text', text }] }
}

// Proposed, agreed, under way, reached: how far, not how well. Being stuck is not a step back.
const STEPS = 4

function stepOf(goal: Goal): number {
  if (goal.state === 'proposed') return 1
  const status = lastNews(goal)?.status
  if (goal.state === 'reached' || status === 'reached') return STEPS
  return status === undefined || status === 'not-started' ? 2 : 3
}

const bar = (step: number): string => '▰'.repeat(step) + '▱'.repeat(STEPS - step)

/** All open goals at a glance, as everyone may see them: a picture of letters, and always its words. */
export function glanceView(t: Translator, goals: Goal[], names: Names, today: Temporal.PlainDate): View {
  const open = goals.filter(isOpen)
  const summary = t.plain('goals:glance.title')
  const blocks: Block[] = [{ type: 'heading', text: summary }]
  if (open.length === 0)
    return { summary, blocks: [...blocks, { type: 'text', text: t.t('goals:glance.none') }] }
  const agreed = open.filter((goal) => goal.state === 'agreed' && !rests(goal, today))
  if (agreed.length > 0 && agreed.every(isUnanswered))
    blocks.push({ type: 'text', text: t.t('goals:glance.allQuiet') })
  blocks.push(
    ...open.map((goal): Block => ({ type: 'text', text: glanceLines(t, goal, names, today).join('\n') })),
  )
  blocks.push({ type: 'context', text: t.t('goals:glance.legend') })
  return { summary, blocks }
}

const isUnanswered = (goal: Goal): boolean => goal.round?.answered === false

function glanceLines(t: Translator, goal: Goal, names: Names, today: Temporal.PlainDate): Markdown[] {
  const partner = organisations(t, [goal.leadPartner], names)
  const news = lastNews(goal)
  const lines = [
    t.t('goals:glance.goal', { title: goal.title, partner }),
    `${bar(stepOf(goal))} ${statusText(t, goal, today)}`,
  ]
  if (news?.sign) lines.push(t.t('goals:glance.sign', { sign: news.sign }))
  if (news?.obstacle && news.obstacle !== 'nothing') {
    const obstacle = t.plain(`goals-content:obstacles.${news.obstacle}`)
    lines.push(t.t('goals:glance.obstacle', { obstacle }))
  }
  if (news?.next) lines.push(t.t('goals:glance.next', { next: news.next }))
  return lines
}

/** Where a goal stands, in words. What is not answered is "no news yet", whatever the reason. */
export function statusText(t: Translator, goal: Goal, today: Temporal.PlainDate): Markdown {
  if (goal.state === 'proposed') return t.t('goals:status.proposed', { count: unheard(goal).length })
  if (goal.restsUntil !== null && rests(goal, today))
    return t.t('goals:status.rests', { date: dateText(t, goal.restsUntil) })
  if (isUnanswered(goal)) return t.t('goals:status.waiting')
  const last = goal.reviews.at(-1)
  if (!last) return t.t('goals:status.agreed')
  return last.status === 'no-news' ? t.t('goals:status.noNews') : t.t(`goals-content:progress.${last.status}`)
}

/** The goals for one member alone: the glance, what was reached or let go last, and what can be done. */
export function listView(t: Translator, goals: Goal[], names: Names, today: Temporal.PlainDate): View {
  const { summary, blocks } = glanceView(t, goals, names, today)
  const ended = goals.filter((goal) => !isOpen(goal)).slice(-3)
  if (ended.length > 0) {
    const lines = ended.map(({ state, title }) => `- ${t.t(`goals:list.ended.${state}`, { title })}`)
    blocks.push({ type: 'text', text: lines.join('\n') })
  }
  const open = goals
    .filter(isOpen)
    .map(({ id, title }): Button => ({ label: title, action: { name: 'goals.show', args: { goal: id } } }))
  const add =
    open.length < content.limits.maxActive
      ? [button(t, 'new', 'new', {}, { style: 'primary', opensForm: true })]
      : []
  blocks.push({ type: 'buttons', buttons: [...open, ...add] })
  return { summary, blocks }
}

/** What a member may do with a goal besides saying where the organisation stands. */
export interface Rights {
  /** Leads it, or coordinates. */
  decide: boolean
  coordinate: boolean
}

/** One goal for one member alone: its earlier wordings, and what this member may do with it. */
export function detailView(t: Translator, goal: Goal, names: Names, rights: Rights): View {
  const { summary, blocks } = goalView(t, goal, names)
  if (goal.earlier.length > 0) {
    const lines = goal.earlier.map(({ change }) => `- ${t.t('goals:detail.wording', { change })}`)
    blocks.push({ type: 'text', text: [`**${t.t('goals:detail.earlier')}**`, ...lines].join('\n') })
  }
  const buttons = isOpen(goal) ? detailButtons(t, goal, rights) : []
  if (buttons.length > 0) {
    blocks.push({ type: 'divider' }, { type: 'buttons', buttons })
    blocks.push({ type: 'context', text: t.t('goals:detail.who') })
  }
  return { summary, blocks }
}

function detailButtons(t: Translator, { id, edition, state }: Goal, rights: Rights): Button[] {
  const form = { opensForm: true }
  const goal = { goal: id }
  return [
    ...(rights.decide && state === 'agreed'
      ? [
          button(t, 'review', 'review', goal, { ...form, style: 'primary' }),
          button(t, 'celebrate', 'celebrate', goal, form),
          button(t, 'split', 'change', { ...goal, smaller: true }, form),
          button(t, 'pause', 'rest', goal, form),
        ]
      : []),
    ...(rights.decide
      ? [
          button(t, 'adjust', 'change', goal, form),
          button(t, state === 'agreed' ? 'let-go' : 'withdraw', 'let-go', goal, form),
        ]
      : []),
    ...(rights.coordinate ? [button(t, 'lead', 'lead', goal, form)] : []),
    ...(rights.coordinate && state === 'proposed' ? [button(t, 'agree', 'agree', { ...goal, edition })] : []),
  ]
}
