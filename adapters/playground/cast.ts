import { accountKey, addressKey, directTo, type Account, type Address } from '../../src/kernel/address.ts'
import type { Member, Networks } from '../../src/networks/types.ts'
import type { WireMember, WireNetwork } from './wire.ts'

/** Somebody of the invented network, acting with one of their accounts in one place. */
export interface Persona {
  member: Member
  account: Account
  place: Address
}

/** The people and places of the network, as the page shows them. */
export async function castOf(
  networks: Networks,
  id: string,
): Promise<Omit<WireNetwork, 'clock' | 'movable'>> {
  const network = await networks.network(id)
  const [partners, members, spaces] = await Promise.all([
    networks.partners(id),
    networks.members(id),
    networks.spaces(id),
  ])
  return {
    id,
    name: network.name,
    zone: network.zone,
    partners: partners.map(({ id, name }) => ({ id, name })),
    members: members.map(wireMember),
    spaces: spaces.map(({ address, kind, name, language }) => ({
      key: addressKey(address),
      kind,
      name,
      platform: address.platform,
      tenant: address.tenant,
      language,
    })),
  }
}

const wireMember = ({ id, name, partner, language, coordinator, accounts }: Member): WireMember => ({
  id,
  name,
  partner,
  language,
  coordinator,
  accounts: accounts.map((account) => ({
    key: accountKey(account),
    platform: account.platform,
    tenant: account.tenant,
    direct: addressKey(directTo(account)),
  })),
})

/**
 * Checks that a member may act in a place, as a platform would: an account in its workspace, and either one's own direct
 * chat or a bound channel; the coordinators' channel for coordinators only.
 * @param space an address as one key
 */
export async function findPersona(
  networks: Networks,
  network: string,
  memberId: string,
  space: string,
): Promise<Persona | undefined> {
  const member = await networks.member(network, memberId)
  if (!member) return undefined
  const own = member.accounts.find((account) => addressKey(directTo(account)) === space)
  if (own) return { member, account: own, place: directTo(own) }
  const channel = (await networks.spaces(network)).find(({ address }) => addressKey(address) === space)
  if (!channel || (channel.kind === 'coordinators' && !member.coordinator)) return undefined
  const { platform, tenant } = channel.address
  const account = member.accounts.find((one) => one.platform === platform && one.tenant === tenant)
  return account && { member, account, place: channel.address }
}

/** Whether a member may look into a space: every channel (the playground shows them all), direct chats only one's own. */
export async function maySee(
  networks: Networks,
  network: string,
  memberId: string,
  space: string,
): Promise<boolean> {
  const member = await networks.member(network, memberId)
  if (!member) return false
  if (member.accounts.some((account) => addressKey(directTo(account)) === space)) return true
  return (await networks.spaces(network)).some(({ address }) => addressKey(address) === space)
}
