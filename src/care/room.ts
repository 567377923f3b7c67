import { Temporal } from 'temporal-polyfill'
import type { Room } from '../checkins/room.ts'
import { localDate, toDate, toInstant } from '../kernel/clock.ts'
import { Refusal } from '../kernel/errors.ts'
import type { Events } from '../kernel/events.ts'
import { derivedId } from '../kernel/ids.ts'
import type { Member, Network, Partner } from '../networks/types.ts'
import { categoryOf, content, requestOf } from './content.ts'
import { addOnce, botContactId, createModels, memberContactId, type Models } from './model.ts'
import { hasRoom, type Standing } from './rules.ts'

/** A partner and how it stands with the network. */
export interface Cared {
  partner: Partner
  standing: Standing
}

/** A contact that a member notes. */
export interface Noted {
  /** Comes with the button or form: noting it twice is noting it once. */
  id: string
  partner: string
  type: string
  /** Local date, ISO. */
  date: string
}

/** What members, the bot's own messages and the clock can do with care. */
export interface UseCases {
  models: Models
  today(network: Network): Temporal.PlainDate
  /** All partners by name, each with its standing. */
  all(network: Network): Promise<Cared[]>
  /** @throws Refusal where the partner is not (any more) in the network */
  one(network: Network, partner: string): Promise<Cared>
  note(network: Network, noted: Noted): Promise<void>
  /** Takes back what a member noted. False where there is nothing to take back. */
  undo(network: Network, id: string): Promise<boolean>
  /** Gives a partner a rest until a date, or ends it. */
  rest(network: Network, partner: string, until: Temporal.PlainDate | null): Promise<void>
  /** Partners beside this and the asking member's own that have room for a request: of the same sector, else level. */
  alternatives(network: Network, member: Member, partner: Partner, type: string): Promise<Cared[]>
  /** Notes what the bot asked of a partner. Repeatable: one contact a cause and partner. */
  noteBot(event: Events['delivery.sent']): Promise<void>
  /**
   * Whether the bot may ask something of a member's partner without passing its limit.
   * @param weight 1 to 3
   */
  mayAsk(network: string, member: string, weight: number, at: Temporal.Instant): Promise<boolean>
  /** The same for a delivery; remembers what is held back, for the digest. */
  recheck(ask: { network: string; member: string; cause: string; weight: number }): Promise<'send' | 'drop'>
}

const SUGGESTED = 3

export function createUseCases({ db, clock, networks }: Room): UseCases {
  const models = createModels(db)
  const today = (network: Network): Temporal.PlainDate => localDate(clock.now(), network.zone)
  const inDays = (days: number): Date => toDate(clock.now().add({ hours: 24 * days }))

  /** The partners' standings; care for a partner that is new to us begins today. */
  async function standings(network: Network, partners: Partner[]): Promise<Cared[]> {
    const which = { network: network.id, partner: { $in: partners.map(({ id }) => id) } }
    const [contacts, records, coordinators] = await Promise.all([
      models.contacts.find(which).lean(),
      models.records.find(which).lean(),
      networks.coordinators(network.id),
    ])
    const since = today(network).toString()
    const byPartner = new Map(records.map((record) => [record.partner, record]))
    for (const { id: partner } of partners) {
      const _id = derivedId(network.id, partner)
      if (!byPartner.has(partner))
        await addOnce(models.records, { _id, network: network.id, partner, since, restUntil: null })
    }
    return partners.map((partner) => {
      const record = byPartner.get(partner.id)
      const standing: Standing = {
        category: categoryOf(partner.category),
        contacts: contacts.filter((contact) => contact.partner === partner.id),
        since: record?.since ?? since,
        coordinates: coordinators.some((member) => member.partner === partner.id),
        restUntil: record?.restUntil ?? undefined,
      }
      return { partner, standing }
    })
  }

  async function partnerOf(network: string, memberId: string): Promise<Partner | undefined> {
    const member = await networks.member(network, memberId)
    return member && (await networks.partner(network, member.partner))
  }

  const useCases: UseCases = {
    models,
    today,

    async all(network) {
      const partners = await networks.partners(network.id)
      return standings(network, partners.toSorted(byName(network)))
    },

    async one(network, id) {
      const partner = await networks.partner(network.id, id)
      const [cared] = partner ? await standings(network, [partner]) : []
      if (!cared) throw new Refusal('care:errors.partnerGone')
      return cared
    },

    async note(network, { id, partner, type, date }) {
      await addOnce(models.contacts, {
        _id: memberContactId(network.id, id),
        network: network.id,
        partner,
        type,
        date,
        by: 'member',
        expiresAt: expiryOf(date),
      })
    },

    async undo(network, id) {
      const { deletedCount } = await models.contacts.deleteOne({
        _id: memberContactId(network.id, id),
        network: network.id,
      })
      return deletedCount > 0
    },

    async rest(network, partner, until) {
      await useCases.one(network, partner)
      await models.records.updateOne(
        { _id: derivedId(network.id, partner), network: network.id },
        { $set: { restUntil: until?.toString() ?? null } },
      )
    },

    async alternatives(network, member, partner, type) {
      const free = (await useCases.all(network)).filter(
        (other) =>
          ![partner.id, member.partner].includes(other.partner.id) &&
          hasRoom(other.standing, type, today(network)),
      )
      const near = free.filter((other) => other.partner.sector === partner.sector)
      const alike = free.filter(
        (other) => other.partner.sector !== partner.sector && other.partner.level === partner.level,
      )
      return [...near, ...alike].slice(0, SUGGESTED)
    },

    async noteBot({ network: id, member, cause, weight, at }) {
      if (weight === 0) return
      const partner = await partnerOf(id, member)
      if (!partner) return
      const network = await networks.network(id)
      const date = localDate(toInstant(at), network.zone).toString()
      await addOnce(models.contacts, {
        _id: botContactId(id, cause, partner.id),
        network: id,
        partner: partner.id,
        type: requestOf(weight),
        date,
        by: 'bot',
        expiresAt: expiryOf(date),
      })
    },

    async mayAsk(network, member, weight, at) {
      const home = await networks.network(network)
      const partner = await partnerOf(network, member)
      const [cared] = partner ? await standings(home, [partner]) : []
      return !cared || hasRoom(cared.standing, requestOf(weight), localDate(at, home.zone))
    },

    async recheck({ network, member, cause, weight }) {
      const partner = await partnerOf(network, member)
      if (!partner) return 'send'
      // Several members of one partner who get the same question are one request.
      if (await models.contacts.exists({ _id: botContactId(network, cause, partner.id) })) return 'send'
      if (await useCases.mayAsk(network, member, weight, clock.now())) return 'send'
      await addOnce(models.heldBack, {
        _id: derivedId(network, cause, partner.id),
        network,
        partner: partner.id,
        toldIn: null,
        expiresAt: inDays(content.keepDays),
      })
      return 'drop'
    },
  }
  return useCases
}

const expiryOf = (date: string): Date =>
  toDate(Temporal.PlainDate.from(date).add({ days: content.keepDays }).toZonedDateTime('UTC').toInstant())

/** Alphabetical, as readers of the network's first language expect it; never by anything that could be a score. */
const byName =
  ({ languages }: Network) =>
  (a: Partner, b: Partner) =>
    a.name.localeCompare(b.name, languages[0])
