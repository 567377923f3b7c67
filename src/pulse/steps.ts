import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '../conversation/port.ts'
import type { Draft } from '../delivery/port.ts'
import { Refusal } from '../kernel/errors.ts'
import { derivedId } from '../kernel/ids.ts'
import type { Network } from '../networks/types.ts'
import { itemOf } from './content.ts'
import type { Step, WaveDoc } from './model.ts'
import type { Posts, PulseRoom } from './room.ts'
import { isShown } from './scoring.ts'
import { chosenView, offerView, teamView, topicIn, waitingView, type Choices } from './step-views.ts'
import type { Waves } from './waves.ts'

/** How a result leads to one next step: coordinators choose it, the team is told, and only then the next wave opens. */
export function createSteps(room: PulseRoom, waves: Waves, posts: Posts) {
  const { networks, deliveries } = room

  async function choicesOf(network: Network, wave: WaveDoc): Promise<Choices> {
    const topic = topicIn(wave)
    const proposal = topic && (await room.proposeExercise?.(network, itemOf(topic.item).element))
    return { wave, topic, proposal }
  }

  /** Every coordinator's offer now says what was chosen, and offers nothing any more. */
  async function closeOffers(network: Network, choices: Choices): Promise<void> {
    const owed = { cause: choices.wave._id, purpose: 'offer' }
    for (const { to, view } of await posts.toCoordinators(network, owed, (t) => chosenView(choices, t)))
      await deliveries.revise({ ...owed, to }, view)
  }

  return {
    choicesOf,

    /** What coordinators are offered after a wave; nothing where nothing was shown. */
    async offer(network: Network, wave: WaveDoc): Promise<Draft[]> {
      if (!wave.result || !isShown(wave.result)) return []
      const choices = await choicesOf(network, wave)
      return posts.toCoordinators(network, { cause: wave._id, purpose: 'offer' }, (t) =>
        offerView(choices, t),
      )
    },

    /** One kind reminder for each day on which a pulse was left out because nobody has chosen yet. */
    async remind(network: Network, wave: WaveDoc, day: Temporal.PlainDate): Promise<void> {
      const choices = await choicesOf(network, wave)
      const owed = { cause: derivedId(wave._id, 'waits', day.toString()), purpose: 'waits' }
      await deliveries.owe(await posts.toCoordinators(network, owed, (t) => waitingView(choices, t)))
    },

    /**
     * Keeps the choice and tells the team. The first choice stands; repeated, it has no further effect.
     * @throws Refusal where there is no team channel, or another choice stands
     */
    async choose({ network }: Pick<Ctx, 'network'>, wave: WaveDoc, step: Step): Promise<void> {
      if ((await networks.spaces(network.id, 'team')).length === 0)
        throw new Refusal('pulse:errors.noChannel')
      const standing = await waves.choose(wave._id, step)
      const choices = await choicesOf(network, { ...wave, step: standing })
      const owed = { cause: wave._id, purpose: 'step' }
      await deliveries.owe(await posts.toTeam(network, owed, (t) => teamView(choices, t)))
      await closeOffers(network, choices)
      if (!isSame(step, standing)) throw new Refusal('pulse:errors.chosen')
    },
  }
}

export type Steps = ReturnType<typeof createSteps>

const wordsOf = (step: Step | undefined): string => (step && 'text' in step ? step.text : '')
const isSame = (one: Step, other: Step | undefined): boolean =>
  one.kind === other?.kind && wordsOf(one) === wordsOf(other)
