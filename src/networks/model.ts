import { Schema, type Connection, type Model } from 'mongoose'
import type { Account, Address } from '../kernel/address.ts'
import { derivedId } from '../kernel/ids.ts'
import type { Network, Partner, QuietHours, Space } from './types.ts'

/** Where something comes from: what a file brought, the next file may take away; what people did in the chat stays. */
export type Origin = 'file' | 'chat'

export type NetworkDoc = Omit<Network, 'id'> & { _id: string }
/** `_id` is `network|id`. */
export type PartnerDoc = Omit<Partner, 'id'> & { _id: string }

/** `_id` is `network|id`. Zone and quiet hours only where they differ from the network's. */
export interface MemberDoc {
  _id: string
  network: string
  name?: string
  partner?: string
  language?: string
  /** The language the member chose in the chat; it goes before the one of the file. */
  ownLanguage?: string
  zone?: string
  quietHours?: QuietHours
  coordinator: boolean
  /** ISO date. */
  mutedUntil?: string
  origin: Origin
  /** Since then the document is no more than a note that the id has left. */
  left?: Date
  /** Who ended it: the member, or a file in which the member was no longer listed. */
  leftBy?: 'member' | 'file'
}

/** `_id` is the account's key: an account belongs to one member of one network. */
export interface AccountDoc extends Account {
  _id: string
  network: string
  /** `_id` of the member. */
  member: string
  /** Private messages go to the account with the lowest. */
  position: number
  origin: Origin
}

/** `_id` is the address's key: a channel belongs to one network. */
export type SpaceDoc = Space & { _id: string; origin: Origin }

/** `_id` is the fingerprint of the code. */
export interface CodeDoc {
  _id: string
  network: string
  /** `_id` of the member the code is for. */
  member: string
  /** Who the member will be, where the code creates one. */
  person?: { name: string; partner: string; language: string }
  /** Key of the account that took the code: from then on it works for this account only. */
  usedBy?: string
  expiresAt: Date
}

/** Tries of one account in one hour. `_id` is account key and hour. */
export interface TryDoc {
  _id: string
  count: number
  expiresAt: Date
}

/** The id in the store of a partner or member. */
export const idInStore = (network: string, id: string): string => derivedId(network, id)

/** The id that people and files use of a partner or member in the store. */
export const idOutside = (inStore: string): string => inStore.slice(inStore.indexOf('|') + 1)

const plain = { id: false, versionKey: false } as const
const quietHours = { type: new Schema<QuietHours>({ from: String, to: String }, { _id: false }) }
const origin = { type: String, enum: ['file', 'chat'], required: true } as const
const text = { type: String, required: true } as const

/** The collections of the networks room, for one connection. */
export function createModels(db: Connection) {
  const networks = new Schema<NetworkDoc>(
    {
      _id: String,
      name: text,
      zone: text,
      languages: [String],
      quietHours,
      weekend: [Number],
      holidays: { type: new Schema({ country: text, state: String }, { _id: false }) },
      phase: text,
    },
    plain,
  )
  const partners = new Schema<PartnerDoc>(
    { _id: String, network: text, name: text, type: text, sector: text, level: text, category: text },
    plain,
  ).index({ network: 1 })
  const members = new Schema<MemberDoc>(
    {
      _id: String,
      network: text,
      name: String,
      partner: String,
      language: String,
      ownLanguage: String,
      zone: String,
      quietHours,
      coordinator: { type: Boolean, required: true },
      mutedUntil: String,
      origin,
      left: Date,
      leftBy: String,
    },
    plain,
  ).index({ network: 1 })
  const accounts = new Schema<AccountDoc>(
    {
      _id: String,
      network: text,
      member: text,
      platform: text,
      tenant: text,
      userId: text,
      position: { type: Number, required: true },
      origin,
    },
    plain,
  )
    .index({ network: 1 })
    .index({ member: 1 })
  const address = new Schema<Address>({ platform: text, tenant: text, kind: text, id: text }, { _id: false })
  const spaces = new Schema<SpaceDoc>(
    {
      _id: String,
      network: text,
      kind: text,
      address: { type: address, required: true },
      language: text,
      name: text,
      origin,
    },
    plain,
  ).index({ network: 1 })
  const person = new Schema({ name: text, partner: text, language: text }, { _id: false })
  const codes = new Schema<CodeDoc>(
    { _id: String, network: text, member: text, person: { type: person }, usedBy: String, expiresAt: Date },
    plain,
  )
    .index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
    .index({ member: 1 })
  const tries = new Schema<TryDoc>({ _id: String, count: Number, expiresAt: Date }, plain).index(
    { expiresAt: 1 },
    { expireAfterSeconds: 0 },
  )
  return {
    networks: db.model('Network', networks, 'networks') as unknown as Model<NetworkDoc>,
    partners: db.model('Partner', partners, 'partners') as unknown as Model<PartnerDoc>,
    members: db.model('Member', members, 'members') as unknown as Model<MemberDoc>,
    accounts: db.model('Account', accounts, 'accounts') as unknown as Model<AccountDoc>,
    spaces: db.model('Space', spaces, 'spaces') as unknown as Model<SpaceDoc>,
    codes: db.model('Code', codes, 'codes') as unknown as Model<CodeDoc>,
    tries: db.model('JoinTry', tries, 'join_tries') as unknown as Model<TryDoc>,
  }
}

export type Models = ReturnType<typeof createModels>
