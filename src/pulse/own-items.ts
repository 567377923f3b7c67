import { Schema, type Connection } from 'mongoose'
import { derivedId, fingerprint } from '../kernel/ids.ts'
import { OWN_PREFIX } from './content.ts'

/** Statements a network may add to a cycle. */
export const MOST_OWN = 3

const DUPLICATE_KEY = 11000

/** A statement a network has written itself. Agreeing is always favourable, and it belongs to no element. */
export interface OwnStatement {
  /** Names the series: it follows from the wording, so that another wording is another series. */
  id: string
  /** The wording by language. */
  texts: Record<string, string>
}

/** A network's own statements from one cycle on, until the next such document. */
interface OwnDoc {
  _id: string
  network: string
  cycle: number
  /** By place, `0` to `2`: the places stand for the waves in which they are asked. */
  places: Record<string, OwnStatement>
}

const id = { type: String, required: true }
const schema = new Schema<OwnDoc>(
  {
    _id: id,
    network: id,
    cycle: { type: Number, required: true },
    places: { type: Schema.Types.Mixed, required: true },
  },
  { versionKey: false, timestamps: false },
).index({ network: 1, cycle: 1 }, { unique: true })

/** The series of a wording: the same words in the same languages, the same series. */
function seriesOf(network: string, texts: Record<string, string>): string {
  const wording = Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return OWN_PREFIX + fingerprint(JSON.stringify([network, wording])).slice(0, 22)
}

/** The statements networks have written themselves, frozen per cycle. */
export function createOwnItems(db: Connection) {
  const model = db.model<OwnDoc>('PulseOwnItems', schema, 'pulse_own_items')

  async function inCycle(network: string, cycle: number): Promise<(OwnStatement | undefined)[]> {
    const latest = await model
      .findOne({ network, cycle: { $lte: cycle } })
      .sort({ cycle: -1 })
      .lean<OwnDoc>()
    return Array.from({ length: MOST_OWN }, (_, place) => latest?.places[place])
  }

  return {
    /** What is asked in a cycle, by place. */
    inCycle,

    /**
     * Writes one of the statements, or takes it away, from a cycle on. The cycles before it keep theirs.
     * @param cycle one of which no wave has opened yet
     */
    async write(
      network: string,
      cycle: number,
      place: number,
      texts?: Record<string, string>,
    ): Promise<void> {
      const _id = derivedId(network, String(cycle))
      const before = (await inCycle(network, cycle)).entries()
      const places = Object.fromEntries([...before].flatMap(([n, own]) => (own ? [[String(n), own]] : [])))
      try {
        await model.create({ _id, network, cycle, places })
      } catch (error) {
        if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error
      }
      const path = `places.${place}`
      await model.updateOne(
        { _id },
        texts ? { $set: { [path]: { id: seriesOf(network, texts), texts } } } : { $unset: { [path]: 1 } },
      )
    },
  }
}

export type OwnItems = ReturnType<typeof createOwnItems>
