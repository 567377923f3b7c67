import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * A dialog's submission does not say from which message the dialog was opened, so the form carries its id. The form is
 * in the client's hands; the seal keeps anybody from pointing it at another message.
 */
export interface Seal {
  close(conversationId: string, messageId: string): string
  /** The message id, if it was sealed by us for this conversation. */
  open(conversationId: string, sealed: string | undefined): string | undefined
}

/** @param secret known to all replicas of this bot and to nobody else */
export function createSeal(secret: string): Seal {
  const sign = (conversationId: string, messageId: string): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['dialog of', conversationId, messageId]))
      .digest('base64url')
  return {
    close: (conversationId, messageId) => `${sign(conversationId, messageId)}.${messageId}`,
    open(conversationId, sealed) {
      const dot = sealed?.indexOf('.') ?? -1
      if (!sealed || dot < 0) return undefined
      const messageId = sealed.slice(dot + 1)
      const given = Buffer.from(sealed.slice(0, dot))
      const expected = Buffer.from(sign(conversationId, messageId))
      return given.length === expected.length && timingSafeEqual(given, expected) ? messageId : undefined
    },
  }
}
