import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { fingerprint } from './ids.ts'

/** Keeps secrets unreadable in the store and its backups. */
export interface Seal {
  /** @param place what the secret belongs to; it opens nowhere else */
  close(secret: string, place: string): string
  /** The secret, or undefined where its key is not among ours or it was tampered with. */
  open(sealed: string, place: string): string | undefined
}

/**
 * AES-256-GCM under keys derived from long secrets.
 * @param secrets the first closes, all open: so that a secret can be replaced
 * @param purpose what is sealed: keys for one purpose open nothing of another
 */
export function createSeal(secrets: string[], purpose: string): Seal {
  const keys = secrets.map((secret) => {
    const key = Buffer.from(hkdfSync('sha256', secret, 'linkpin', purpose, 32))
    return { id: fingerprint(key.toString('base64')).slice(0, 8), key }
  })
  const [current] = keys
  if (!current) throw new Error('a seal needs a secret')
  return {
    close(secret, place) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(place))
      const data = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return [
        current.id,
        ...[nonce, cipher.getAuthTag(), data].map((part) => part.toString('base64url')),
      ].join('.')
    },
    open(sealed, place) {
      const [id, ...parts] = sealed.split('.')
      const [nonce, tag, data] = parts.map((part) => Buffer.from(part, 'base64url'))
      const found = keys.find((key) => key.id === id)
      if (!found || !nonce || !tag || !data) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: 16 })
        decipher.setAAD(Buffer.from(place)).setAuthTag(tag)
        return decipher.update(data, undefined, 'utf8') + decipher.final('utf8')
      } catch {
        return undefined
      }
    },
  }
}
