import type { Temporal } from 'temporal-polyfill'
import type { Room } from '../checkins/room.ts'
import type { Draft } from '../delivery/port.ts'
import { createPosts, type Posts } from '../delivery/posts.ts'
import { addressKey, type Address } from '../kernel/address.ts'
import { toInstant } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'
import type { Network } from '../networks/types.ts'
import { moduleOf } from './catalogue.ts'
import { isOpen, postedAt, upcoming } from './journey.ts'
import type { Ending, Journey, Outcome } from './journey.ts'
import { createJourneys, type Journeys } from './model.ts'
import { sceneView, type Scene } from './scenes.ts'
import { answer, bringAgain, settle } from './steps.ts'
import { closingView, exerciseView, nudgeView } from './views.ts'

/** What members and the clock can do with a journey. */
export interface UseCases {
  journeys: Journeys
  posts: Posts
  /**
   * Notes what members made of a nudge, and shows it in all channels but the one it was pressed in. The first press
   * counts: `counted` is false where somebody was quicker or the nudge was overtaken.
   */
  answerNudge(network: Network, number: number, outcome: Outcome, pressedAt: Address): Promise<Answered>
  /** A coordinator has an answered nudge brought again; `counted` is false where its module has moved on. */
  bringNudgeAgain(network: Network, number: number, pressedAt: Address): Promise<Answered>
  /** Takes the buttons off a nudge that nobody answered, because the next one comes. */
  retire(network: Network, journey: Journey, number: number): Promise<void>
  /** The messages that follow from a module's end. */
  closing(network: Network, journey: Journey, ending: Ending): Promise<Draft[]>
  /** Notes the end as announced and asks the clock for its follow-up. Repeatable. */
  settleEnding(network: Network, ending: Ending): Promise<void>
  /** Owes what follows from ends that a crash left unannounced. */
  settleAll(network: Network, journey: Journey): Promise<void>
  /** Puts an invented scene into the team channels. False where no channel is connected. */
  postScene(network: Network, scene: Scene): Promise<boolean>
}

export interface Answered {
  journey: Journey
  counted: boolean
}

export function createUseCases(room: Room): UseCases {
  const { clock, checkins, deliveries } = room
  const posts = createPosts(room)
  const journeys = createJourneys(room.db)

  const useCases: UseCases = {
    journeys,
    posts,

    async answerNudge(network, number, outcome, pressedAt) {
      const now = clock.now()
      const { journey, counted } = await journeys.change(network, (before) => ({
        ...answer(before, number, outcome, now),
        counted: isOpen(before, number),
      }))
      if (counted) await reviseNudge(network, journey, number, pressedAt)
      await useCases.settleAll(network, journey)
      return { journey, counted }
    },

    async bringNudgeAgain(network, number, pressedAt) {
      const now = clock.now()
      const { journey, counted } = await journeys.change(network, (before) => {
        const after = bringAgain(before, number, now)
        return { ...after, counted: after.journey !== before }
      })
      if (counted) await reviseNudge(network, journey, number, pressedAt)
      return { journey, counted }
    },

    async retire(network, journey, number) {
      const posted = journey.posted[number]
      if (posted && !posted.outcome) await reviseNudge(network, journey, number)
    },

    async closing(network, journey, ending) {
      const { module, cause } = ending
      const next = nextAfter(journey, ending)
      const toAll = await posts.toTeam(network, { cause, purpose: 'closing' }, (t) =>
        closingView(t, network, ending, next),
      )
      const offer = await posts.toCoordinators(network, { cause, purpose: 'exercise' }, (t) =>
        exerciseView(t, module),
      )
      return [...toAll, ...offer]
    },

    async settleEnding(network, { module, round, cause, at }) {
      const weeks = moduleOf(module).followUpWeeks
      const due = toInstant(at).toZonedDateTimeISO(network.zone).add({ weeks }).toInstant()
      await checkins.once(network, 'module-follow-up', derivedId(module, String(round)), due)
      await journeys.change(network, (journey) => settle(journey, cause))
    },

    async settleAll(network, journey) {
      for (const ending of journey.endings.filter(({ settled }) => !settled)) {
        await deliveries.owe(await useCases.closing(network, journey, ending))
        await useCases.settleEnding(network, ending)
      }
    },

    async postScene(network, scene) {
      const today = clock.now().toZonedDateTimeISO(network.zone).toPlainDate().toString()
      // Once a day: a second press has no second effect.
      const cause = derivedId('scene', network.id, scene.scenario, String(scene.twists), today)
      const drafts = await posts.toTeam(network, { cause, purpose: 'scene' }, (t) => sceneView(t, scene))
      await deliveries.owe(drafts.map((draft) => ({ ...draft, immediate: true })))
      return drafts.length > 0
    },
  }

  async function reviseNudge(
    network: Network,
    journey: Journey,
    number: number,
    except?: Address,
  ): Promise<void> {
    const posted = postedAt(journey, number)
    const owed = { cause: posted.occurrence, purpose: 'nudge' }
    const state = posted.outcome ?? 'overtaken'
    for (const { to, view } of await posts.toTeam(network, owed, (t) =>
      nudgeView(t, journey, number, state),
    )) {
      const here = except && 'space' in to && addressKey(to.space) === addressKey(except)
      if (!here) await deliveries.revise({ ...owed, to }, view)
    }
  }

  return useCases
}

/** The module that comes after one that ended, as far as it is known at its end. */
function nextAfter(journey: Journey, ending: Ending): string | undefined {
  const inAWeek: Temporal.Instant = toInstant(ending.at).add({ hours: 24 * 7 })
  return journey.current ?? upcoming(journey, inAWeek)
}
