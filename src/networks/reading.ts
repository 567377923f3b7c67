import { accountKey, addressKey, type Account } from '../kernel/address.ts'
import { isDayOff, nextGoodHour } from './hours.ts'
import { idInStore, idOutside } from './model.ts'
import type { AccountDoc, MemberDoc, Models, NetworkDoc, PartnerDoc, SpaceDoc } from './model.ts'
import type { Member, Network, Networks, Partner, Space } from './types.ts'

/** The condition of everybody who has not left. */
export const HERE = { left: { $exists: false } }

/** What every other room asks. */
export function createReading(models: Models): Networks {
  const { networks, partners, members, accounts, spaces } = models

  async function network(id: string): Promise<Network> {
    const doc = await networks.findById(id).lean<NetworkDoc>()
    if (!doc) throw new Error(`no network ${id}`)
    return toNetwork(doc)
  }

  async function membersWhere(id: string, condition: object): Promise<Member[]> {
    const [home, docs, held] = await Promise.all([
      network(id),
      members
        .find({ network: id, ...HERE, ...condition })
        .sort({ _id: 1 })
        .lean<MemberDoc[]>(),
      accounts.find({ network: id }).lean<AccountDoc[]>(),
    ])
    const byMember = new Map<string, AccountDoc[]>()
    for (const account of held)
      byMember.set(account.member, [...(byMember.get(account.member) ?? []), account])
    return docs.map((doc) => toMember(doc, byMember.get(doc._id) ?? [], home))
  }

  async function memberInStore(inStore: string): Promise<Member | undefined> {
    const doc = await members.findOne({ _id: inStore, ...HERE }).lean<MemberDoc>()
    if (!doc) return undefined
    const held = accounts.find({ member: inStore }).lean<AccountDoc[]>()
    return toMember(doc, await held, await network(doc.network))
  }

  return {
    network,
    list: async () => (await networks.find().sort({ _id: 1 }).lean<NetworkDoc[]>()).map(toNetwork),
    partners: async (id) =>
      (await partners.find({ network: id }).sort({ _id: 1 }).lean<PartnerDoc[]>()).map(toPartner),
    async partner(networkId, id) {
      const doc = await partners.findById(idInStore(networkId, id)).lean<PartnerDoc>()
      return doc ? toPartner(doc) : undefined
    },
    members: (id) => membersWhere(id, {}),
    member: (networkId, id) => memberInStore(idInStore(networkId, id)),
    async memberByAccount(account) {
      const held = await accounts.findById(accountKey(account)).lean<AccountDoc>()
      return held ? memberInStore(held.member) : undefined
    },
    coordinators: (id) => membersWhere(id, { coordinator: true }),
    spaces: async (id, kind) =>
      (
        await spaces
          .find({ network: id, ...(kind && { kind }) })
          .sort({ _id: 1 })
          .lean<SpaceDoc[]>()
      ).map(toSpace),
    async spaceAt(address) {
      const doc = await spaces.findById(addressKey(address)).lean<SpaceDoc>()
      return doc ? toSpace(doc) : undefined
    },
    nextGoodHour: (home, at) => nextGoodHour({ ...home, isDayOff: (date) => isDayOff(home, date) }, at),
    nextGoodHourFor: ({ zone, quietHours }, home, at) =>
      nextGoodHour({ zone, quietHours, isDayOff: (date) => isDayOff(home, date) }, at),
    isDayOff,
  }
}

function toNetwork({ _id, ...rest }: NetworkDoc): Network {
  return { id: _id, ...rest }
}

function toPartner({ _id, ...rest }: PartnerDoc): Partner {
  return { id: idOutside(_id), ...rest }
}

function toSpace({ _id, origin: _, ...rest }: SpaceDoc): Space {
  return rest
}

function toMember(doc: MemberDoc, held: AccountDoc[], home: Network): Member {
  return {
    id: idOutside(doc._id),
    network: doc.network,
    name: doc.name ?? '',
    partner: doc.partner ?? '',
    language: doc.ownLanguage ?? doc.language ?? home.languages[0] ?? 'en',
    zone: doc.zone ?? home.zone,
    quietHours: doc.quietHours ?? home.quietHours,
    coordinator: doc.coordinator,
    ...(doc.mutedUntil && { mutedUntil: doc.mutedUntil }),
    accounts: held
      .sort((a, b) => a.position - b.position || (a._id < b._id ? -1 : 1))
      .map(({ platform, tenant, userId }): Account => ({ platform, tenant, userId })),
  }
}
