import type { Temporal } from 'temporal-polyfill'
import { toDate } from '../kernel/clock.ts'
import type { Network, Partner } from '../networks/types.ts'
import { content } from './content.ts'
import { addOnce } from './model.ts'
import type { Cared, UseCases } from './room.ts'
import { careStatus, needsRest } from './rules.ts'

/** What a digest tells, each list by name. */
export interface Digest {
  leftAlone: Cared[]
  /** Asked a lot lately, but not yet so much that a rest is due. */
  asked: Cared[]
  toRest: Cared[]
  /** Partners to whom the bot did not send a question of its own. */
  heldBack: Partner[]
}

// After so many weeks with nothing to tell, the next ones are left out.
const QUIET_TOLD = 2

/** What there is to tell; `heldBack` is what no digest told yet, and what the given one told. */
export async function readDigest(
  { models, all, today }: UseCases,
  network: Network,
  id?: string,
): Promise<Digest> {
  const cared = await all(network)
  const day = today(network)
  const exposed = cared.filter(({ standing }) => careStatus(standing, day) === 'over-exposed')
  const toldIn = id === undefined ? [null] : [null, id]
  const held = await models.heldBack.find({ network: network.id, toldIn: { $in: toldIn } }).lean()
  return {
    leftAlone: cared.filter(({ standing }) => careStatus(standing, day) === 'neglected'),
    asked: exposed.filter(({ standing }) => !needsRest(standing, day)),
    toRest: exposed.filter(({ standing }) => needsRest(standing, day)),
    heldBack: cared
      .map(({ partner }) => partner)
      .filter((partner) => held.some((one) => one.partner === partner.id)),
  }
}

export const isQuiet = (digest: Digest): boolean => Object.values(digest).every((list) => list.length === 0)

/** Remembers that a digest was composed. Tells whether it may be left out: the last ones had nothing to tell either. */
export async function rememberDigest(
  { models }: UseCases,
  network: Network,
  id: string,
  digest: Digest,
  now: Temporal.Instant,
): Promise<{ silent: boolean }> {
  const quiet = isQuiet(digest)
  const expiresAt = toDate(now.add({ hours: 24 * content.keepDays }))
  await addOnce(models.digests, { _id: id, network: network.id, quiet, at: toDate(now), expiresAt })
  await models.heldBack.updateMany({ network: network.id, toldIn: null }, { $set: { toldIn: id } })
  const before = await models.digests
    .find({ network: network.id, _id: { $ne: id } })
    .sort({ at: -1 })
    .limit(QUIET_TOLD)
    .lean()
  return { silent: quiet && before.length === QUIET_TOLD && before.every((one) => one.quiet) }
}
