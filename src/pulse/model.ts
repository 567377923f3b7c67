import { Schema, type Connection } from 'mongoose'
import type { OwnStatement } from './own-items.ts'
import type { Plan } from './content.ts'
import type { Place } from './rotation.ts'
import type { Result, Scores } from './scoring.ts'

/**
 * One run of a pulse; `_id` is the occurrence that opened it. Its rules are frozen when it opens.
 *
 * `opening` → `open` → `closing` (the secret is gone, nobody can write) → `counted` (the result stands) → `closed` (the
 * sheets are gone). `pause` is the turn that is left out after a cycle.
 */
export interface WaveDoc extends Place {
  _id: string
  network: string
  /** The network's n-th turn, from 0; unique, so that two openings at once become one. */
  turn: number
  state: 'opening' | 'open' | 'closing' | 'counted' | 'closed' | 'pause'
  /** Makes the ids of the sheets while members may still change their answers. */
  secret?: string
  items: string[]
  /** The one of the items that the network has written itself, and its wording, frozen. */
  own?: OwnStatement
  /** The item in the focus slot. */
  focus?: string
  /** Id of the free-text question. */
  freeText?: string
  /** Answers a statement needs to be shown. */
  minimum?: number
  /** How many are invited. */
  invited?: number
  /** Names the group of the invited, as long as all of them stay to the end: see cohort.ts. */
  cohort?: string
  /** The shipped languages the statements go out in, the network's first. */
  languages: string[]
  closesAt?: Date
  /** While it is open: completed sheets by how many seconds they took, in steps of five. No sheet, no member, no time. */
  pace?: Record<string, number>
  /** While it is open: whether enough had answered when the reminder went out. Looked at once. */
  enough?: boolean
  /** After closing: the median of the seconds, if the minimum of sheets have one. */
  seconds?: number
  /** After closing: whether at least the minimum, and at least half of the invited, have answered. */
  half?: boolean
  result?: Result
  /** What coordinators chose to follow from the result; before that no new wave opens. */
  step?: Step
}

/** The one thing that follows from a result. `none` says why; own words stand as they were written. */
export type Step = { kind: 'nudge' | 'exercise' } | { kind: 'own' | 'none'; text: string }

/** How a network takes its pulse; `_id` is the network. */
export interface SettingsDoc {
  _id: string
  plan: Plan['id']
  /** True while the rhythm still has to follow the plan, at the end of the running cycle. */
  isPending: boolean
}

/**
 * One answer sheet. It is made for everybody invited when the wave opens, and deleted when it closes. No member, no time:
 * `_id` is HMAC-SHA256(secret of the wave, member), and sheets lie in the order of their ids.
 */
export interface SheetDoc {
  _id: string
  wave: string
  /** Taken away when the wave closes: nobody writes any more. */
  open?: boolean
  scores: Scores
  text?: string
}

/** What somebody wrote, waiting for the coordinators. `_id` says nothing about whose sheet it stood on. */
export interface RemarkDoc {
  _id: string
  wave: string
  text: string
  /** The same for all of a wave. */
  expiresAt: Date
}

const id = { type: String, required: true }

const waveSchema = new Schema<WaveDoc>(
  {
    _id: id,
    network: id,
    turn: { type: Number, required: true },
    table: id,
    cycle: { type: Number, required: true },
    index: { type: Number, required: true },
    state: id,
    secret: String,
    items: [String],
    own: Schema.Types.Mixed,
    focus: String,
    freeText: String,
    minimum: Number,
    invited: Number,
    cohort: String,
    languages: [String],
    closesAt: Date,
    pace: Schema.Types.Mixed,
    enough: Boolean,
    seconds: Number,
    half: Boolean,
    result: Schema.Types.Mixed,
    step: Schema.Types.Mixed,
  },
  { versionKey: false, timestamps: false },
).index({ network: 1, turn: 1 }, { unique: true })

const sheetSchema = new Schema<SheetDoc>(
  { _id: id, wave: id, open: Boolean, scores: { type: Schema.Types.Mixed, required: true }, text: String },
  { versionKey: false, timestamps: false },
).index({ wave: 1 })

const remarkSchema = new Schema<RemarkDoc>(
  { _id: id, wave: id, text: id, expiresAt: { type: Date, required: true } },
  { versionKey: false, timestamps: false },
)
  .index({ wave: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

const settingsSchema = new Schema<SettingsDoc>(
  { _id: id, plan: id, isPending: { type: Boolean, required: true } },
  { versionKey: false, timestamps: false },
)

/** The collections of the pulse room. There is none of who took part. */
export const createModels = (db: Connection) => ({
  waves: db.model<WaveDoc>('PulseWave', waveSchema, 'pulse_waves'),
  sheets: db.model<SheetDoc>('PulseSheet', sheetSchema, 'pulse_sheets'),
  remarks: db.model<RemarkDoc>('PulseRemark', remarkSchema, 'pulse_remarks'),
  settings: db.model<SettingsDoc>('PulseSettings', settingsSchema, 'pulse_settings'),
})

export type Models = ReturnType<typeof createModels>
