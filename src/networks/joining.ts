import { Temporal } from 'temporal-polyfill'
import { accountKey, type Account } from '../kernel/address.ts'
import { toDate, type Clock } from '../kernel/clock.ts'
import { Refusal } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import { derivedId, fingerprint, oneTimeCode, randomId } from '../kernel/ids.ts'
import { idInStore, idOutside } from './model.ts'
import type { AccountDoc, CodeDoc, MemberDoc, Models, TryDoc } from './model.ts'
import { HERE } from './reading.ts'
import type { Member, Networks } from './types.ts'
import { isZone } from './zones.ts'

/** Days a one-time code works. */
export const CODE_DAYS = 7
const TRIES_AN_HOUR = 5

/** Who is invited: a member who has no account yet, or somebody new. */
export type Invited = { member: string } | { name: string; partner: string; language: string }

/** A one-time code, to be handed on outside the chat. It is not stored and cannot be shown again. */
export interface Invitation {
  code: string
  /** Name of the person it is for. */
  name: string
}

/** Coming, going, and what members decide about themselves. */
export interface Joining {
  /**
   * Makes a one-time code for somebody of the coordinator's network. Earlier codes of the same member stop working.
   * @throws Refusal where the member is unknown or has an account already, or the partner is unknown
   */
  invite(coordinator: Member, who: Invited): Promise<Invitation>
  /** A one-time code by which a member links an account: the first, or one more. */
  linkCode(member: Member): Promise<Invitation>
  /**
   * Takes a code: the account belongs to the member from then on. Of several people with the same code one is let in.
   * @param code as typed; case, blanks and hyphens do not matter
   * @param zone the person's IANA zone as the platform knows it; used for new members only
   * @throws Refusal where the code does not work, the account is a member's already, or too many codes were tried
   */
  redeem(code: string, account: Account, zone?: string): Promise<Member>
  /** Removes name, settings and accounts; the id remains as having left. May be called twice. */
  leave(member: Member): Promise<void>
  /** @param language BCP 47; stays what it is when a file is imported again */
  setLanguage(member: Member, language: string): Promise<void>
  /** No messages to the member before an ISO date; undefined: they come again at once. Every pause has an end. */
  mute(member: Member, until: string | undefined): Promise<void>
}

/** Ends a membership: only the note stays that this id has left, and by whose doing. Repeatable. */
export async function endMembership(
  { members, accounts, codes }: Models,
  inStore: string,
  leftBy: 'member' | 'file',
  now: Date,
): Promise<void> {
  const forgotten = {
    name: '',
    partner: '',
    language: '',
    ownLanguage: '',
    zone: '',
    quietHours: '',
    mutedUntil: '',
  }
  await members.updateOne(
    { _id: inStore, ...HERE },
    { $set: { left: now, leftBy, coordinator: false }, $unset: forgotten },
  )
  await codes.deleteMany({ member: inStore })
  await accounts.deleteMany({ member: inStore })
}

