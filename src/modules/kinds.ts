import type { Kind } from '../checkins/kind.ts'
import type { Draft } from '../delivery/port.ts'
import { moduleOf } from './catalogue.ts'
import { upcoming } from './journey.ts'
import type { Room } from '../checkins/room.ts'
import type { UseCases } from './room.ts'
import { takeTurn } from './steps.ts'
import { closingView, followUpView, nudgeView, tipView } from './views.ts'

const HOUR = 60
const DAY = 24 * HOUR
// A nudge that waits for a good hour (a long weekend, say) is dropped before the next one is due.
const NUDGE_LASTS_HOURS = 5 * 24

/** The weekly nudge: the next one of the journey, to every team channel; the tip, to coordinators only. */
export const nudgeKind = (useCases: UseCases, { networks, clock }: Room): Kind => ({
  name: 'nudge',
  schedulable: true,
  graceMinutes: 12 * HOUR,

  async compose({ id, network, dueAt, byHand }) {
    if ((await networks.spaces(network.id, 'team')).length === 0) return { silent: 'no-team-channel' }
    const turn = await useCases.journeys.change(network, (journey) =>
      takeTurn(journey, { occurrence: id, at: dueAt, byHand }),
    )
    const { journey } = turn
    if ('silent' in turn) return { silent: turn.silent }
    const { posted, ending } = turn
    if (ending) {
      await useCases.retire(network, journey, journey.posted.length - 1)
      await useCases.settleEnding(network, ending)
      return { drafts: await useCases.closing(network, journey, ending) }
    }
    await useCases.settleAll(network, journey)
    const number = journey.posted.indexOf(posted)
    await useCases.retire(network, journey, number - 1)
    const nudges = await useCases.posts.toTeam(network, { cause: id, purpose: 'nudge' }, (t) =>
      nudgeView(t, journey, number, posted.outcome ?? 'open'),
    )
    const tips = await useCases.posts.toCoordinators(network, { cause: id, purpose: 'tip' }, (t) =>
      tipView(t, posted),
    )
    const expiresAt = dueAt.add({ hours: NUDGE_LASTS_HOURS })
    return { drafts: [...nudges, ...tips].map((draft): Draft => ({ ...draft, expiresAt })) }
  },

  async preview({ network, t }) {
    const journey = await useCases.journeys.read(network)
    const at = clock.now()
    const turn = takeTurn(journey, { occurrence: 'preview', at, byHand: true })
    if ('silent' in turn) {
      const text = t.t('modules:preview.rest')
      return { summary: text, blocks: [{ type: 'text', text }] }
    }
    return turn.posted
      ? nudgeView(t, turn.journey, turn.journey.posted.length - 1, 'preview')
      : closingView(t, network, turn.ending, upcoming(turn.journey, at))
  },
})

/** Some weeks after a module: the question what became of it, to coordinators. */
export const followUpKind = (useCases: UseCases): Kind => ({
  name: 'module-follow-up',
  schedulable: false,
  graceMinutes: 14 * DAY,

  async compose({ id, network, subject }) {
    const module = moduleOf(subject?.split('|')[0] ?? '').id
    const drafts = await useCases.posts.toCoordinators(network, { cause: id, purpose: 'follow-up' }, (t) =>
      followUpView(t, module),
    )
    return { drafts }
  },
})
