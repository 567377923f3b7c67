import { Schema, type Connection, type Model } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import type { Recurrence } from './kind.ts'
import type { Rule } from './recurrence.ts'
import type { IsDayOff } from './recurrence-dates.ts'

/** A check-in: one per network and kind (`network|kind`), or a one-off with a subject (`network|kind|subject`). */
export interface CheckinDoc {
  _id: string
  network: string
  kind: string
  subject?: string
  recurrence: Recurrence
  /** `09:00` */
  localTime: string
  zone: string
  /** `2026-11-24`: weeks and months are counted from here. */
  anchor: string
  /** The next nominal local date-time, `2026-11-24T09:00`; absent when nothing follows. */
  nextNominal?: string
  /** When it is due, on the next working day where it falls on a day off; absent while paused. */
  nextDueAt?: Date
  /** When the tick looks at it again: `nextDueAt`, or later while another replica composes. */
  wakeAt?: Date
  /** Where the next one was moved by hand: the nominal date-time it has in the rhythm, which goes on from there. */
  movedFrom?: string
  /** The last nominal date-time that was dealt with. */
  lastNominal?: string
  paused: boolean
  /** Changes with every change, so that a tick never overwrites what a coordinator has just decided. */
  revision: number
  /** A one-off that is over is deleted then. */
  forgetAt?: Date
}

/** What became of one due instant; `_id` is `<check-in id>|<nominal>`. */
export interface OccurrenceDoc {
  _id: string
  network: string
  kind: string
  state: 'composing' | 'done' | 'skipped'
  /** Why it was skipped. */
  reason?: string
  /** How many deliveries it led to. */
  deliveries?: number
  byHand: boolean
  attempts: number
  /** While composing: until then nobody else starts. */
  leaseUntil: Date
  forgetAt: Date
}

const checkinSchema = new Schema<CheckinDoc>({
  _id: { type: String, required: true },
  network: { type: String, required: true, index: true },
  kind: { type: String, required: true },
  subject: String,
  recurrence: { type: Schema.Types.Mixed, required: true },
  localTime: { type: String, required: true },
  zone: { type: String, required: true },
  anchor: { type: String, required: true },
  nextNominal: String,
  nextDueAt: Date,
  wakeAt: { type: Date, index: true },
  movedFrom: String,
  lastNominal: String,
  paused: { type: Boolean, required: true },
  revision: { type: Number, required: true },
  forgetAt: { type: Date, expires: 0 },
})

const occurrenceSchema = new Schema<OccurrenceDoc>({
  _id: { type: String, required: true },
  network: { type: String, required: true },
  kind: { type: String, required: true },
  state: { type: String, required: true },
  reason: String,
  deliveries: Number,
  byHand: { type: Boolean, required: true },
  attempts: { type: Number, required: true },
  leaseUntil: { type: Date, required: true },
  forgetAt: { type: Date, required: true, expires: 0 },
})

export const checkinModel = (db: Connection): Model<CheckinDoc> =>
  db.model<CheckinDoc>('Checkin', checkinSchema, 'checkins')

export const occurrenceModel = (db: Connection): Model<OccurrenceDoc> =>
  db.model<OccurrenceDoc>('Occurrence', occurrenceSchema, 'occurrences')

/** The schedule of a document in the calendar of its network, ready to reckon with. */
export const ruleOf = (
  checkin: Pick<CheckinDoc, 'recurrence' | 'anchor' | 'localTime' | 'zone'>,
  isDayOff: IsDayOff,
): Rule => ({
  recurrence: checkin.recurrence,
  anchor: Temporal.PlainDate.from(checkin.anchor),
  localTime: Temporal.PlainTime.from(checkin.localTime),
  zone: checkin.zone,
  isDayOff,
})

/** A nominal local date-time as it stands in ids: `2026-11-24T09:00`, with seconds only where there are any. */
export const nominalText = (nominal: Temporal.PlainDateTime): string =>
  nominal.toString({ smallestUnit: nominal.second === 0 ? 'minute' : 'second' })
