import { Refused, type Messenger } from '../../src/delivery/port.ts'
import type { Address } from '../../src/kernel/address.ts'
import type { BotFramework, Posted } from './bot-framework.ts'
import type { AdaptiveCard } from './card.ts'
import type { Reference, References } from './references.ts'
import { renderMessage } from './render.ts'

/** Posts and updates through the stored references; never writes to a service URL outside the list. */
export function createMessenger(deps: {
  bot: BotFramework
  references: References
  mayWriteTo: (url: unknown) => url is string
}): Messenger {
  const { bot, references, mayWriteTo } = deps

  async function reach(address: Address): Promise<Reference> {
    const reference = address.platform === 'teams' ? await references.reach(address) : undefined
    if (!reference) throw new Refused('not_installed')
    if (!mayWriteTo(reference.serviceUrl)) throw new Refused('service_url_not_allowed')
    return reference
  }

  async function postTo(address: Address, card: AdaptiveCard): Promise<Posted> {
    const { serviceUrl, conversation, user } = await reach(address)
    if (address.kind === 'channel') {
      return bot.create(serviceUrl, address.tenant, { channel: address.id }, card)
    }
    if (conversation) return bot.send(serviceUrl, conversation, card)
    const posted = await bot.create(serviceUrl, address.tenant, { user: user ?? address.id }, card)
    // The message is out; if this cannot be remembered, the next one opens the same chat again.
    await references.opened(address, serviceUrl, posted.conversationId).catch(() => undefined)
    return posted
  }

  return {
    async serves(address) {
      if (address.platform !== 'teams') return false
      const reference = await references.reach(address)
      return reference !== undefined && mayWriteTo(reference.serviceUrl)
    },
    async post(address, view) {
      const { conversationId, activityId } = await postTo(address, renderMessage(view))
      return { conversationId, ...(activityId && { activityId }) }
    },
    async update(address, { conversationId, activityId }, view) {
      const { serviceUrl } = await reach(address)
      if (!conversationId || !activityId) throw new Refused('not_updatable')
      await bot.update(serviceUrl, { conversationId, activityId }, renderMessage(view))
    },
  }
}
