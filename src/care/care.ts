import type { Kind } from '../checkins/kind.ts'
import type { Feature } from '../conversation/port.ts'
import { createFeature } from './actions.ts'
import { createIntroductions } from './introductions.ts'
import { digestKind, introductionKind } from './kinds.ts'
import type { Room } from '../checkins/room.ts'
import { createUseCases, type UseCases } from './room.ts'

/** The care room: feed the network, avoid over-exposure. Contacts, limits, the weekly digest, introductions. */
export function createCare(room: Room): {
  feature: Feature
  kinds: Kind[]
  /** Whether what asks something of a member may go, right before it is sent; for the delivery room. */
  recheck: UseCases['recheck']
} {
  const useCases = createUseCases(room)
  const introductions = createIntroductions(useCases, room)
  room.events.on('delivery.sent', useCases.noteBot)
  return {
    feature: createFeature(useCases, introductions, room),
    kinds: [digestKind(useCases, room), introductionKind(useCases, introductions, room)],
    recheck: useCases.recheck,
  }
}
