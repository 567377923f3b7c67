import type { RequestHandler } from 'express'
import type { ErrorCode } from './wire.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const forbidden = { error: 'forbidden' satisfies ErrorCode }

/**
 * Keeps other web pages out. A foreign name that points to this machine (DNS rebinding) is refused by its Host header;
 * a form or script of another page (CSRF) cannot send the header that every change asks for.
 * @param allowedHosts names besides those of the machine itself, without port
 */
export function guard(allowedHosts: string[]): RequestHandler {
  const hosts = new Set([...LOOPBACK, ...allowedHosts.map((host) => host.toLowerCase())])
  return (request, response, next) => {
    const host = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
    if (!hosts.has(host)) {
      response.status(403).json(forbidden)
      return
    }
    if (request.method === 'POST' && request.headers['x-linkpin'] !== 'playground') {
      response.status(403).json(forbidden)
      return
    }
    response.set({
      // Both renderers set styles on their elements; scripts come from here only.
      'Content-Security-Policy':
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
    })
    next()
  }
}
