import type { Kind } from '../checkins/kind.ts'
import type { Draft } from '../delivery/port.ts'
import { localDate } from '../kernel/clock.ts'
import type { Network } from '../networks/types.ts'
import type { Goal } from './agreement.ts'
import { askView } from './review-views.ts'
import { ask, isAwake, isDue } from './reviewing.ts'
import type { Room } from '../checkins/room.ts'
import type { UseCases } from './room.ts'

const HOUR = 60
const DAY = 24 * HOUR
/** How long leads have for an answer before the picture is shown without it. */
const TIME_TO_ANSWER = { hours: 3 * 24 }

/** The private question to a lead, in the lead's language. It counts as a small ask. */
async function askDraft(
  { networks, texts, clock }: Room,
  network: Network,
  goal: Goal & { lead: string },
  owed: { cause: string; purpose: string },
): Promise<Draft> {
  const lead = await networks.member(network.id, goal.lead)
  const today = localDate(clock.now(), network.zone).toString()
  const view = askView(texts.in(lead?.language, ...network.languages), goal, today)
  return { network: network.id, ...owed, to: { member: goal.lead }, view, ask: 1 }
}

/** The review: each lead is asked about each goal; then the team sees the picture of all. */
export const reviewKind = (useCases: UseCases, room: Room): Kind => ({
  name: 'goal-review',
  schedulable: true,
  graceMinutes: 4 * HOUR,

  async compose({ id, network, dueAt, now }) {
    const today = localDate(now, network.zone)
    const awake = (await useCases.goals.list(network.id)).filter((goal) => isAwake(goal, today))
    // Whoever was asked before a crash is in this round, whatever came since.
    const due = awake.filter((goal) => goal.round?.cause === id || isDue(goal, network, now))
    if (due.length === 0) return { silent: awake.length === 0 ? 'no-goals' : 'reviewed-recently' }
    const expiresAt = dueAt.add(TIME_TO_ANSWER)
    const drafts: Draft[] = []
    for (const { id: goalId } of due) {
      const owed = { cause: id, purpose: `review-${goalId}` }
      const asked = await useCases.apply(network, goalId, (goal) =>
        isAwake(goal, today) && goal.round?.cause !== id ? ask(goal, owed, true) : goal,
      )
      if (isAwake(asked, today) && asked.round?.answered === false)
        drafts.push({ ...(await askDraft(room, network, asked, owed)), expiresAt })
    }
    await room.checkins.once(network, 'goal-glance', id, expiresAt)
    return { drafts }
  },

  async preview({ network, t, now }) {
    const today = localDate(now, network.zone)
    const goal = (await useCases.goals.list(network.id)).find((one) => isAwake(one, today))
    if (goal) {
      const { summary, blocks } = askView(t, goal, today.toString())
      return { summary, blocks: blocks.filter(({ type }) => type !== 'buttons') }
    }
    const text = t.t('goals:glance.none')
    return { summary: text, blocks: [{ type: 'text', text }] }
  },
})

/** Some days after the question: the picture of all goals, whoever has answered. */
export const glanceKind = (useCases: UseCases): Kind => ({
  name: 'goal-glance',
  schedulable: false,
  graceMinutes: 7 * DAY,

  async compose({ network, subject }) {
    const drafts = await useCases.glance(network, subject ?? '')
    return drafts.length > 0 ? { drafts } : { silent: 'no-goals' }
  },
})

/** Three weeks after a goal became stuck: its lead is asked once more, unless there was a review meanwhile. */
export const askAgainKind = (useCases: UseCases, room: Room): Kind => ({
  name: 'goal-ask-again',
  schedulable: false,
  graceMinutes: 3 * DAY,

  async compose({ id, network, subject, now }) {
    const [goalId = '', count] = subject?.split('|') ?? []
    const today = localDate(now, network.zone)
    const owed = { cause: id, purpose: 'review-again' }
    const goal = await useCases.goals.read(network.id, goalId)
    if (!goal || !isAwake(goal, today)) return { silent: 'no-goals' }
    const isAsked = goal.asks.some(({ cause }) => cause !== id)
    if (isAsked || String(goal.reviews.length) !== count) return { silent: 'reviewed-recently' }
    const asked = await useCases.apply(network, goalId, (before) =>
      isAwake(before, today) ? ask(before, owed, false) : before,
    )
    if (!isAwake(asked, today)) return { silent: 'no-goals' }
    return { drafts: [await askDraft(room, network, asked, owed)] }
  },
})
