import type { Temporal } from 'temporal-polyfill'
import type { Address } from '../kernel/address.ts'
import type { View } from '../views/view.ts'

/** How a platform names a message it accepted: enough to update it later. */
export type MessageRef = Record<string, string>

/** The outbound port: one per adapter. */
export interface Messenger {
  /** Whether this adapter can reach the address (its platform is set up, the tenant is known). */
  serves(address: Address): Promise<boolean>
  /**
   * Posts once, without any retry of its own.
   * @throws Refused where the platform clearly did not accept it; any other error means "it may have arrived"
   */
  post(address: Address, view: View, context: { deliveryId: string }): Promise<MessageRef>
  /** Replaces a message that was posted. Repeating it is harmless. Errors as for `post`. */
  update(address: Address, ref: MessageRef, view: View): Promise<void>
}

/** The platform clearly refused: nothing was delivered. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly reason: string
  readonly retryAfterSeconds?: number

  /**
   * @param reason the platform's word for it, for example `channel_not_found`; no names, no texts
   * @param retryAfterSeconds when it may be tried again; undefined where it never should
   */
  constructor(reason: string, retryAfterSeconds?: number) {
    super(reason)
    this.reason = reason
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** One message that is owed. Its id is made of cause, purpose and target, so that owing it twice is harmless. */
export interface Draft {
  network: string
  /** The occurrence, wave, goal, ... it comes from. */
  cause: string
  /** What it is for, in one word: `nudge`, `tip`, `sheet`, `result`. */
  purpose: string
  /** A bound channel, or a member (the direct chat of the member's first account that can be reached). */
  to: { space: Address } | { member: string }
  view: View
  /** How much it asks of the member's partner: 0 nothing, 1 small, 2 medium, 3 large. Counts against the partner's limit. */
  ask?: 0 | 1 | 2 | 3
  /** Not sent any more from then on. */
  expiresAt?: Temporal.Instant
  /** True for the answer to something a person just did: quiet hours do not hold it back. */
  immediate?: boolean
}

export type DeliveryState =
  | 'pending'
  | 'claimed'
  | 'sent'
  | 'retry'
  | 'failed'
  | 'unknown'
  /** Overtaken: expired, the member left, or held back so as not to ask too much. */
  | 'dropped'

/** The delivery ledger: what is owed, and what became of it. */
export interface Deliveries {
  /** Records what is owed; what is recorded already stays as it is. Each waits for the next good hour of its target. */
  owe(drafts: Draft[]): Promise<void>
  /** Gives an owed or sent message a new content (in place on the platform). Does nothing where there is no such delivery. */
  revise(id: { cause: string; purpose: string; to: Draft['to'] }, view: View): Promise<void>
  /** Drops what is still waiting for a cause. */
  withdraw(network: string, cause: string): Promise<void>
  /** Hands over everything due. Returns how many were tried. */
  runDue(): Promise<number>
  /** When the next one is due, if any waits. */
  nextDueAt(): Promise<Temporal.Instant | undefined>
}
