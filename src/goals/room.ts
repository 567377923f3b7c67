import type { Room } from '../checkins/room.ts'
import type { Draft } from '../delivery/port.ts'
import { createPosts, type Owed } from '../delivery/posts.ts'
import type { Translator } from '../i18n/texts.ts'
import { localDate, toDate } from '../kernel/clock.ts'
import { Refusal } from '../kernel/errors.ts'
import { derivedId, randomId } from '../kernel/ids.ts'
import type { Member, Network } from '../networks/types.ts'
import type { View } from '../views/view.ts'
import { isOpen, propose, withLead } from './agreement.ts'
import type { Carriers, Goal, Review, Wording } from './agreement.ts'
import { content } from './content.ts'
import { createGoalStore, type Goals } from './model.ts'
import { leadlessView, leadView, settledView, talkView } from './review-views.ts'
import { addReview, asksAgain, concerns, isAwake } from './reviewing.ts'
import { glanceView, goalView, rewordedView, type Names } from './views.ts'

type ViewIn = (t: Translator) => View

/** What members and the clock can do with goals. */
export interface UseCases {
  goals: Goals
  /** @throws Refusal where there is no such goal (any more) */
  read(network: Network, id: string): Promise<Goal>
  namesOf(network: string): Promise<Names>
  /**
   * A new proposal, shown to the team.
   * @throws Refusal where the network has as many open goals as it may have
   */
  propose(network: Network, wording: Wording, carriers: Carriers, by: Member): Promise<Goal>
  /**
   * Changes a goal, and brings up to date whatever shows it.
   * @throws Refusal where there is no such goal, or the rule refuses
   */
  apply(network: Network, id: string, rule: (goal: Goal) => Goal): Promise<Goal>
  /** Adds a review, and owes what follows from it. */
  review(network: Network, id: string, review: Review): Promise<Goal>
  /** Tells whoever leads a goal now, unless they named themselves. */
  tellLead(network: Network, goal: Goal, by: Member): Promise<void>
  /** A message to all team channels, in the language of each. */
  tellTeam(network: Network, owed: Owed, view: ViewIn): Promise<void>
  /** A private message to all coordinators, in the language of each. */
  tellCoordinators(network: Network, owed: Owed, view: ViewIn): Promise<void>
  /** Somebody leads goals no more: coordinators are asked for somebody else. Repeatable. */
  leadLeft(network: Network, member: string, onlyGoal?: string): Promise<void>
  /** The picture of all goals, owed once an occurrence's leads have answered or had their time; no draft without a goal. */
  glance(network: Network, cause: string): Promise<Draft[]>
}

/** What a goal's messages are owed under. */
export const causeOf = (goal: Pick<Goal, 'id'>, ...more: string[]): string =>
  derivedId('goal', goal.id, ...more)

