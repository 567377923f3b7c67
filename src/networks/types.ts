import type { Temporal } from 'temporal-polyfill'
import type { Account, Address } from '../kernel/address.ts'

/** Local times of day between which nobody is disturbed, over midnight: `{ from: '18:00', to: '08:00' }`. */
export interface QuietHours {
  from: string
  to: string
}

/** One multi-stakeholder collaboration, usually a city's team. The boundary of all data. */
export interface Network {
  id: string
  name: string
  /** IANA zone, for example `Europe/Berlin`. */
  zone: string
  /** BCP 47 languages its people speak; the first is the default. */
  languages: string[]
  quietHours: QuietHours
  /** ISO weekdays on which nobody is disturbed: usually 6 and 7. */
  weekend: number[]
  /** Public holidays by ISO country and, where they differ, state: `{ country: 'DE', state: 'NW' }`. */
  holidays?: { country: string; state?: string }
  /** Phase of the network, an id of `modules/phases.json`. */
  phase: string
}

/** An organisation or community group in a network. */
export interface Partner {
  id: string
  network: string
  name: string
  type: 'formal' | 'informal'
  /** Id of a sector in `care/rules.json`. */
  sector: string
  level: 'strategic' | 'operational'
  /** Id of a care category in `care/rules.json`. */
  category: string
}

/** A person who takes part for a partner. */
export interface Member {
  id: string
  network: string
  name: string
  partner: string
  /** BCP 47; may be one that is not shipped, then texts fall back visibly. */
  language: string
  zone: string
  quietHours: QuietHours
  coordinator: boolean
  /** ISO date until which the member wants no messages, of their own accord; from that day on they come again. */
  mutedUntil?: string
  /** Same person, several products. Private messages go to the first. */
  accounts: Account[]
}

/** A channel bound to a network. */
export interface Space {
  network: string
  kind: 'team' | 'coordinators'
  address: Address
  language: string
  name: string
}

/** Networks, partners, members, accounts and spaces: what every other room asks. Whoever left is not in any answer. */
export interface Networks {
  /** All networks. */
  list(): Promise<Network[]>
  /** @throws Error where there is no such network: ids come from the store, never from a person */
  network(id: string): Promise<Network>
  partners(network: string): Promise<Partner[]>
  partner(network: string, id: string): Promise<Partner | undefined>
  members(network: string): Promise<Member[]>
  member(network: string, id: string): Promise<Member | undefined>
  memberByAccount(account: Account): Promise<Member | undefined>
  coordinators(network: string): Promise<Member[]>
  spaces(network: string, kind?: Space['kind']): Promise<Space[]>
  spaceAt(address: Address): Promise<Space | undefined>
  /** The first instant from `at` on in which a channel of the network may be written to. */
  nextGoodHour(network: Network, at: Temporal.Instant): Temporal.Instant
  /** The same for a private message to a member: the member's zone and quiet hours, the network's weekend and holidays. */
  nextGoodHourFor(member: Member, network: Network, at: Temporal.Instant): Temporal.Instant
  /** True on a day the network does not work: weekend or public holiday. */
  isDayOff(network: Network, date: Temporal.PlainDate): boolean
}
