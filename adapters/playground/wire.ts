/** What the playground's server and its page say to one another, as JSON. */

interface WireAccount {
  key: string
  platform: 'slack' | 'teams'
  tenant: string
  /** The account's direct chat with Linkpin, as the key of a space. */
  direct: string
}

export interface WireMember {
  id: string
  name: string
  partner: string
  language: string
  coordinator: boolean
  accounts: WireAccount[]
}

export interface WireSpace {
  /** The address as one key. */
  key: string
  kind: 'team' | 'coordinators'
  name: string
  platform: 'slack' | 'teams'
  tenant: string
  language: string
}

/** Where the clock stands. `moving` while it is on its way, `stopped` where the last move failed on its way. */
export interface WireClock {
  now: string
  moving?: { from: string; to: string }
  stopped?: boolean
}

export interface WireNetwork {
  id: string
  name: string
  zone: string
  /** False where the clock is the machine's own. */
  movable: boolean
  clock: WireClock
  partners: { id: string; name: string }[]
  members: WireMember[]
  spaces: WireSpace[]
}

/** One message, as both platforms would receive it. */
export interface WireMessage {
  id: string
  at: string
  /** A member's id, where a person wrote it; else Linkpin did. */
  by?: string
  said?: string
  summary?: string
  /** True where only the chosen member sees it. */
  onlyYou: boolean
  slack?: { blocks: unknown[] }
  teams?: unknown
}

export interface WireMessages {
  messages: WireMessage[]
  /** True where there are earlier ones. */
  more: boolean
}

/** A form that is open, as both platforms would show it. */
export interface WireForm {
  id: string
  title: string
  slack: unknown
  teams: unknown
  /** Slack block id to text; Teams' card carries its own. */
  errors: Record<string, string>
}

/** What came of an act; changed messages come by themselves. */
export interface WireReply {
  form?: WireForm
  home?: WireHome
  /** The conversation in which a private answer was left; from the Home tab that is the direct chat. */
  answeredIn?: string
}

export interface WireHome {
  slack: { blocks: unknown[] }
  teams: unknown
}

/** Says why something could not be done: the last part of `playground:errors.<code>`. */
export type ErrorCode = 'notHere' | 'gone' | 'moving' | 'fixedClock' | 'badRequest' | 'forbidden' | 'failed'

/** A change in a conversation; `onlyFor` names the one member who can see it. */
export interface WireChange {
  space: string
  isNew: boolean
  onlyFor?: string
}

/** One language of the page. */
export interface WireTexts {
  language: string
  locale: string
  /** By language: this one, and English for what it lacks. */
  texts: Record<string, Record<string, unknown>>
  languages: { code: string; name: string }[]
}

/** How far the page can move the clock at once, as ISO 8601 durations. */
export const STEPS = ['PT1H', 'P1D', 'P7D', 'P30D'] as const
