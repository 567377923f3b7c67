import { z } from 'zod'
import { action, notice } from '../conversation/port.ts'
import type { ActionHandler, Ctx, Reply } from '../conversation/port.ts'
import { Refusal } from '../kernel/errors.ts'
import { toDate } from '../kernel/clock.ts'
import type { Form } from '../views/view.ts'
import { end, mustBeAgreed, mustBeOpen, rest, withLead, type Goal } from './agreement.ts'
import { celebrateForm, goalForm, leadForm, letGoForm, restForm, reviewForm } from './forms.ts'
import { helpView, letGoView, reachedView, restsView, settledView, thanksView } from './review-views.ts'
import { mayWantHelp } from './reviewing.ts'
import type { Room } from '../checkins/room.ts'
import { causeOf, type UseCases } from './room.ts'
import {
  LET_GO_TEXTS,
  leadValues,
  letGoValues,
  peopleOf,
  REACHED_TEXTS,
  reachedValues,
  readLead,
  readRest,
  readReview,
  restValues,
  REVIEW_TEXTS,
  reviewValues,
} from './values.ts'

const GOAL = z.strictObject({ goal: z.string().max(40) })

/** Whether a member may decide about a goal: its lead, and coordinators. */
export const mayDecide = ({ member }: Ctx, goal: Goal): boolean =>
  member.coordinator || goal.lead === member.id

