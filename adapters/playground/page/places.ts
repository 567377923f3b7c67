import type { WireMember, WireNetwork, WireSpace } from '../wire.ts'

/** The key under which the page keeps "the Home tab is open", beside the keys of spaces. */
export const HOME = 'home'

/** One conversation that can be opened. */
export interface Place {
  key: string
  kind: 'direct' | WireSpace['kind']
  platform: 'slack' | 'teams'
  /** Tells workspaces of the same product apart; empty where there is only one. */
  workspace: string
  /** The language Linkpin speaks there. */
  language: string
  name?: string
  /** The account with which the member is there; without one they only look on. */
  account?: string
}

/** All conversations of the network as one member meets them: their own first. */
export function placesOf(network: WireNetwork, member: WireMember): Place[] {
  const directs = member.accounts.map(({ key, direct, platform, tenant }): Place => ({
    key: direct,
    kind: 'direct',
    platform,
    workspace: workspaceOf(network, { platform, tenant }),
    language: member.language,
    account: key,
  }))
  const channels = network.spaces.map(({ key, kind, platform, tenant, name, language }): Place => ({
    key,
    kind,
    platform,
    workspace: workspaceOf(network, { platform, tenant }),
    name,
    language,
    account:
      kind === 'team' || member.coordinator
        ? member.accounts.find((account) => account.platform === platform && account.tenant === tenant)?.key
        : undefined,
  }))
  const teams = channels.filter(({ kind }) => kind === 'team')
  return [...directs, ...teams, ...channels.filter((channel) => !teams.includes(channel))]
}

/** What tells a workspace or tenant from the others of its product: its id, shortened. */
export function workspaceOf(
  network: WireNetwork,
  { platform, tenant }: { platform: string; tenant: string },
): string {
  const everywhere = [...network.spaces, ...network.members.flatMap(({ accounts }) => accounts)]
  const tenants = new Set(everywhere.filter((one) => one.platform === platform).map((one) => one.tenant))
  return tenants.size > 1 ? (tenant.split('-')[0] ?? tenant) : ''
}
