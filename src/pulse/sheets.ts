import { createHmac } from 'node:crypto'
import type { Model } from 'mongoose'
import { Refusal } from '../kernel/errors.ts'
import type { SheetDoc, WaveDoc } from './model.ts'
import type { Answers, Scores } from './scoring.ts'

const DUPLICATE_KEY = 11000

/** The id of a member's sheet: nobody can find it, or tell whose it was, once the wave's secret is gone. */
const sheetId = (secret: string, member: string): string =>
  createHmac('sha256', secret).update(member).digest('base64url')

/** What a member wants to change on the own sheet. An empty text takes it away; what is not given stays. */
export interface Change {
  scores?: Scores
  text?: string
}

/** Answer sheets, found only through the secret of an open wave. */
export function createSheets(model: Model<SheetDoc>) {
  const idFor = ({ secret }: WaveDoc, member: string): string => {
    if (!secret) throw new Refusal('pulse:errors.late')
    return sheetId(secret, member)
  }
  return {
    /** Makes an empty sheet for everybody invited, in the order of ids. Repeatable. Returns how many there are. */
    async prepare(opening: WaveDoc, members: string[]): Promise<number> {
      const wave = opening._id
      const ids = members.map((member) => idFor(opening, member)).toSorted()
      const sheets = ids.map((_id) => ({ _id, wave, open: true, scores: {} }))
      try {
        await model.insertMany(sheets, { ordered: false })
      } catch (error) {
        if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error
      }
      return model.countDocuments({ wave })
    },

    /**
     * Those of the members who are invited.
     * @throws Refusal where the wave is over, as everything that looks for a sheet
     */
    async invitedOf(wave: WaveDoc, members: string[]): Promise<Set<string>> {
      const sheets = await model.find({ wave: wave._id }, { _id: 1 }).lean()
      const ids = new Set(sheets.map(({ _id }) => _id))
      return new Set(members.filter((member) => ids.has(idFor(wave, member))))
    },

    async isInvited(wave: WaveDoc, member: string): Promise<boolean> {
      return (await model.exists({ _id: idFor(wave, member) })) !== null
    },

    /**
     * What stands on the member's own sheet.
     * @throws Refusal where the wave is over or the member is not invited
     */
    async read(wave: WaveDoc, member: string): Promise<Answers> {
      const sheet = await model.findOne({ _id: idFor(wave, member), open: true }).lean()
      if (!sheet) throw new Refusal('pulse:errors.notInvited')
      return { scores: sheet.scores, text: sheet.text }
    },

    /**
     * One durable write.
     * @returns the sheet before and after it; nothing where there is no such sheet, or nobody may write any more
     */
    async write(
      wave: WaveDoc,
      member: string,
      { scores = {}, text }: Change,
    ): Promise<{ before: Answers; after: Answers } | undefined> {
      const set = Object.fromEntries(
        Object.entries(scores).map(([item, score]) => [`scores.${item}`, score] as const),
      )
      const words = text
        ? { $set: { ...set, text } }
        : { $set: set, ...(text === '' && { $unset: { text: 1 } }) }
      const before = await model
        .findOneAndUpdate({ _id: idFor(wave, member), open: true }, words, { returnDocument: 'before' })
        .lean<SheetDoc>()
      if (!before) return undefined
      const after = { scores: { ...before.scores, ...scores }, text: (text ?? before.text) || undefined }
      return { before, after }
    },

    /** All sheets of a wave, to be counted. */
    all: async (wave: string): Promise<SheetDoc[]> => model.find({ wave }).lean<SheetDoc[]>(),

    /** Takes away a leaving member's sheet while it can still be found. */
    async forget({ secret }: WaveDoc, member: string): Promise<void> {
      if (secret) await model.deleteOne({ _id: sheetId(secret, member) })
    },

    /** Lets nobody write any more, and hands over what was answered. */
    async freeze(wave: string): Promise<SheetDoc[]> {
      await model.updateMany({ wave, open: true }, { $unset: { open: 1 } })
      return model.find({ wave }).lean()
    },

    async destroy(wave: string): Promise<void> {
      await model.deleteMany({ wave })
    },
  }
}
