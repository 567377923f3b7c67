import type { Model } from 'mongoose'
import { toDate, toInstant } from '../kernel/clock.ts'
import { fingerprint } from '../kernel/ids.ts'
import type { RemarkDoc, SheetDoc, WaveDoc } from './model.ts'

const DUPLICATE_KEY = 11000

// After the closing; then they are deleted, read or not.
const KEPT = { hours: 24 * 14 }

/** How many remarks a coordinator reads in one form. */
export const REMARKS_PER_FORM = 10

/** What members wrote, between the closing of a wave and the coordinators' word. */
export function createRemarks(model: Model<RemarkDoc>) {
  return {
    /** Keeps what was written, apart from the sheets. The ids follow from ids that nobody can make again. Repeatable. */
    async keep({ _id: wave, closesAt }: WaveDoc, sheets: SheetDoc[]): Promise<void> {
      if (!closesAt) throw new Error('a pause has no remarks')
      const expiresAt = toDate(toInstant(closesAt).add(KEPT))
      const remarks = sheets.flatMap(({ _id, text }) =>
        text ? [{ _id: fingerprint(_id), wave, text, expiresAt }] : [],
      )
      try {
        await model.insertMany(
          remarks.toSorted((a, b) => (a._id < b._id ? -1 : 1)),
          { ordered: false },
        )
      } catch (error) {
        if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error
      }
    },

    /** The next ones to read, in an order that has nothing to do with when or by whom they were written. */
    async next(wave: string): Promise<RemarkDoc[]> {
      return model.find({ wave }).sort({ _id: 1 }).limit(REMARKS_PER_FORM).lean<RemarkDoc[]>()
    },

    /** Those of the ids that still wait. */
    async waiting(wave: string, ids: string[]): Promise<string[]> {
      const found = await Promise.all(ids.map((_id) => model.findOne({ _id, wave }, { _id: 1 }).lean()))
      return found.flatMap((remark) => remark?._id ?? [])
    },

    async remove(wave: string, ids: string[]): Promise<void> {
      for (const _id of ids) await model.deleteOne({ _id, wave })
    },
  }
}
