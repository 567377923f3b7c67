import { accountKey, addressKey, type Account } from '../kernel/address.ts'
import { groupBy } from '../kernel/parallel.ts'
import { askTogether, byId } from '../kernel/together.ts'
import { isDayOff, nextGoodHour } from './hours.ts'
import { idInStore, idOutside } from './model.ts'
import type { AccountDoc, MemberDoc, Models, NetworkDoc, PartnerDoc, SpaceDoc } from './model.ts'
import type { Member, Network, Networks, Partner, Space } from './types.ts'

/** The condition of everybody who has not left. */
export const HERE = { left: { $exists: false } }

/** What every other room asks. Always of the store: who left has left at once, on every replica. */
export function createReading(models: Models): Networks {
  const { networks, partners, members, accounts, spaces } = models
  const networkDoc = askTogether(async (ids) =>
    byId(await networks.find({ _id: { $in: ids } }).lean<NetworkDoc[]>()),
  )
  const memberDoc = askTogether(async (ids) =>
    byId(await members.find({ _id: { $in: ids }, ...HERE }).lean<MemberDoc[]>()),
  )
  const accountDoc = askTogether(async (ids) =>
    byId(await accounts.find({ _id: { $in: ids } }).lean<AccountDoc[]>()),
  )
  const spaceDoc = askTogether(async (ids) =>
    byId(await spaces.find({ _id: { $in: ids } }).lean<SpaceDoc[]>()),
  )
  const heldBy = askTogether(async (ids) => {
    const held = await accounts.find({ member: { $in: ids } }).lean<AccountDoc[]>()
    return new Map(groupBy(held, ({ member }) => member).map((some) => [some[0]?.member ?? '', some]))
  })

  async function network(id: string): Promise<Network> {
    const doc = await networkDoc(id)
    return toNetwork(doc ?? missing(id))
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

  async function memberInStore(home: string, inStore: string): Promise<Member | undefined> {
    const [doc, held, ofNetwork] = await Promise.all([memberDoc(inStore), heldBy(inStore), networkDoc(home)])
    return doc && toMember(doc, held ?? [], toNetwork(ofNetwork ?? missing(home)))
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
    member: (networkId, id) => memberInStore(networkId, idInStore(networkId, id)),
    async memberByAccount(account) {
      const held = await accountDoc(accountKey(account))
      return held && memberInStore(held.network, held.member)
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
      const doc = await spaceDoc(addressKey(address))
      return doc && toSpace(doc)
    },
    nextGoodHour: (home, at) => nextGoodHour({ ...home, isDayOff: (date) => isDayOff(home, date) }, at),
    nextGoodHourFor: ({ zone, quietHours }, home, at) =>
      nextGoodHour({ zone, quietHours, isDayOff: (date) => isDayOff(home, date) }, at),
    isDayOff,
  }
}

function missing(network: string): never {
  throw new Error(`no network ${network}`)
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
      .toSorted((a, b) => a.position - b.position || (a._id < b._id ? -1 : 1))
      .map(({ platform, tenant, userId }): Account => ({ platform, tenant, userId })),
  }
}
