import type { Texts } from '../i18n/texts.ts'
import { addressKey, directTo, type Address } from '../kernel/address.ts'
import type { Member, Network, Networks } from '../networks/types.ts'
import type { View } from '../views/view.ts'
import type { Draft, Messenger } from './port.ts'

/** Where a message goes and through whom; a member comes with private messages. */
export interface Way {
  network: Network
  address: Address
  messenger: Messenger
  /** What the member, or the channel, has chosen to read; may be one that is not shipped. */
  language: string
  member?: Member
}

/** Why there is none: a member or a channel that is not there any more, or a platform that is not set up. */
type NoWay = 'member-left' | 'space-unbound' | 'not-reachable'

/** Finds the way to a target, as things stand now. */
export function createReach(deps: { networks: Networks; messengers: Messenger[] }) {
  const { networks, messengers } = deps

  async function messengerFor(address: Address): Promise<Messenger | undefined> {
    for (const messenger of messengers) if (await messenger.serves(address)) return messenger
    return undefined
  }

  async function firstServed(
    addresses: Address[],
  ): Promise<{ address: Address; messenger: Messenger } | undefined> {
    for (const address of addresses) {
      const messenger = await messengerFor(address)
      if (messenger) return { address, messenger }
    }
    return undefined
  }

  return {
    messengerFor,

    async wayTo(networkId: string, to: Draft['to']): Promise<Way | NoWay> {
      if ('member' in to) {
        const [network, member] = await Promise.all([
          networks.network(networkId),
          networks.member(networkId, to.member),
        ])
        if (!member) return 'member-left'
        const found = await firstServed(member.accounts.map(directTo))
        return found ? { network, member, language: member.language, ...found } : 'not-reachable'
      }
      const [network, space] = await Promise.all([networks.network(networkId), networks.spaceAt(to.space)])
      if (space?.network !== networkId || addressKey(space.address) !== addressKey(to.space))
        return 'space-unbound'
      const found = await firstServed([to.space])
      return found ? { network, language: space.language, ...found } : 'not-reachable'
    },
  }
}

/** A message in a language that its readers did not choose says so, instead of leaving them to wonder. */
export function inReadersLanguage(
  view: View,
  { language, network }: Pick<Way, 'language' | 'network'>,
  texts: Texts,
): View {
  if (texts.speaks(language)) return view
  const t = texts.in(...network.languages)
  const text = t.t('delivery:notInYourLanguage', { language: texts.nameOf(language) })
  return { ...view, blocks: [...view.blocks, { type: 'context', text }] }
}
