import type { Occurrence } from '../checkins/kind.ts'
import { Refusal } from '../kernel/errors.ts'
import { toDate, type Clock } from '../kernel/clock.ts'
import { derivedId, randomId } from '../kernel/ids.ts'
import type { Network } from '../networks/types.ts'
import { bandsOnly, cohortOf } from './cohort.ts'
import { content, type Table } from './content.ts'
import type { Models, Step, WaveDoc } from './model.ts'
import { createPace, medianOf, stepOf } from './pace.ts'
import { createRemarks } from './remarks.ts'
import { placeAfter, questionsOf, type Place, type Questions } from './rotation.ts'
import { hasHalf, isShown, mayShowRemarks, resultOf, type Answers } from './scoring.ts'
import { createSheets, type Change } from './sheets.ts'
import type { Dates } from './workdays.ts'

const DUPLICATE_KEY = 11000

/** Which wave comes next, the pause included. */
export interface ComingUp extends Place {
  turn: number
}

/** What it would ask. */
export interface Upcoming extends ComingUp {
  /** Undefined where the turn is left out. */
  questions?: Questions
}

/** How waves open, are answered and close. Every step may be repeated after a crash. */
export function createWaves(models: Models, clock: Clock) {
  const { waves } = models
  const pace = createPace(clock)
  const sheets = createSheets(models.sheets)
  const remarks = createRemarks(models.remarks)

  const find = (id: string): Promise<WaveDoc | null> => waves.findById(id).lean<WaveDoc>()
  const latest = (network: string): Promise<WaveDoc | null> =>
    waves.findOne({ network }).sort({ turn: -1 }).lean<WaveDoc>()

  /** @param chosen the table a new cycle takes; which cycle and wave it is does not depend on it */
  async function comingUp(network: string, chosen: Table = 'biweekly'): Promise<ComingUp> {
    const last = await latest(network)
    return { turn: last ? last.turn + 1 : 0, ...placeAfter(last ?? undefined, chosen) }
  }

  async function upcoming(network: string, chosen: Table, module: string | undefined): Promise<Upcoming> {
    const next = await comingUp(network, chosen)
    return { ...next, questions: questionsOf(next, module) }
  }

  async function begin(wave: WaveDoc): Promise<WaveDoc | null> {
    try {
      await waves.create(wave)
    } catch (error) {
      // Somebody opened this one, or another one for the same turn.
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error
    }
    return find(wave._id)
  }

  async function count({ _id }: WaveDoc, seconds: number | undefined): Promise<void> {
    if (seconds) await waves.updateOne({ _id, state: 'open' }, { $inc: { [`pace.${stepOf(seconds)}`]: 1 } })
  }

  /**
   * Opens a wave, or takes the turn as a pause.
   * @returns nothing where another one was opened at the same moment
   */
  async function open(
    { id, network }: Pick<Occurrence, 'id' | 'network'>,
    { questions, ...place }: Upcoming,
    frozen: Dates & { languages: string[]; members: string[] },
  ): Promise<WaveDoc | null> {
    const rules: WaveDoc = questions
      ? {
          _id: id,
          network: network.id,
          ...place,
          state: 'opening',
          ...questions,
          // 256 bits.
          secret: randomId() + randomId(),
          minimum: content.anonymity.minAnswers,
          languages: frozen.languages,
          closesAt: toDate(frozen.closesAt),
        }
      : { _id: id, network: network.id, ...place, state: 'pause', items: [], languages: [] }
    const wave = await begin(rules)
    if (wave?.state !== 'opening') return wave
    const invited = await sheets.prepare(wave, frozen.members)
    const isWhole = invited === frozen.members.length
    const cohort = isWhole ? { cohort: cohortOf(network.id, frozen.members) } : {}
    await waves.updateOne({ _id: id, state: 'opening' }, { $set: { state: 'open', invited, ...cohort } })
    return find(id)
  }

  /**
   * The wave, if it is the network's and still open.
   * @throws Refusal where it is not
   */
  async function openOne(network: Network, id: string): Promise<WaveDoc> {
    const wave = await find(id)
    if (wave?.network !== network.id) throw new Refusal('conversation:oldButton')
    if (wave.state !== 'open') throw new Refusal('pulse:errors.late')
    return wave
  }

  return {
    find,
    latest,
    upcoming,
    comingUp,
    open,
    openOne,
    remarks,
    invitedOf: sheets.invitedOf,
    isInvited: sheets.isInvited,
    read: sheets.read,

    async openIn(network: string): Promise<WaveDoc | null> {
      return waves.findOne({ network, state: 'open' }).lean<WaveDoc>()
    },

    /** The network's closed waves, the latest first. */
    async closedIn(network: string): Promise<WaveDoc[]> {
      return waves.find({ network, state: 'closed' }).sort({ turn: -1 }).limit(12).lean<WaveDoc[]>()
    },

    /**
     * Closed waves, the latest first.
     * @param turn those before it alone; all if left out
     */
    async closedBefore(network: string, turn: number | undefined, most: number): Promise<WaveDoc[]> {
      const filter = { network, state: 'closed' as const, ...(turn !== undefined && { turn: { $lt: turn } }) }
      return waves.find(filter).sort({ turn: -1 }).limit(most).lean<WaveDoc[]>()
    },

    /** The closed waves of the cycle a wave belongs to, up to that wave. */
    async cycleUpTo({ network, cycle, turn }: WaveDoc): Promise<WaveDoc[]> {
      return waves.find({ network, cycle, state: 'closed', turn: { $lte: turn } }).lean<WaveDoc[]>()
    },

    /** The closed waves of the cycle before a wave's, if it asked from the same table. */
    async cycleBefore({ network, table, cycle }: WaveDoc): Promise<WaveDoc[]> {
      return waves.find({ network, table, cycle: cycle - 1, state: 'closed' }).lean<WaveDoc[]>()
    },

    /** In how many waves in a row, up to the latest, fewer than half have answered. */
    async fewInARow(network: string): Promise<number> {
      const closed = await waves.find({ network, state: 'closed' }).sort({ turn: -1 }).lean<WaveDoc[]>()
      const half = closed.findIndex((wave) => wave.half !== false)
      return half < 0 ? closed.length : half
    },

    /** The latest closed wave, if it has shown something and nobody has chosen yet what follows from it. */
    async waitingForStep(network: string): Promise<WaveDoc | undefined> {
      const last = await waves.findOne({ network, state: 'closed' }).sort({ turn: -1 }).lean<WaveDoc>()
      return last?.result && isShown(last.result) && !last.step ? last : undefined
    },

    /** Keeps what follows from a wave; the first choice stands. Returns the one that stands. */
    async choose(id: string, step: Step): Promise<Step | undefined> {
      await waves.updateOne({ _id: id, state: 'closed', step: { $exists: false } }, { $set: { step } })
      return (await find(id))?.step
    },

    /** Looks once whether enough have answered for a result. Later looks change nothing. */
    async look(wave: WaveDoc): Promise<void> {
      const enough = isShown(resultOf(wave.items, await sheets.all(wave._id)))
      const unseen = { _id: wave._id, state: 'open' as const, enough: { $exists: false } }
      await waves.updateOne(unseen, { $set: { enough } })
    },

    /** Somebody begins to answer: how long it takes is reckoned from now on. */
    begins: ({ _id }: WaveDoc, member: string): void => pace.begin(derivedId(_id, member)),

    /**
     * Writes on the member's own sheet and reads it back.
     * @throws Refusal where the wave is over, the member is not invited, or an item is not asked
     */
    async answer(wave: WaveDoc, member: string, change: Change): Promise<Answers> {
      if (Object.keys(change.scores ?? {}).some((item) => !wave.items.includes(item)))
        throw new Refusal('conversation:oldButton')
      const written = await sheets.write(wave, member, change)
      if (!written) {
        const now = await find(wave._id)
        throw new Refusal(now?.state === 'open' ? 'pulse:errors.notInvited' : 'pulse:errors.late')
      }
      const { before, after } = written
      const isComplete = ({ scores }: Answers): boolean =>
        wave.items.every((item) => scores[item] !== undefined)
      if (isComplete(before)) return after
      if (!isComplete(after)) pace.begin(derivedId(wave._id, member))
      else await count(wave, pace.end(derivedId(wave._id, member)))
      return after
    },

    /** Removes what a leaving member has answered in an open wave; afterwards it cannot be found any more. */
    async forget(network: string, member: string): Promise<void> {
      const last = await latest(network)
      if (last) await sheets.forget(last, member)
    },

    /**
     * Closes a wave: destroys the secret, counts, keeps the result and nothing else. Called again it goes on where it
     * stopped; the result is counted once.
     */
    async close(id: string): Promise<WaveDoc | null> {
      for (;;) {
        const wave = await find(id)
        switch (wave?.state) {
          case 'opening':
          case 'open':
            await waves.updateOne(
              { _id: id, state: wave.state },
              { $set: { state: 'closing' }, $unset: { secret: 1 } },
            )
            break
          case 'closing': {
            const answers = await sheets.freeze(id)
            // Who left while it was open took the sheet along.
            const cohort = answers.length === wave.invited ? wave.cohort : undefined
            const earlier = await waves
              .find({ network: wave.network, state: 'closed', items: { $in: wave.items } })
              .lean<WaveDoc[]>()
            const result = resultOf(wave.items, answers, bandsOnly({ ...wave, cohort }, earlier))
            const seconds = medianOf(wave.pace)
            // A backup that was put back has no sheets: that says nothing about who has answered.
            const half = answers.length > 0 && { half: hasHalf(wave.invited ?? 0, answers) }
            if (mayShowRemarks(answers)) await remarks.keep(wave, answers)
            const counted = { state: 'counted' as const, result, ...half, ...(seconds && { seconds }) }
            await waves.updateOne(
              { _id: id, state: 'closing' },
              { $set: counted, $unset: { pace: 1, enough: 1, ...(!cohort && { cohort: 1 }) } },
            )
            break
          }
          case 'counted':
            await sheets.destroy(id)
            await waves.updateOne({ _id: id, state: 'counted' }, { $set: { state: 'closed' } })
            break
          default:
            return wave
        }
      }
    },
  }
}

export type Waves = ReturnType<typeof createWaves>
