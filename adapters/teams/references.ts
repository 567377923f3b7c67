import { Schema, type Connection } from 'mongoose'
import { accountKey, addressKey, directTo, type Address } from '../../src/kernel/address.ts'
import type { Activity, Scene } from './activity.ts'

interface ReferenceDoc {
  _id: string
  tenant: string
  /** False once the app was removed there: nothing is written to such a place until the app comes back. */
  present: boolean
  serviceUrl?: string
  /** The personal chat's conversation; channels are their own. */
  conversation?: string
  /** The id Teams uses for the user towards this bot. */
  user?: string
  /** The team a channel belongs to. */
  team?: string
}

const schema = new Schema<ReferenceDoc>(
  {
    _id: { type: String, required: true },
    tenant: { type: String, required: true },
    present: { type: Boolean, required: true },
    serviceUrl: String,
    conversation: String,
    user: String,
    team: String,
  },
  { versionKey: false },
)
schema.index({ tenant: 1, present: 1 })
schema.index({ tenant: 1, team: 1 })

/** How to reach an address. */
export interface Reference {
  serviceUrl: string
  conversation?: string
  user?: string
}

/** Where Teams lets us write: learnt from verified activities, forgotten when the app is removed. */
export interface References {
  /**
   * Remembers the place and, in channels, which user id belongs to the account. Repeatable; from messages and presses
   * this process learns the same only once.
   */
  learn(scene: Scene, activity: Activity): Promise<void>
  /** The app was removed from this place: a personal chat, or a team with all its channels. */
  forget(scene: Scene, activity: Activity): Promise<void>
  /** The stored way to an address, if the app is there. */
  at(address: Address): Promise<Reference | undefined>
  /** Also where we have never been, if the tenant is known: the app may be installed there. Not where it was removed. */
  reach(address: Address): Promise<Reference | undefined>
  /** Remembers the personal chat that was opened for a message of ours. */
  opened(address: Address, serviceUrl: string, conversation: string): Promise<void>
}

const MOST_LEARNT = 20_000

export function createReferences(db: Connection): References {
  const model = db.model<ReferenceDoc>('TeamsReference', schema, 'teams_references')

  // Most activities teach nothing new; then nothing is written.
  async function keep(id: string, fields: Omit<ReferenceDoc, '_id'>): Promise<void> {
    const known = await model.findById(id).lean()
    const wanted = Object.entries(fields).filter(([, value]) => value !== undefined)
    if (known && wanted.every(([key, value]) => known[key as keyof ReferenceDoc] === value)) return
    await model.updateOne({ _id: id }, { $set: Object.fromEntries(wanted) }, { upsert: true })
  }

  const learnChat = (
    { tenant, place }: Scene,
    { serviceUrl, conversation, from }: Activity,
  ): Promise<void> => {
    const chat = { conversation: conversation.id, user: from.id }
    return keep(addressKey(place), { tenant, present: true, serviceUrl, ...chat })
  }

  async function learnChannel(
    { tenant, place, account }: Scene,
    { serviceUrl, from, channelData }: Activity,
  ): Promise<void> {
    await keep(addressKey(place), { tenant, present: true, serviceUrl, team: channelData?.team?.id })
    const direct = addressKey(directTo(account))
    // Who removed the personal app stays removed, whatever they do in a channel.
    const known = await model.findById(direct).lean()
    if (!known || (known.present && known.user !== from.id)) {
      await model.updateOne(
        { _id: direct },
        { $set: { user: from.id, serviceUrl }, $setOnInsert: { tenant, present: true } },
        { upsert: true },
      )
    }
  }

  /** What this process has learnt, by place and account. */
  const learnt = new Map<string, string>()

  async function at(address: Address): Promise<Reference | undefined> {
    const found = await model.findById(addressKey(address)).lean()
    if (!found?.present || !found.serviceUrl) return undefined
    const { serviceUrl, conversation, user } = found
    if (address.kind === 'direct') return conversation ? { serviceUrl, conversation, user } : undefined
    return { serviceUrl }
  }

  return {
    at,
    async learn(scene, activity) {
      const { serviceUrl, conversation, from, channelData } = activity
      const key = `${addressKey(scene.place)}|${accountKey(scene.account)}`
      const news = JSON.stringify([
        serviceUrl,
        scene.personal && conversation.id,
        from.id,
        channelData?.team?.id,
      ])
      // Where the app comes and goes, another replica may have learnt more.
      const isTalk = activity.type === 'message' || activity.type === 'invoke'
      if (isTalk && learnt.get(key) === news) return
      await (scene.personal ? learnChat(scene, activity) : learnChannel(scene, activity))
      learnt.set(key, news)
      for (const oldest of learnt.keys()) if (learnt.size > MOST_LEARNT) learnt.delete(oldest)
    },
    async forget({ tenant, place, personal }, { channelData }) {
      learnt.clear()
      const gone = {
        $set: { tenant, present: false },
        $unset: { serviceUrl: 1, conversation: 1, user: 1 },
      } as const
      await model.updateOne({ _id: addressKey(place) }, gone, { upsert: true })
      const team = channelData?.team?.id
      if (!personal && team) await model.updateMany({ tenant, team }, gone)
    },
    async reach(address) {
      const stored = await at(address)
      if (stored) return stored
      const known = await model.findById(addressKey(address)).lean()
      if (known && !known.present) return undefined
      if (known?.serviceUrl) return { serviceUrl: known.serviceUrl, user: known.user }
      const neighbour = await model.findOne({ tenant: address.tenant, present: true }).lean()
      return neighbour?.serviceUrl ? { serviceUrl: neighbour.serviceUrl } : undefined
    },
    async opened(address, serviceUrl, conversation) {
      await model.updateOne(
        { _id: addressKey(address) },
        { $set: { serviceUrl, conversation }, $setOnInsert: { tenant: address.tenant, present: true } },
        { upsert: true },
      )
    },
  }
}
