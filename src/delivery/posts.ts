import type { Texts, Translator } from '../i18n/texts.ts'
import type { Member, Network, Networks, Space } from '../networks/types.ts'
import type { View } from '../views/view.ts'
import type { Draft } from './port.ts'

/** What a draft is owed for; everything else follows from whom it goes to. */
export type Owed = Pick<Draft, 'cause' | 'purpose' | 'ask' | 'expiresAt'>
type ViewIn = (t: Translator) => View
/** The same where something has to be drawn first. */
type DrawnIn = (t: Translator) => View | Promise<View>

/** Drafts for those who are usually written to, each in their own language. */
export interface Posts {
  /** One message to every team channel. */
  toTeam(network: Network, owed: Owed, view: DrawnIn): Promise<Draft[]>
  /** One private message to every coordinator. Never to a channel. */
  toCoordinators(network: Network, owed: Owed, view: ViewIn): Promise<Draft[]>
  /** One private message to a member. */
  toMember(network: Network, member: Member, owed: Owed, view: ViewIn): Draft
}

/** Composes drafts; owing them is up to the caller. */
export function createPosts({ networks, texts }: { networks: Networks; texts: Texts }): Posts {
  const self: Posts = {
    async toTeam(network, owed, view) {
      const spaces = await networks.spaces(network.id, 'team')
      const draft = async ({ address, language }: Space): Promise<Draft> => ({
        network: network.id,
        ...owed,
        to: { space: address },
        view: await view(texts.in(language, ...network.languages)),
      })
      return Promise.all(spaces.map(draft))
    },
    async toCoordinators(network, owed, view) {
      const coordinators = await networks.coordinators(network.id)
      return coordinators.map((member) => self.toMember(network, member, owed, view))
    },
    toMember: (network, member, owed, view) => ({
      network: network.id,
      ...owed,
      to: { member: member.id },
      view: view(texts.in(member.language, ...network.languages)),
    }),
  }
  return self
}
