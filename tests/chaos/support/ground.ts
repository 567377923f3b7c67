/** What a scenario finds in the store before anything happens: networks, their platforms, and what is due. */
import { createReferences } from '../../../adapters/teams/references.ts'
import { createInstalledWorkspaces } from '../../../adapters/slack/workspaces.ts'
import { createCheckins } from '../../../src/checkins/checkins.ts'
import type { CheckinDoc } from '../../../src/checkins/model.ts'
import { createDeliveries } from '../../../src/delivery/deliveries.ts'
import { deliveryId } from '../../../src/delivery/model.ts'
import type { Draft, Messenger } from '../../../src/delivery/port.ts'
import { loadTexts } from '../../../src/i18n/texts.ts'
import type { Clock } from '../../../src/kernel/clock.ts'
import { createEvents } from '../../../src/kernel/events.ts'
import { derivedId } from '../../../src/kernel/ids.ts'
import { createLogger } from '../../../src/kernel/logger.ts'
import { createSeal } from '../../../src/kernel/seal.ts'
import { createNetworks } from '../../../src/networks/networks.ts'
import type { Member } from '../../../src/networks/types.ts'
import type { Store } from '../../../src/store/connect.ts'
import type { Owed } from './history.ts'
import { slackDirect } from './provider.ts'

export const SLACK = { signingSecret: 'signing-secret', clientId: '1.2', clientSecret: 'client-secret' }
/** Odd members are in Teams, the others in Slack. */
export const platforms = ['slack', 'teams'] as const
export type Platform = (typeof platforms)[number]

export const networkId = (n: number): string => `chaos-${n}`
export const workspaceOf = (n: number): string => `T0CHAOS${n}`
export const tenantOf = (n: number): string => `tenant-${n}`
export const slackUser = (n: number, m: number): string => `U0N${n}M${m}`

const fileOf = (n: number, members: number): string => `
id: ${networkId(n)}
name: Network ${n}
zone: Europe/Berlin
languages: [en, de]
phase: first-steps
partners:
  - { id: city, name: City, type: formal, sector: municipality, level: operational, category: core-member }
members:
${Array.from({ length: members }, (_, m) => memberOf(n, m)).join('\n')}
spaces:
  - { kind: team, name: team, language: en, slack: ${workspaceOf(n)}/C0TEAM${n} }
`
const memberOf = (n: number, m: number): string => {
  const account =
    m % 2 === 0 ? `slack: ${workspaceOf(n)}/${slackUser(n, m)}` : `teams: ${tenantOf(n)}/person-${n}-${m}`
  return `  - { id: m-${m}, name: Person ${m}, partner: city, language: en, coordinator: true, accounts: [{ ${account} }] }`
}

// Nothing is sent from here: it only tells that there is a way.
const everywhere: Messenger = {
  serves: async () => true,
  post: () => Promise.reject(new Error('not from here')),
  update: () => Promise.reject(new Error('not from here')),
}

const targetKey = ({ accounts: [account] }: Member): string =>
  account?.platform === 'slack' ? slackDirect(account.userId) : (account?.userId ?? '')

let canaries = 0

export async function createGround(store: Store, clock: Clock) {
  const { db } = store
  const [texts, log] = [await loadTexts('locales'), createLogger('silent')]
  const events = createEvents(log)
  const networks = createNetworks({ db, clock, events })
  const room = { db, clock, networks, texts, events, log }
  const deliveries = createDeliveries({ ...room, messengers: [everywhere] })
  const checkins = createCheckins({ ...room, deliveries })
  const seal = createSeal([SLACK.clientSecret], 'slack tokens')
  const workspaces = createInstalledWorkspaces({ db, seal, log, options: {} })
  const references = createReferences(db)
  await store.ready()

  return {
    store,
    operating: deliveries.operating,

    /** Networks 0 to `count - 1`, each in a Slack workspace and a Teams tenant of its own that have Linkpin. */
    async found(count: number, members: number, serviceUrl: string): Promise<void> {
      for (let n = 0; n < count; n++) {
        await networks.importFile(fileOf(n, members))
        const team = workspaceOf(n)
        await workspaces.install(team, { token: `xoxb-${team}`, id: 'B0LINKPIN', userId: 'U0LINKPIN' })
        const nobody = { platform: 'teams', tenant: tenantOf(n), kind: 'direct', id: 'nobody' } as const
        await references.opened(nobody, serviceUrl, `${tenantOf(n)}/nobody`)
      }
    },

    /** Owes so many messages now to members of a network, in turn. */
    async owe(group: string, n: number, count: number, platform?: Platform): Promise<Owed[]> {
      const members = (await networks.members(networkId(n))).filter(
        ({ accounts: [account] }) => !platform || account?.platform === platform,
      )
      const drafts = Array.from({ length: count }, (_, index): Draft => {
        const key = `canary-${canaries++}`
        const to = { member: members[index % members.length]?.id ?? '' }
        const view = { summary: key, blocks: [{ type: 'text' as const, text: key }] }
        return { network: networkId(n), cause: `chaos|${key}`, purpose: 'canary', to, view }
      })
      await deliveries.owe(drafts)
      return drafts.map((draft) => ({ id: deliveryId(draft), key: draft.view.summary, group }))
    },

    /** A check-in that is due now, and owes a message to each member. Once for each network. */
    async dueNow(group: string, n: number): Promise<Owed[]> {
      const network = await networks.network(networkId(n))
      const subject = derivedId('m1-walk-a-mile', '1')
      await checkins.once(network, 'module-follow-up', subject, clock.now())
      const checkin = await db
        .model<CheckinDoc>('Checkin')
        .findById(derivedId(network.id, 'module-follow-up', subject))
        .lean()
      const cause = derivedId(checkin?._id ?? '', checkin?.nextNominal ?? '')
      return (await networks.coordinators(network.id)).map((member) => ({
        id: deliveryId({ cause, purpose: 'follow-up', to: { member: member.id } }),
        key: targetKey(member),
        group,
      }))
    },

    /** Who has asked for a code to link an account, as `network/member` numbers. */
    async codes(): Promise<Set<string>> {
      const found = await db.model<{ member: string }>('Code').find().lean()
      return new Set(found.map(({ member }) => member.replace(/^chaos-(\d+)\|m-/, '$1/')))
    },
  }
}

export type Ground = Awaited<ReturnType<typeof createGround>>
