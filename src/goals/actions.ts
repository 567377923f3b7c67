import { z } from 'zod'
import { action, notice } from '../conversation/port.ts'
import type { Ctx, Feature, Reply } from '../conversation/port.ts'
import { Refusal } from '../kernel/errors.ts'
import type { Block } from '../views/view.ts'
import {
  agreeWithoutRest,
  involved,
  isOpen,
  mustBeCurrent,
  reword,
  stanceOf,
  takeStance,
} from './agreement.ts'
import type { Goal } from './agreement.ts'
import { content, type Stance } from './content.ts'
import { createDecisions, mayDecide } from './decisions.ts'
import { goalForm } from './forms.ts'
import { proposedView } from './review-views.ts'
import type { Room } from '../checkins/room.ts'
import type { UseCases } from './room.ts'
import { button, detailView, goalView, listView } from './views.ts'
import { GOAL_TEXTS, goalValues, peopleOf, readGoal, today } from './values.ts'

const NONE = z.strictObject({})
const ID = z.string().max(40)
const EDITION = z.number().int()
const GOAL = z.strictObject({ goal: ID })

/** What members can do with goals. */
export function createFeature(useCases: UseCases, room: Room): Feature {
  const { networks } = room

  async function openForm(ctx: Ctx): Promise<Reply> {
    const open = (await useCases.goals.list(ctx.network.id)).filter(isOpen)
    const { maxActive } = content.limits
    if (open.length >= maxActive) throw new Refusal('goals:errors.full', { count: maxActive })
    return { form: goalForm(ctx, await peopleOf(ctx, networks)) }
  }

  async function list(ctx: Ctx): Promise<Reply> {
    const { t, network } = ctx
    const goals = await useCases.goals.list(network.id)
    const names = await useCases.namesOf(network.id)
    return { notice: listView(t, goals, names, today(ctx)) }
  }

  async function show(ctx: Ctx, id: string): Promise<Reply> {
    const goal = await useCases.read(ctx.network, id)
    const rights = { decide: mayDecide(ctx, goal), coordinate: ctx.member.coordinator }
    return { notice: detailView(ctx.t, goal, await useCases.namesOf(ctx.network.id), rights) }
  }

  /** A new proposal, or a new wording of a goal. */
  async function save(
    ctx: Ctx,
    { goal: id, edition }: { goal?: string; edition?: number },
    values: z.output<typeof goalValues>,
  ): Promise<Reply> {
    const { network, member } = ctx
    const { wording, carriers } = readGoal(ctx, await peopleOf(ctx, networks), values)
    if (id === undefined) return saved(ctx, await useCases.propose(network, wording, carriers, member))
    const before = await useCases.read(network, id)
    if (!mayDecide(ctx, before)) throw new Refusal('goals:errors.notYours')
    const goal = await useCases.apply(network, id, (found) =>
      reword(mustBeCurrent(found, edition ?? 0), wording, carriers),
    )
    if (goal.lead !== before.lead) await useCases.tellLead(network, goal, member)
    return saved(ctx, goal)
  }

  async function saved(ctx: Ctx, goal: Goal): Promise<Reply> {
    const { t, network } = ctx
    const channels = await networks.spaces(network.id, 'team')
    const open = (await useCases.goals.list(network.id)).filter(isOpen).length
    const lines = [channels.length > 0 ? t.t('goals:saved.posted') : t.t('goals:saved.noChannel')]
    if (open > content.limits.recommendedActive) lines.push(t.t('goals:saved.many', { count: open }))
    return { notice: proposedView(t, goal, lines.join(' '), mayDecide(ctx, goal)) }
  }

  /** An organisation says where it stands, or takes that back. */
  async function stand(ctx: Ctx, id: string, edition: number, stance?: Stance): Promise<Reply> {
    const { network, member, t } = ctx
    const goal = await useCases.apply(network, id, (found) =>
      takeStance(mustBeCurrent(found, edition), member.partner, stance),
    )
    const names = await useCases.namesOf(network.id)
    const partner = names.partner(member.partner) ?? ''
    const said = goal.state === 'agreed' ? 'agreed' : (stance ?? 'open')
    const text = t.t(`goals:stance.${said}`, { partner, title: goal.title })
    const undo = button(t, 'takeBack', 'take-back', { goal: id, edition })
    const blocks: Block[] = [{ type: 'text', text }]
    if (stance && goal.state === 'proposed') blocks.push({ type: 'buttons', buttons: [undo] })
    const told = { summary: t.plain(`goals:stance.${said}`, { partner, title: goal.title }), blocks }
    return stance ? { update: goalView(ctx.here, goal, names), notice: told } : { notice: told }
  }

  return {
    name: 'goals',
    actions: {
      'goals.new': action({ who: 'member', args: NONE, run: openForm }),
      'goals.save': action({
        who: 'member',
        args: z.strictObject({ goal: ID.optional(), edition: EDITION.optional() }),
        values: goalValues,
        freeText: GOAL_TEXTS,
        run: save,
      }),
      'goals.list': action({ who: 'member', args: NONE, run: list }),
      'goals.show': action({ who: 'member', args: GOAL, run: (ctx, { goal }) => show(ctx, goal) }),
      'goals.stance': action({
        who: 'member',
        args: z.strictObject({ goal: ID, edition: EDITION, stance: z.enum(content.stances) }),
        run: (ctx, { goal, edition, stance }) => stand(ctx, goal, edition, stance),
      }),
      'goals.take-back': action({
        who: 'member',
        args: z.strictObject({ goal: ID, edition: EDITION }),
        run: (ctx, { goal, edition }) => stand(ctx, goal, edition),
      }),
      'goals.agree': action({
        who: 'coordinator',
        args: z.strictObject({ goal: ID, edition: EDITION }),
        async run({ network, t }, { goal, edition }) {
          const { title } = await useCases.apply(network, goal, (found) =>
            agreeWithoutRest(mustBeCurrent(found, edition)),
          )
          return notice(t.t('goals:stance.agreed', { title }))
        },
      }),
      ...createDecisions(useCases, room),
    },
    commands: [
      { name: 'goal', who: 'member', run: openForm },
      { name: 'goals', who: 'member', run: list },
    ],
    async home(ctx) {
      return homeBlocks(ctx, await useCases.goals.list(ctx.network.id))
    },
    async known({ network, member, t }) {
      const led = (await useCases.goals.list(network.id)).filter(({ lead }) => lead === member.id)
      return led.map(({ title }) => t.t('goals:known', { title }))
    },
    async forget(member) {
      await useCases.leadLeft(await networks.network(member.network), member.id)
    },
  }
}

/** What waits for this member: goals to look at as their lead, and proposals that concern the organisation. */
function homeBlocks({ t, member }: Ctx, goals: Goal[]): Block[] {
  const led = goals.filter(({ state, lead }) => state === 'agreed' && lead === member.id)
  const waiting = goals.filter(
    (goal) =>
      goal.state === 'proposed' && involved(goal).includes(member.partner) && !stanceOf(goal, member.partner),
  )
  return [
    ...led.flatMap(({ id, title }): Block[] => [
      { type: 'text', text: t.t('goals:home.led', { title }) },
      { type: 'buttons', buttons: [button(t, 'review', 'review', { goal: id }, { opensForm: true })] },
    ]),
    ...waiting.flatMap(({ id, title }): Block[] => [
      { type: 'text', text: t.t('goals:home.waiting', { title }) },
      { type: 'buttons', buttons: [button(t, 'show', 'show', { goal: id })] },
    ]),
    {
      type: 'buttons',
      buttons: [button(t, 'list', 'list', {}), button(t, 'new', 'new', {}, { opensForm: true })],
    },
  ]
}
