import type { App } from './app.ts'
import type { Conversation } from './conversation/port.ts'
import type { Logger } from './kernel/logger.ts'

/** Runs what is due: on every tick, and at once when a person has done something. */
export interface Ticker {
  /** Resolves when all that is due now is done; a failure is logged, and the next run tries again. */
  run(): Promise<void>
  /** Resolves when no run is under way. */
  idle(): Promise<void>
  /** Seconds since a tick last went through; since the start, where none has yet. */
  quietFor(): number
}

/**
 * Runs may overlap, so that a platform that hangs holds up nobody but itself: the ledger gives each tenant's lane to one
 * run at a time.
 */
export function createTicker(app: Pick<App, 'tick'>, log: Logger): Ticker {
  const running = new Set<Promise<void>>()
  // Not the app's clock, which may stand still: this is about the process.
  let lastAt = performance.now()
  async function tick(): Promise<number> {
    const done = await app.tick()
    lastAt = performance.now()
    return done
  }
  async function drain(): Promise<void> {
    try {
      while ((await tick()) > 0);
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
    quietFor: () => (performance.now() - lastAt) / 1000,
  }
}

/**
 * What a person did may owe a message at once: it does not wait for the next tick.
 * @param wait whether the answer waits until all that follows has been sent
 */
export function withHaste(conversation: Conversation, ticker: Ticker, wait: boolean): Conversation {
  return {
    async handle(incoming) {
      const reply = await conversation.handle(incoming)
      void reply.later?.then(() => ticker.run())
      const run = ticker.run()
      // Where time stands still, all that follows is seen together with the answer.
      if (wait) await run
      return reply
    },
  }
}
