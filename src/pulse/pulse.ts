import type { Kind } from '../checkins/kind.ts'
import type { Feature } from '../conversation/port.ts'
import { createFeature } from './actions.ts'
import { createKinds } from './kinds.ts'
import { createModels } from './model.ts'
import { createPosts, type PulseRoom } from './room.ts'
import { createWaves } from './waves.ts'

/** The pulse room: a few statements now and then, answered anonymously, and what the team makes of them. */
export function createPulse(room: PulseRoom): { feature: Feature; kinds: Kind[] } {
  const waves = createWaves(createModels(room.db))
  const posts = createPosts(room)
  // Somebody who left without saying so here: taken off the network's file.
  room.events.on('member.left', ({ network, member }) => waves.forget(network, member))
  return { feature: createFeature(room, waves, posts), kinds: createKinds(room, waves, posts) }
}