/** What a goal's lead and the coordinators can do with it: reviews, and what follows from them. */
export function createDecisions(useCases: UseCases, { networks }: Room): Record<string, ActionHandler> {
  /** @throws Refusal where somebody else decides about the goal */
  async function decidable(ctx: Ctx, id: string): Promise<Goal> {
    const goal = await useCases.read(ctx.network, id)
    if (!mayDecide(ctx, goal)) throw new Refusal('goals:errors.notYours')
    return goal
  }

  const opens = (form: (ctx: Ctx, goal: Goal) => Form, must: (goal: Goal) => Goal): ActionHandler =>
    action({
      who: 'member',
      args: GOAL,
      run: async (ctx, { goal }) => ({ form: form(ctx, must(await decidable(ctx, goal))) }),
    })

  /** Applies a rule, if this member may. */
  async function decide(ctx: Ctx, id: string, rule: (goal: Goal) => Goal): Promise<Goal> {
    await decidable(ctx, id)
    return useCases.apply(ctx.network, id, rule)
  }

  const said = ({ t }: Ctx, what: 'rests' | 'let-go' | 'reached', { title }: Goal): Reply =>
    notice(t.t(`goals:done.${what}`, { title }))

  return {
    'goals.review': opens(({ t }, goal) => reviewForm(t, goal), mustBeAgreed),
    'goals.reviewed': action({
      who: 'member',
      args: GOAL,
      values: reviewValues,
      freeText: REVIEW_TEXTS,
      async run(ctx, { goal: id }, values) {
        await decidable(ctx, id)
        return { notice: thanksView(ctx.t, await useCases.review(ctx.network, id, readReview(ctx, values))) }
      },
    }),
    'goals.no-news': action({
      who: 'member',
      args: GOAL,
      async run(ctx, { goal: id }) {
        await decidable(ctx, id)
        const goal = await useCases.review(ctx.network, id, {
          at: toDate(ctx.now),
          status: 'no-news',
          confidence: null,
          sign: '',
          obstacle: null,
          next: '',
          rightGoal: null,
          sideEffects: null,
        })
        const update = settledView(ctx.t, goal)
        return mayWantHelp(goal) ? { update, notice: thanksView(ctx.t, goal) } : { update }
      },
    }),
    'goals.help': action({
      who: 'member',
      args: GOAL,
      async run(ctx, { goal: id }) {
        const goal = await decidable(ctx, id)
        const owed = { cause: causeOf(goal, 'help', String(goal.reviews.length)), purpose: 'help' }
        await useCases.tellCoordinators(ctx.network, owed, (t) => helpView(t, goal))
        return notice(ctx.t.t('goals:done.help'))
      },
    }),

    'goals.change': action({
      who: 'member',
      args: GOAL.extend({ smaller: z.boolean().default(false) }),
      async run(ctx, { goal: id, smaller }) {
        const goal = mustBeOpen(await decidable(ctx, id))
        return { form: goalForm(ctx, await peopleOf(ctx, networks), goal, smaller) }
      },
    }),
    'goals.rest': opens(restForm, mustBeAgreed),
    'goals.rested': action({
      who: 'member',
      args: GOAL,
      values: restValues,
      async run(ctx, { goal: id }, values) {
        const until = readRest(ctx, values)
        const goal = await decide(ctx, id, (found) => rest(found, until))
        const owed = { cause: causeOf(goal, 'rests', until), purpose: 'rests' }
        await useCases.tellTeam(ctx.network, owed, (t) => restsView(t, goal, until))
        return said(ctx, 'rests', goal)
      },
    }),
    'goals.let-go': opens(({ t }, goal) => letGoForm(t, goal), mustBeOpen),
    'goals.ended': action({
      who: 'member',
      args: GOAL,
      values: letGoValues,
      freeText: LET_GO_TEXTS,
      async run(ctx, { goal: id }, { why, learned }) {
        const goal = await decide(ctx, id, (found) => end(found, 'let-go'))
        const owed = { cause: causeOf(goal, 'end'), purpose: 'let-go' }
        await useCases.tellTeam(ctx.network, owed, (t) => letGoView(t, goal, why, learned))
        return said(ctx, 'let-go', goal)
      },
    }),
    'goals.celebrate': opens(({ t }, goal) => celebrateForm(t, goal), mustBeAgreed),
    'goals.reached': action({
      who: 'member',
      args: GOAL,
      values: reachedValues,
      freeText: REACHED_TEXTS,
      async run(ctx, { goal: id }, { stays }) {
        const goal = await decide(ctx, id, (found) => end(found, 'reached'))
        const names = await useCases.namesOf(ctx.network.id)
        const owed = { cause: causeOf(goal, 'end'), purpose: 'reached' }
        await useCases.tellTeam(ctx.network, owed, (t) => reachedView(t, goal, names, stays))
        return said(ctx, 'reached', goal)
      },
    }),

    'goals.lead': action({
      who: 'coordinator',
      args: GOAL,
      async run(ctx, { goal: id }) {
        const goal = mustBeOpen(await useCases.read(ctx.network, id))
        return { form: leadForm(ctx.t, goal, await peopleOf(ctx, networks)) }
      },
    }),
    'goals.led': action({
      who: 'coordinator',
      args: GOAL,
      values: leadValues,
      async run(ctx, { goal: id }, values) {
        const lead = readLead(await peopleOf(ctx, networks), values)
        const before = await useCases.read(ctx.network, id)
        const goal = await useCases.apply(ctx.network, id, (found) =>
          withLead(mustBeOpen(found), lead.id, lead.partner),
        )
        if (goal.lead !== before.lead) await useCases.tellLead(ctx.network, goal, ctx.member)
        return notice(ctx.t.t('goals:done.led', { name: lead.name, title: goal.title }))
      },
    }),
    'goals.decline': action({
      who: 'member',
      args: GOAL,
      async run(ctx, { goal: id }) {
        const goal = await useCases.read(ctx.network, id)
        if (goal.lead !== ctx.member.id) throw new Refusal('goals:errors.notLead')
        await useCases.leadLeft(ctx.network, ctx.member.id, id)
        const text = ctx.here.t('goals:lead.declined', { title: goal.title })
        const summary = ctx.here.plain('goals:lead.declined', { title: goal.title })
        return { update: { summary, blocks: [{ type: 'text', text }] } }
      },
    }),
  }
}
