import { Schema, type Connection, type SchemaDefinition } from 'mongoose'
import type { Network } from '../networks/types.ts'
import { startJourney, type Journey } from './journey.ts'

interface JourneyDoc extends Omit<Journey, 'network'> {
  /** The network's id. */
  _id: string
  version: number
}

/** The journeys in the store: one document a network. */
export interface Journeys {
  /** The network's journey; one that has not begun is not stored. */
  read(network: Network): Promise<Journey>
  /**
   * Applies a rule in one durable write; where somebody else was quicker, the rule is applied again to what they left.
   * A rule that gives back the same journey writes nothing.
   */
  change<R extends { journey: Journey }>(network: Network, rule: (journey: Journey) => R): Promise<R>
}

const ATTEMPTS = 20
const DUPLICATE_KEY = 11000

const part = (definition: SchemaDefinition): Schema => new Schema(definition, { _id: false })

const fields: SchemaDefinition = {
  _id: { type: String, required: true },
  version: { type: Number, required: true },
  phase: { type: String, required: true },
  modules: [part({ module: String, next: Number, short: Boolean })],
  current: { type: String, default: null },
  wanted: { type: String, default: null },
  posted: [
    part({
      occurrence: String,
      module: String,
      nudge: String,
      step: Number,
      of: Number,
      at: Date,
      outcome: String,
      answeredAt: Date,
    }),
  ],
  endings: [
    part({
      module: String,
      round: Number,
      at: Date,
      refreshAt: Date,
      cause: String,
      settled: Boolean,
    }),
  ],
}

const schema = new Schema<JourneyDoc>(fields, { versionKey: false })

/** @throws Error from `change` when the journey was changed by others every time */
export function createJourneys(db: Connection): Journeys {
  const model = db.model<JourneyDoc>('Journey', schema, 'journeys')

  async function load({ id, phase }: Network): Promise<{ journey: Journey; version: number }> {
    const doc = await model.findById(id).lean<JourneyDoc>()
    if (!doc) return { journey: startJourney(id, phase), version: 0 }
    const { _id, version, ...rest } = doc
    return { journey: { network: _id, ...rest }, version }
  }

  /** False where the stored version is not the one the journey was read at. */
  async function save({ network, ...rest }: Journey, version: number): Promise<boolean> {
    if (version > 0) {
      const result = await model.updateOne(
        { _id: network, version },
        { $set: { ...rest, version: version + 1 } },
      )
      return result.modifiedCount === 1
    }
    try {
      await model.create({ _id: network, ...rest, version: 1 })
      return true
    } catch (error) {
      if ((error as { code?: unknown }).code === DUPLICATE_KEY) return false
      throw error
    }
  }

  return {
    read: async (network) => (await load(network)).journey,
    async change(network, rule) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const { journey, version } = await load(network)
        const result = rule(journey)
        if (result.journey === journey || (await save(result.journey, version))) return result
      }
      throw new Error(`the journey of ${network.id} changes too fast`)
    },
  }
}
