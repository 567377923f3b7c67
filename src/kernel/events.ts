import type { Logger } from './logger.ts'

/** What happened in one room and may matter to another. Listeners must bear being told twice. */
export interface Events {
  /** A message reached a member of a partner; `ask` is true where it asks for something, `weight` says how much (0..3). */
  'delivery.sent': {
    network: string
    member: string
    cause: string
    ask: boolean
    weight: number
    at: Date
  }
  'member.joined': { network: string; member: string }
  'member.left': { network: string; member: string }
  'network.imported': { network: string }
}

type Listener<K extends keyof Events> = (event: Events[K]) => Promise<void>

export interface EventBus {
  on<K extends keyof Events>(name: K, listener: Listener<K>): void
  /** Tells every listener, one after the other. A listener that fails is logged and does not stop the rest. */
  emit<K extends keyof Events>(name: K, event: Events[K]): Promise<void>
}

/** An in-process event bus; durable effects belong in the store, not here. */
export function createEvents(log: Logger): EventBus {
  const listeners = new Map<keyof Events, Listener<never>[]>()
  return {
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener as Listener<never>])
    },
    async emit(name, event) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          await (listener as Listener<typeof name>)(event)
        } catch (error) {
          log.error({ event: name, err: error }, 'a listener failed')
        }
      }
    },
  }
}
