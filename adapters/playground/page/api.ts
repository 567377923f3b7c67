import type {
  ErrorCode,
  WireChange,
  WireClock,
  WireForm,
  WireMessages,
  WireNetwork,
  WireReply,
  WireTexts,
} from '../wire.ts'

/** The server said no; `code` is the last part of `playground:errors.<code>`. */
export class Failure extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode) {
    super(code)
    this.code = code
  }
}

async function call<T>(path: string, body?: unknown): Promise<T> {
  const init =
    body === undefined
      ? undefined
      : {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Linkpin': 'playground' },
          body: JSON.stringify(body),
        }
  const response = await fetch(`api/${path}`, init).catch(() => undefined)
  const answer: unknown = await response?.json().catch(() => undefined)
  if (response?.ok) return answer as T
  throw new Failure((answer as { error?: ErrorCode } | undefined)?.error ?? 'failed')
}

export const getTexts = (language: string): Promise<WireTexts> => call(`texts/${language}`)
export const getNetwork = (): Promise<WireNetwork> => call('network')
export const getMessages = (space: string, member: string, limit: number): Promise<WireMessages> =>
  call(`messages?${new URLSearchParams({ space, member, limit: String(limit) }).toString()}`)

/** What a Slack or Teams client would send for a press. */
export type Press = { platform: 'slack'; payload: unknown } | { platform: 'teams'; payload: unknown }

export interface Actor {
  member: string
  space: string
}

export const say = (actor: Actor, text: string): Promise<WireReply> =>
  call('act', { ...actor, what: { kind: 'command', text } })
export const press = (actor: Actor, message: string | undefined, sent: Press): Promise<WireReply> =>
  call('act', { ...actor, what: { kind: 'press', message, ...sent } })
export const submit = (actor: Actor, form: string, sent: Press): Promise<WireReply> =>
  call('act', { ...actor, what: { kind: 'submit', form, ...sent } })
export const openHome = (actor: Actor): Promise<WireReply> =>
  call('act', { ...actor, what: { kind: 'home' } })

/** Carries what was typed in one rendering of a form over to the other. */
export const carryOver = (form: string, sent: Press): Promise<WireForm> => call('form', { form, ...sent })
export const moveClock = (step: string): Promise<WireClock> => call('clock', { step })

/** Listens to the server; it reconnects by itself. Returns how to stop. */
export function listen(on: {
  change(change: WireChange): void
  clock(clock: WireClock): void
  open(): void
}) {
  const source = new EventSource('api/events')
  source.addEventListener('open', () => on.open())
  source.addEventListener('change', (event) => on.change(JSON.parse(event.data as string) as WireChange))
  source.addEventListener('clock', (event) => on.clock(JSON.parse(event.data as string) as WireClock))
  return () => source.close()
}
