import { toDate } from '../kernel/clock.ts'
import { Refusal } from '../kernel/errors.ts'
import { derivedId } from '../kernel/ids.ts'
import type { Network, Partner } from '../networks/types.ts'
import { content } from './content.ts'
import { decidedView } from './digest-views.ts'
import { addOnce, type IntroductionDoc } from './model.ts'
import { choosePair } from './pairs.ts'
import type { Room } from '../checkins/room.ts'
import type { UseCases } from './room.ts'
import { careStatus } from './rules.ts'

type Pair = [Partner, Partner]

/** The purpose of the messages that propose an introduction. */
export const INTRODUCTION = 'introduction'

/** What coordinators and the clock can do with introductions. */
export interface Introductions {
  /** Two who could be introduced now; nothing is stored. */
  choose(network: Network): Promise<Pair | undefined>
  /** The pair of an occurrence, chosen once. */
  propose(network: Network, id: string): Promise<Pair | undefined>
  /**
   * Notes what a coordinator decided, and brings all coordinators' messages up to date. The first decision for
   * introducing stands; "not now" can be thought over.
   * @throws Refusal where the proposal is too old or a partner has left
   */
  decide(
    network: Network,
    id: string,
    state: 'introduced' | 'not-now',
  ): Promise<{ pair: Pair; state: 'introduced' | 'not-now' }>
  /** Notes the contact with both, once they said yes. */
  done(network: Network, id: string): Promise<Pair>
}

export function createIntroductions(
  useCases: UseCases,
  { networks, deliveries, texts, clock }: Room,
): Introductions {
  const { introductions } = useCases.models

  async function pairOf(network: Network, doc: IntroductionDoc | null): Promise<Pair | undefined> {
    const [a, b] = await Promise.all((doc?.partners ?? []).map((id) => networks.partner(network.id, id)))
    return a && b && [a, b]
  }

  async function mustFind(network: Network, id: string): Promise<Pair> {
    const pair = await pairOf(network, await introductions.findOne({ _id: id, network: network.id }).lean())
    if (!pair) throw new Refusal('care:errors.oldIntroduction')
    return pair
  }

  async function choose(network: Network): Promise<Pair | undefined> {
    const today = useCases.today(network)
    const free = (await useCases.all(network)).filter(
      ({ standing }) => !['resting', 'over-exposed'].includes(careStatus(standing, today)),
    )
    const earlier = await introductions.find({ network: network.id }).lean()
    return choosePair(
      free.map(({ partner }) => partner),
      earlier,
      today,
    )
  }

  return {
    choose,

    async propose(network, id) {
      if (!(await introductions.exists({ _id: id }))) {
        const pair = await choose(network)
        if (!pair) return undefined
        const days = content.introductions.notAgainWithinDays
        await addOnce(introductions, {
          _id: id,
          network: network.id,
          partners: pair.map((partner) => partner.id),
          state: 'proposed',
          date: useCases.today(network).toString(),
          expiresAt: toDate(clock.now().add({ hours: 24 * (days + 1) })),
        })
      }
      return pairOf(network, await introductions.findOne({ _id: id, network: network.id }).lean())
    },

    async decide(network, id, wanted) {
      const pair = await mustFind(network, id)
      const which = { _id: id, network: network.id, state: { $ne: 'introduced' as const } }
      // The weeks until the next introduction are counted from the decision.
      const date = useCases.today(network).toString()
      await introductions.updateOne(which, { $set: { state: wanted, date } })
      const doc = await introductions.findOne({ _id: id, network: network.id }).lean()
      const state = doc?.state === 'introduced' ? 'introduced' : 'not-now'
      for (const member of await networks.coordinators(network.id)) {
        const t = texts.in(member.language, ...network.languages)
        const owed = { cause: id, purpose: INTRODUCTION, to: { member: member.id } }
        await deliveries.revise(owed, decidedView(t, pair, state))
      }
      return { pair, state }
    },

    async done(network, id) {
      const pair = await mustFind(network, id)
      const date = useCases.today(network).toString()
      for (const { id: partner } of pair)
        await useCases.note(network, { id: derivedId(id, partner), partner, type: 'introduce', date })
      return pair
    },
  }
}
