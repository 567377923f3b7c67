import type { App } from './app.ts'
import type { Logger } from './kernel/logger.ts'

/** Runs what is due, one run at a time. */
export interface Ticker {
  /** Resolves when all that is due now is done; a failure is logged, and the next run tries again. */
  run(): Promise<void>
}

/** A call during a run makes it run once more, so that what a person has just done is never left for the next tick. */
export function createTicker(app: Pick<App, 'tick'>, log: Logger): Ticker {
  let running: Promise<void> | undefined
  let again = false
  async function drain(): Promise<void> {
    try {
      do {
        again = false
        while ((await app.tick()) > 0);
      } while (again)
    } catch (error) {
      log.error({ err: error }, 'a tick failed')
    } finally {
      running = undefined
    }
  }
  return {
    run() {
      again = true
      running ??= drain()
      return running
    },
  }
}