/** The use cases of coming and going. */
export function createJoining(
  models: Models,
  networks: Networks,
  { clock, events }: { clock: Clock; events: EventBus },
): Joining {
  const { members, accounts, codes, tries } = models
  const inFuture = (duration: Temporal.DurationLike): Date => toDate(clock.now().add(duration))

  async function issue(code: Omit<CodeDoc, '_id' | 'expiresAt'>): Promise<string> {
    await codes.deleteMany({ member: code.member })
    const typed = oneTimeCode()
    await codes.create({ _id: keyOf(typed), ...code, expiresAt: inFuture({ hours: CODE_DAYS * 24 }) })
    return typed
  }

  // Codes cannot be guessed: few tries an hour, counted before the code is looked up.
  async function countTry(account: string): Promise<void> {
    const hour = clock.now().toString().slice(0, 'yyyy-mm-ddThh'.length)
    const { count } = await tries
      .findOneAndUpdate(
        { _id: derivedId(account, hour) },
        { $inc: { count: 1 }, $set: { expiresAt: inFuture({ hours: 1 }) } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<TryDoc>()
      .orFail()
    if (count > TRIES_AN_HOUR) throw new Refusal('networks:errors.tooManyTries')
  }

  // The account that takes a code first keeps it, and may take it again after a crash halfway.
  async function claim(code: string, account: string): Promise<CodeDoc> {
    const free = { $or: [{ usedBy: { $exists: false } }, { usedBy: account }] }
    const claimed = await codes
      .findOneAndUpdate(
        { _id: keyOf(code), expiresAt: { $gt: toDate(clock.now()) }, ...free },
        { $set: { usedBy: account } },
        { returnDocument: 'after' },
      )
      .lean<CodeDoc>()
    if (!claimed) throw new Refusal('networks:errors.codeUnknown')
    return claimed
  }

  async function settle({ member, network, person }: CodeDoc, zone?: string): Promise<void> {
    if (!person) return
    if (!(await networks.partner(network, person.partner))) throw new Refusal('networks:errors.codeUnknown')
    const doc: Omit<MemberDoc, '_id'> = { network, ...person, coordinator: false, origin: 'chat' }
    const ownZone = zone && isZone(zone) ? { zone } : {}
    await members.updateOne({ _id: member }, { $setOnInsert: { ...doc, ...ownZone } }, { upsert: true })
  }

  return {
    async invite({ network }, who) {
      if ('member' in who) {
        const member = await networks.member(network, who.member)
        if (!member) throw new Refusal('networks:errors.memberUnknown')
        if (member.accounts.length > 0) throw new Refusal('networks:errors.hasAccount', { name: member.name })
        return { code: await issue({ network, member: idInStore(network, member.id) }), name: member.name }
      }
      if (!(await networks.partner(network, who.partner))) throw new Refusal('networks:errors.partnerUnknown')
      const { name, partner, language } = who
      const person = { name, partner, language }
      return { code: await issue({ network, member: idInStore(network, newId()), person }), name }
    },

    async linkCode({ network, id, name }) {
      return { code: await issue({ network, member: idInStore(network, id) }), name }
    },

    async redeem(code, account, zone) {
      const key = accountKey(account)
      await countTry(key)
      const held = await accounts.findById(key).lean<AccountDoc>()
      if (await networks.memberByAccount(account)) throw new Refusal('networks:errors.accountTaken')
      const claimed = await claim(code, key)
      await settle(claimed, zone)
      const before = await networks.member(claimed.network, idOutside(claimed.member))
      if (!before) throw new Refusal('networks:errors.codeUnknown')
      // Left behind by somebody who could not be forgotten in one go.
      if (held) await accounts.deleteOne({ _id: key, member: held.member })
      await accounts.updateOne(
        { _id: key },
        {
          $setOnInsert: {
            ...account,
            network: claimed.network,
            member: claimed.member,
            position: before.accounts.length,
            origin: 'chat',
          },
        },
        { upsert: true },
      )
      const member = await networks.memberByAccount(account)
      if (member?.id !== before.id || member.network !== before.network) {
        throw new Refusal('networks:errors.accountTaken')
      }
      await codes.deleteOne({ _id: claimed._id })
      if (before.accounts.length === 0) {
        await events.emit('member.joined', { network: member.network, member: member.id })
      }
      return member
    },

    async leave({ network, id }) {
      await endMembership(models, idInStore(network, id), 'member', toDate(clock.now()))
      await events.emit('member.left', { network, member: id })
    },

    async setLanguage({ network, id }, language) {
      await members.updateOne({ _id: idInStore(network, id), ...HERE }, { $set: { ownLanguage: language } })
    },
    async mute({ network, id }, until) {
      const change = until ? { $set: { mutedUntil: until } } : { $unset: { mutedUntil: '' } }
      await members.updateOne({ _id: idInStore(network, id), ...HERE }, change)
    },
  }
}

const keyOf = (code: string): string => fingerprint(code.toUpperCase().replace(/[^A-Z0-9]/g, ''))

// Ids appear in logs: random, and nothing of the name.
const newId = (): string =>
  `m-${randomId()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 12)}`
