import type { Scenario } from '../support/scenario.ts'
import { disk } from './disk.ts'
import { killsEmbedded, killsMongo } from './kills.ts'
import { platforms } from './platforms.ts'
import { redisScenario } from './redis.ts'
import { store } from './store.ts'
import { suspended } from './suspended.ts'
import { toldToEnd } from './told-to-end.ts'
import { underFireScenario } from './under-fire.ts'

// The longest first, because several run side by side in CI.
export const scenarios: Scenario[] = [
  ...[killsEmbedded, killsMongo, store, platforms, underFireScenario],
  ...[suspended, redisScenario, toldToEnd, disk],
]
