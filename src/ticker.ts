import type { App } from './app.ts'
import type { Logger } from './kernel/logger.ts'

/** Runs what is due: on every tick, and at once when a person has done something. */
export interface Ticker {
  /** Resolves when all that is due now is done; a failure is logged, and the next run tries again. */
  run(): Promise<void>
  /** Resolves when no run is under way. */
  idle(): Promise<void>
}

/**
 * Runs may overlap, so that a platform that hangs holds up nobody but itself: the ledger gives each tenant's lane to one
 * run at a time.
 */
export function createTicker(app: Pick<App, 'tick'>, log: Logger): Ticker {
  const running = new Set<Promise<void>>()
  async function drain(): Promise<void> {
    try {
      while ((await app.tick()) > 0);
    } catch (error) {
      log.error({ err: error }, 'a tick failed')
    }
  }
  return {
    run() {
      const run = drain().finally(() => running.delete(run))
      running.add(run)
      return run
    },
    async idle() {
      await Promise.all(running)
    },
  }
}
