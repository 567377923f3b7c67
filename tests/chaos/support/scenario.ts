import type { Tally } from './history.ts'

/** How much of it. */
export interface Size {
  /** True in CI: a sample of each. */
  isShort: boolean
  /** How often the whole, for the long run. */
  rounds: number
}

/** Faults of one kind. */
export interface Scenario {
  name: string
  run(size: Size): Promise<Tally[]>
}
