import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Texts } from '../i18n/texts.ts'
import { accountKey } from '../kernel/address.ts'
import { notice, type Conversation, type Reply } from './port.ts'

/** Far above what anybody does with ten fingers. */
const MOST = { points: 20, duration: 10 }

/**
 * Takes so much from an account and no more, so that one person, or one broken client, keeps nobody else waiting. What
 * is too much is told once and then left; it never reaches the store. Counted by each process for itself.
 */
export function withAllowance(conversation: Conversation, texts: Texts): Conversation {
  const limiter = new RateLimiterMemory(MOST)
  return {
    async handle(incoming): Promise<Reply> {
      try {
        await limiter.consume(accountKey(incoming.account))
      } catch (spent) {
        if (!(spent instanceof RateLimiterRes)) throw spent
        if (spent.consumedPoints > MOST.points + 1) return {}
        return notice(texts.in(incoming.locale).t('conversation:tooFast'))
      }
      return conversation.handle(incoming)
    },
  }
}
