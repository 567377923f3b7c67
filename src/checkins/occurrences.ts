import type { Model } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import type { Deliveries } from '../delivery/port.ts'
import { localDate, toDate, type Clock } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Networks } from '../networks/types.ts'
import type { Kind } from './kind.ts'
import { nominalText, type CheckinDoc, type OccurrenceDoc } from './model.ts'

/** What became of an occurrence. `waiting`: somebody else composes it until then, or it will be tried again. */
export type Outcome =
  | { state: 'done'; deliveries: number }
  | { state: 'skipped'; reason: string }
  | { state: 'waiting'; until: Date }

/** One due instant, on its way to become an occurrence. */
export interface Due {
  checkin: Pick<CheckinDoc, '_id' | 'network' | 'kind' | 'subject' | 'zone'>
  nominal: Temporal.PlainDateTime
  dueAt: Temporal.Instant
  byHand: boolean
}

const LEASE = { seconds: 60 }
const MOST_ATTEMPTS = 6
/** Between an attempt that failed and the next. */
const PAUSE = { minutes: 1 }
const KEPT = { hours: 24 * 365 }

/** Composes each occurrence once, whatever crashes and however many replicas try. */
export function createOccurrences(deps: {
  model: Model<OccurrenceDoc>
  kinds: Map<string, Kind>
  clock: Clock
  networks: Networks
  deliveries: Deliveries
  log: Logger
}) {
  const { model, kinds, clock, networks, deliveries, log } = deps
  const idOf = ({ checkin, nominal }: Due): string => derivedId(checkin._id, nominalText(nominal))

  const fresh = (due: Due): Omit<OccurrenceDoc, 'state' | 'leaseUntil'> => ({
    _id: idOf(due),
    network: due.checkin.network,
    kind: due.checkin.kind,
    byHand: due.byHand,
    attempts: 1,
    forgetAt: toDate(clock.now().add(KEPT)),
  })

  /** Its turn, or what became of it already. */
  async function begin(due: Due): Promise<'begun' | Outcome> {
    const now = clock.now()
    const leaseUntil = toDate(now.add(LEASE))
    if (await insertedBy(() => model.create({ ...fresh(due), state: 'composing', leaseUntil })))
      return 'begun'
    const again = await model.findOneAndUpdate(
      {
        _id: idOf(due),
        state: 'composing',
        leaseUntil: { $lte: toDate(now) },
        attempts: { $lt: MOST_ATTEMPTS },
      },
      { $set: { leaseUntil }, $inc: { attempts: 1 } },
    )
    return again ? 'begun' : stateOf(due)
  }

  async function stateOf(due: Due): Promise<Outcome> {
    const found = await model.findById(idOf(due)).lean()
    if (found?.state === 'done') return { state: 'done', deliveries: found.deliveries ?? 0 }
    if (found?.state === 'skipped') return { state: 'skipped', reason: found.reason ?? '' }
    const until = found?.leaseUntil ?? toDate(clock.now())
    const isHopeless = found && found.attempts >= MOST_ATTEMPTS && until <= toDate(clock.now())
    return isHopeless ? skip(due, 'failed') : { state: 'waiting', until }
  }

  async function compose({ checkin, nominal, dueAt, byHand }: Due, id: string): Promise<Outcome> {
    const kind = kinds.get(checkin.kind)
    if (!kind) throw new Error(`no such kind of check-in: ${checkin.kind}`)
    const network = await networks.network(checkin.network)
    const composed = await kind.compose({
      id,
      checkin: checkin._id,
      network,
      subject: checkin.subject,
      // A day off has moved it, not its hour.
      nominal: localDate(dueAt, checkin.zone).toPlainDateTime(nominal),
      dueAt,
      now: clock.now(),
      byHand,
    })
    if ('silent' in composed) return { state: 'skipped', reason: composed.silent }
    await deliveries.owe(composed.drafts)
    return { state: 'done', deliveries: composed.drafts.length }
  }

  /** Owes what the occurrence leads to. A kind that fails is logged and tried again, five times at most. */
  async function perform(due: Due): Promise<Outcome> {
    const begun = await begin(due)
    if (begun !== 'begun') return begun
    const id = idOf(due)
    try {
      const outcome = await compose(due, id)
      await model.updateOne({ _id: id, state: 'composing' }, { $set: outcome })
      log.info({ occurrence: id, ...outcome }, 'an occurrence was composed')
      return outcome
    } catch (error) {
      log.error({ occurrence: id, err: error }, 'an occurrence could not be composed')
      const until = toDate(clock.now().add(PAUSE))
      await model.updateOne({ _id: id, state: 'composing' }, { $set: { leaseUntil: until } })
      return { state: 'waiting', until }
    }
  }

  /** Records that it does not take place, and why; does nothing where it took place. */
  async function skip(due: Due, reason: string): Promise<Outcome> {
    const skipped = { state: 'skipped' as const, reason }
    const leaseUntil = toDate(clock.now())
    if (!(await insertedBy(() => model.create({ ...fresh(due), ...skipped, leaseUntil }))))
      await model.updateOne({ _id: idOf(due), state: 'composing' }, { $set: skipped })
    return skipped
  }

  return { perform, skip }
}

/** False where a document with that id exists already: somebody else was first. */
export async function insertedBy(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert()
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 11000) return false
    throw error
  }
}