export function createUseCases(room: Room): UseCases {
  const { clock, networks, checkins, deliveries } = room
  const posts = createPosts(room)
  const goals = createGoalStore(room.db)
  const today = ({ zone }: Network) => localDate(clock.now(), zone)
  const messageOf = ({ id, edition }: Goal): Owed => ({
    cause: causeOf({ id }, String(edition)),
    purpose: 'goal',
  })

  async function revise(drafts: Draft[]): Promise<void> {
    for (const draft of drafts) await deliveries.revise(draft, draft.view)
  }

  /** The goal's own message in every channel: owed if it is new, up to date in any case. */
  async function publish(network: Network, goal: Goal): Promise<void> {
    const names = await useCases.namesOf(network.id)
    const drafts = await posts.toTeam(network, messageOf(goal), (t) => goalView(t, goal, names))
    if (isOpen(goal)) await deliveries.owe(drafts)
    await revise(drafts)
  }

  /** The message of a wording of before loses its buttons, or is not sent any more. */
  async function retire(network: Network, old: Goal): Promise<void> {
    const owed = messageOf(old)
    await deliveries.withdraw(network.id, owed.cause)
    await revise(await posts.toTeam(network, owed, (t) => rewordedView(t, old)))
  }

  async function settleAsks(network: Network, before: Goal, goal: Goal): Promise<void> {
    const over = before.asks.filter(({ cause }) => !goal.asks.some((one) => one.cause === cause))
    for (const { member, ...owed } of over) {
      const lead = await networks.member(network.id, member)
      if (lead) await revise([posts.toMember(network, lead, owed, (t) => settledView(t, goal))])
    }
  }

  /** Shows the picture as soon as nobody's answer is awaited any more, and keeps it up to date. */
  async function settleRound(network: Network, cause: string): Promise<void> {
    const asked = (await goals.list(network.id)).filter(({ round }) => round?.cause === cause)
    const drafts = await useCases.glance(network, cause)
    if (!asked.some((goal) => isAwake(goal, today(network)) && !goal.round?.answered)) {
      await deliveries.owe(drafts)
      await checkins.cancel(network.id, 'goal-glance', cause)
    }
    await revise(drafts)
  }

  const useCases: UseCases = {
    goals,

    async read(network, id) {
      const goal = await goals.read(network.id, id)
      if (!goal) throw new Refusal('goals:errors.gone')
      return goal
    },

    async namesOf(network) {
      const [partners, members] = await Promise.all([networks.partners(network), networks.members(network)])
      return {
        partner: (id) => partners.find((partner) => partner.id === id)?.name,
        member: (id) => members.find((member) => member.id === id)?.name,
      }
    },

    async propose(network, wording, carriers, by) {
      const goal = propose(randomId(), network.id, wording, carriers, toDate(clock.now()))
      if (!(await goals.add(goal)))
        throw new Refusal('goals:errors.full', { count: content.limits.maxActive })
      await publish(network, goal)
      await useCases.tellLead(network, goal, by)
      return goal
    },

    async apply(network, id, rule) {
      const changed = await goals.change(network.id, id, rule)
      if (!changed) throw new Refusal('goals:errors.gone')
      const { before, goal } = changed
      if (goal === before) return goal
      await settleAsks(network, before, goal)
      if (goal.edition !== before.edition) await retire(network, before)
      if (face(goal) !== face(before)) await publish(network, goal)
      if (goal.round) await settleRound(network, goal.round.cause)
      return goal
    },

    async review(network, id, review) {
      const goal = await useCases.apply(network, id, (before) => addReview(before, review))
      const count = String(goal.reviews.length)
      const found = concerns(goal)
      if (found.length > 0)
        await useCases.tellCoordinators(
          network,
          { cause: causeOf(goal, 'review', count), purpose: 'talk' },
          (t) => talkView(t, goal, found),
        )
      if (asksAgain(goal)) {
        const at = clock.now().add({ hours: 24 * content.cadenceDays.afterStuck })
        await checkins.once(network, 'goal-ask-again', derivedId(goal.id, count), at)
      }
      return goal
    },

    async tellLead(network, goal, by) {
      if (goal.lead === null || goal.lead === by.id) return
      const lead = await networks.member(network.id, goal.lead)
      const owed = { cause: causeOf(goal, 'lead', String(goal.leadChanges)), purpose: 'lead' }
      if (lead) await deliveries.owe([posts.toMember(network, lead, owed, (t) => leadView(t, goal))])
    },

    tellTeam: async (network, owed, view) => deliveries.owe(await posts.toTeam(network, owed, view)),

    tellCoordinators: async (network, owed, view) =>
      deliveries.owe(await posts.toCoordinators(network, owed, view)),

    async leadLeft(network, member, onlyGoal) {
      for (const { id, lead } of await goals.list(network.id)) {
        if (lead !== member || (onlyGoal && id !== onlyGoal)) continue
        await useCases.apply(network, id, (goal) =>
          goal.lead === member ? withLead(goal, null, goal.leadPartner) : goal,
        )
      }
      for (const goal of await goals.list(network.id)) {
        if (goal.lead !== null || !isOpen(goal)) continue
        const owed = { cause: causeOf(goal, 'lead', String(goal.leadChanges)), purpose: 'leadless' }
        await useCases.tellCoordinators(network, owed, (t) => leadlessView(t, goal))
      }
    },

    async glance(network, cause) {
      const all = await goals.list(network.id)
      if (!all.some(isOpen)) return []
      const names = await useCases.namesOf(network.id)
      return posts.toTeam(network, { cause, purpose: 'glance' }, (t) =>
        glanceView(t, all, names, today(network)),
      )
    },
  }
  return useCases
}

// What a goal's own message shows: with anything else, it may stay as it is.
const face = ({ reviews: _reviews, round: _round, asks: _asks, ...shown }: Goal): string =>
  JSON.stringify(shown)
