import { Schema, type Connection, type Model } from 'mongoose'
import { derivedId } from '../kernel/ids.ts'
import type { Contact } from './rules.ts'

/** A contact in the ledger. It is about organisations: nobody's name or id is in it. */
export interface ContactDoc extends Contact {
  _id: string
  network: string
  partner: string
  expiresAt: Date
}

/** What is kept about the care for a partner, beside its contacts. */
export interface RecordDoc {
  _id: string
  network: string
  partner: string
  /** Local date, ISO: nobody was left alone before. */
  since: string
  /** Local date, ISO. */
  restUntil: string | null
}

/** A question of the bot that was held back, so as not to ask too much: one a cause and partner. */
export interface HeldBackDoc {
  _id: string
  network: string
  partner: string
  /** The digest that tells of it. */
  toldIn: string | null
  expiresAt: Date
}

/** A digest that was composed, and whether it had anything to say. */
export interface DigestDoc {
  _id: string
  network: string
  quiet: boolean
  at: Date
  expiresAt: Date
}

/** Two partners who were proposed to be introduced. */
export interface IntroductionDoc {
  /** The occurrence it was proposed in. */
  _id: string
  network: string
  /** In the order of their ids. */
  partners: string[]
  state: 'proposed' | 'introduced' | 'not-now'
  /** Local date, ISO. */
  date: string
  expiresAt: Date
}

const DUPLICATE_KEY = 11000

const text = { type: String, required: true }
const own = { _id: text, network: text }
const expiring = { expiresAt: { type: Date, required: true, expires: 0 } }
const options = { versionKey: false as const }

const contacts = new Schema<ContactDoc>(
  { ...own, partner: text, type: { type: String, required: true }, date: text, by: text, ...expiring },
  options,
).index({ network: 1, partner: 1 })
const records = new Schema<RecordDoc>(
  { ...own, partner: text, since: text, restUntil: { type: String, default: null } },
  options,
).index({ network: 1 })
const heldBack = new Schema<HeldBackDoc>(
  { ...own, partner: text, toldIn: { type: String, default: null }, ...expiring },
  options,
).index({ network: 1 })
const digests = new Schema<DigestDoc>(
  { ...own, quiet: { type: Boolean, required: true }, at: { type: Date, required: true }, ...expiring },
  options,
).index({ network: 1, at: 1 })
const introductions = new Schema<IntroductionDoc>(
  { ...own, partners: [String], state: text, date: text, ...expiring },
  options,
).index({ network: 1 })

/** The collections of the care room. */
export const createModels = (db: Connection) => ({
  contacts: db.model<ContactDoc>('CareContact', contacts, 'care_contacts'),
  records: db.model<RecordDoc>('CareRecord', records, 'care_records'),
  heldBack: db.model<HeldBackDoc>('CareHeldBack', heldBack, 'care_held_back'),
  digests: db.model<DigestDoc>('CareDigest', digests, 'care_digests'),
  introductions: db.model<IntroductionDoc>('CareIntroduction', introductions, 'care_introductions'),
})

export type Models = ReturnType<typeof createModels>

/** One contact of the bot per cause and partner, however many of its members were asked. */
export const botContactId = (network: string, cause: string, partner: string): string =>
  derivedId(network, 'bot', cause, partner)

/** A contact that a member noted; `id` comes with the button, so that two presses are one contact. */
export const memberContactId = (network: string, id: string): string => derivedId(network, 'member', id)

/** Adds a document unless its id is taken. */
export async function addOnce<T>(model: Model<T>, doc: NoInfer<T>): Promise<void> {
  try {
    await model.create(doc as never)
  } catch (error) {
    if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error
  }
}
