import type { Occurrence } from '../checkins/kind.ts'
import { Refusal } from '../kernel/errors.ts'
import { toDate } from '../kernel/clock.ts'
import { randomId } from '../kernel/ids.ts'
import type { Network } from '../networks/types.ts'
import { content } from './content.ts'
import type { Models, WaveDoc } from './model.ts'
import { createRemarks } from './remarks.ts'
import { cycleOf, questionsOf, type Questions } from './rotation.ts'
import { mayShowRemarks, resultOf, type Answers } from './scoring.ts'
import { createSheets, type Change } from './sheets.ts'
import type { Dates } from './workdays.ts'

const DUPLICATE_KEY = 11000

/** What a wave of a network would ask next. */
export interface Upcoming {
  turn: number
  /** Undefined where the turn is left out. */
  questions?: Questions
}

/** How waves open, are answered and close. Every step may be repeated after a crash. */
export function createWaves(models: Models) {
  const { waves } = models
  const sheets = createSheets(models.sheets)
  const remarks = createRemarks(models.remarks)

  const find = (id: string): Promise<WaveDoc | null> => waves.findById(id).lean<WaveDoc>()
  const latest = (network: string): Promise<WaveDoc | null> =>
    waves.findOne({ network }).sort({ turn: -1 }).lean<WaveDoc>()

  async function upcoming(network: string, module: string | undefined): Promise<Upcoming> {
    const last = await latest(network)
    const turn = last ? last.turn + 1 : 0
    return { turn, questions: questionsOf(turn, module) }
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

  /**
   * Opens a wave, or takes the turn as a pause.
   * @returns nothing where another one was opened at the same moment
   */
  async function open(
    { id, network }: Pick<Occurrence, 'id' | 'network'>,
    { turn, questions }: Upcoming,
    frozen: Dates & { languages: string[]; members: string[] },
  ): Promise<WaveDoc | null> {
    const rules: WaveDoc = questions
      ? {
          _id: id,
          network: network.id,
          turn,
          state: 'opening',
          ...questions,
          // 256 bits.
          secret: randomId() + randomId(),
          minimum: content.anonymity.minAnswers,
          languages: frozen.languages,
          closesAt: toDate(frozen.closesAt),
        }
      : { _id: id, network: network.id, turn, state: 'pause', items: [], languages: [] }
    const wave = await begin(rules)
    if (wave?.state !== 'opening') return wave
    const invited = await sheets.prepare(wave, frozen.members)
    await waves.updateOne({ _id: id, state: 'opening' }, { $set: { state: 'open', invited } })
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

    /** The closed waves of the cycle a wave belongs to, up to that wave. */
    async cycleUpTo({ network, turn }: WaveDoc): Promise<WaveDoc[]> {
      const closed = await waves.find({ network, state: 'closed' }).lean<WaveDoc[]>()
      return closed.filter((wave) => cycleOf(wave.turn) === cycleOf(turn) && wave.turn <= turn)
    },

    /**
     * Writes on the member's own sheet and reads it back.
     * @throws Refusal where the wave is over, the member is not invited, or an item is not asked
     */
    async answer(wave: WaveDoc, member: string, change: Change): Promise<Answers> {
      if (Object.keys(change.scores ?? {}).some((item) => !wave.items.includes(item)))
        throw new Refusal('conversation:oldButton')
      if (!(await sheets.write(wave, member, change))) {
        const now = await find(wave._id)
        throw new Refusal(now?.state === 'open' ? 'pulse:errors.notInvited' : 'pulse:errors.late')
      }
      return sheets.read(wave, member)
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
            const result = resultOf(wave.items, answers)
            if (mayShowRemarks(answers)) await remarks.keep(wave, answers)
            await waves.updateOne({ _id: id, state: 'closing' }, { $set: { state: 'counted', result } })
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
