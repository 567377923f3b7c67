import type { Kind } from '../checkins/kind.ts'
import type { Feature } from '../conversation/port.ts'
import { createFeature } from './actions.ts'
import { askAgainKind, glanceKind, reviewKind } from './kinds.ts'
import type { Room } from '../checkins/room.ts'
import { createUseCases } from './room.ts'

/** The goals room: agreements confirmed by organisation, reviews by their leads, and the picture of all for the team. */
export function createGoals(room: Room): { feature: Feature; kinds: Kind[] } {
  const useCases = createUseCases(room)
  // A member may leave by a file, too; then nobody asks this room to forget.
  room.events.on('member.left', async ({ network, member }) =>
    useCases.leadLeft(await room.networks.network(network), member),
  )
  return {
    feature: createFeature(useCases, room),
    kinds: [reviewKind(useCases, room), glanceKind(useCases), askAgainKind(useCases, room)],
  }
}
