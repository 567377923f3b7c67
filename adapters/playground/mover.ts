import { Temporal } from 'temporal-polyfill'
import type { Clock } from '../../src/kernel/clock.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import type { STEPS, WireClock } from './wire.ts'

/** Moves the network's time, one move at a time. */
interface Mover {
  state(): WireClock
  /**
   * Begins to move by a calendar step of the network's zone; days keep their local time over a change of the clocks.
   * @returns false where the clock is moving already
   */
  start(step: (typeof STEPS)[number], zone: string): boolean
  onChange(listener: () => void): () => void
}

const SHOW_EVERY_MS = 200

export function createMover(
  clock: Clock,
  advance: (to: Temporal.Instant) => Promise<void>,
  log: Logger,
): Mover {
  const listeners = new Set<() => void>()
  const tell = (): void => listeners.forEach((listener) => listener())
  let moving: WireClock['moving']
  let stopped = false
  return {
    state: () => ({ now: clock.now().toString(), moving, stopped }),
    start(step, zone) {
      if (moving) return false
      const from = clock.now()
      const to = from.toZonedDateTimeISO(zone).add(Temporal.Duration.from(step)).toInstant()
      stopped = false
      moving = { from: from.toString(), to: to.toString() }
      const timer = setInterval(tell, SHOW_EVERY_MS)
      tell()
      void advance(to)
        .catch((error: unknown) => {
          stopped = true
          log.error({ err: error }, 'the clock of the playground stopped on its way')
        })
        .finally(() => {
          clearInterval(timer)
          moving = undefined
          tell()
        })
      return true
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
