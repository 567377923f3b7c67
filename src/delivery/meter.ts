import type { Logger } from '../kernel/logger.ts'
import type { DeliveryDoc } from './model.ts'

/** A step of a delivery that operators can follow. `paced`: it had to wait for its turn on the platform. */
export type Happening =
  'owed' | 'paced' | 'claimed' | 'released' | 'sent' | 'retry' | 'failed' | 'unknown' | 'dropped' | 'again'

/** Counts steps by platform: `slack`, `teams`, or `nowhere` while no way is known. */
export interface Meter {
  count(platform: string, happening: Happening): void
  /** @param seconds between the instant a message might have gone and the one it was sent */
  late(platform: string, seconds: number): void
}

/** Writes a step down: in the log under the delivery's id, and on the meter. */
export type Observe = (
  delivery: Pick<DeliveryDoc, '_id' | 'lane'>,
  happening: Happening,
  reason?: string,
) => void

// What happens to every message on its way; the rest is how it ended.
const ON_THE_WAY: Happening[] = ['owed', 'paced', 'claimed']

/** Platform of a lane: `slack` of `slack|T0CITY`. Platforms are counted, never tenants. */
export const platformOf = (lane: string): string => lane.split('|')[0] ?? lane

/** @param meter left out where nobody counts */
export function createObserve(log: Logger, meter?: Meter): Observe {
  return ({ _id: delivery, lane }, happening, reason) => {
    const level = ON_THE_WAY.includes(happening) ? 'debug' : 'info'
    log[level]({ delivery, lane, reason }, `delivery: ${happening}`)
    meter?.count(platformOf(lane), happening)
  }
}
