import type { Kind } from '../checkins/kind.ts'
import { createPosts } from '../delivery/posts.ts'
import { digestView, introductionView } from './digest-views.ts'
import { readDigest, rememberDigest } from './digest.ts'
import { INTRODUCTION, type Introductions } from './introductions.ts'
import type { Room } from '../checkins/room.ts'
import type { UseCases } from './room.ts'

const DAY = 24 * 60
// Both wait for a good hour, over a long weekend, say.
const LASTS = { hours: 5 * 24 }

/** The weekly digest: who was left alone, who was asked a lot, whom to give a rest, one idea each. */
export const digestKind = (useCases: UseCases, room: Room): Kind => ({
  name: 'care-digest',
  schedulable: true,
  graceMinutes: DAY,

  async compose({ id, network, now, dueAt, byHand }) {
    const digest = await readDigest(useCases, network, id)
    const { silent } = await rememberDigest(useCases, network, id, digest, now)
    if (silent && !byHand) return { silent: 'all-in-touch' }
    const owed = { cause: id, purpose: 'digest', expiresAt: dueAt.add(LASTS) }
    const today = useCases.today(network)
    return {
      drafts: await createPosts(room).toCoordinators(network, owed, (t) => digestView(t, digest, id, today)),
    }
  },

  async preview({ network, t }) {
    const today = useCases.today(network)
    return digestView(t, await readDigest(useCases, network), `preview|${today}`, today)
  },
})

/** The monthly proposal of two partners who might like to meet. */
export const introductionKind = (useCases: UseCases, introductions: Introductions, room: Room): Kind => ({
  name: 'introduction',
  schedulable: true,
  graceMinutes: DAY,

  async compose({ id, network, dueAt }) {
    const pair = await introductions.propose(network, id)
    if (!pair) return { silent: 'nobody-to-introduce' }
    const owed = { cause: id, purpose: INTRODUCTION, expiresAt: dueAt.add(LASTS) }
    const today = useCases.today(network)
    const drafts = await createPosts(room).toCoordinators(network, owed, (t) =>
      introductionView(t, network, pair, id, today),
    )
    return { drafts }
  },

  async preview({ network, t }) {
    const pair = await introductions.choose(network)
    if (pair) return introductionView(t, network, pair, undefined, useCases.today(network))
    const text = t.t('care:introduction.nobody')
    return { summary: text, blocks: [{ type: 'text', text }] }
  },
})
