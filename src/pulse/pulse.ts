import type { Kind } from '../checkins/kind.ts'
import type { Feature } from '../conversation/port.ts'
import { createFeature } from './actions.ts'
import { createExportActions } from './export-actions.ts'
import { createKinds } from './kinds.ts'
import { createModels } from './model.ts'
import { createOwnActions } from './own-actions.ts'
import { createOwnItems } from './own-items.ts'
import { createPlanActions } from './plan-actions.ts'
import { createPlans } from './plans.ts'
import { createPosts, type PulseRoom } from './room.ts'
import { createStepActions } from './step-actions.ts'
import { createSteps } from './steps.ts'
import { createWaves } from './waves.ts'

/** The pulse room: a few statements now and then, answered anonymously, and what the team makes of them. */
export function createPulse(room: PulseRoom): { feature: Feature; kinds: Kind[] } {
  const models = createModels(room.db)
  const waves = createWaves(models, room.clock)
  const plans = createPlans({ model: models.settings, waves, checkins: room.checkins })
  const posts = createPosts(room)
  // Somebody who left without saying so here: taken off the network's file.
  room.events.on('member.left', ({ network, member }) => waves.forget(network, member))
  const steps = createSteps(room, waves, posts)
  const own = createOwnItems(room.db)
  const feature = createFeature(room, waves, steps, posts)
  const more = [
    createStepActions(waves, steps),
    createPlanActions(room, waves, plans),
    createOwnActions(room, waves, posts, own),
    createExportActions(waves),
  ]
  return {
    feature: {
      ...feature,
      actions: Object.assign({}, feature.actions, ...more.map(({ actions }) => actions)),
      commands: [...feature.commands, ...more.flatMap(({ commands }) => commands)],
    },
    kinds: createKinds(room, { waves, plans, steps, posts, own }),
  }
}
