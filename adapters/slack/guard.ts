import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'
import { isValidSlackRequest } from '@slack/bolt'
import { LIMITS } from './limits.ts'

// Slack's own tolerance looks back only: a timestamp of tomorrow would make a stolen request last a day longer.
const MOST_SECONDS_AHEAD = 60

const CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded']

/** A request as Bolt takes it once somebody else has read its body. */
export type BufferedRequest = IncomingMessage & { rawBody: Buffer }

/**
 * What Bolt leaves open: a request from the future, a header twice, a huge body, a body that is no object (Bolt
 * would end the process). Signatures are of real time, so they are checked against the machine's clock.
 * @returns the request with its body read, or the status to refuse it with
 */
export async function admit(
  request: IncomingMessage,
  signingSecret: string,
): Promise<BufferedRequest | { refused: 400 | 401 | 413 }> {
  const signature = single(request, 'x-slack-signature')
  const timestamp = single(request, 'x-slack-request-timestamp')
  const contentType = single(request, 'content-type')?.split(';')[0]?.trim().toLowerCase()
  if (!signature || !timestamp || !/^\d{1,12}$/.test(timestamp)) return { refused: 401 }
  if (!contentType || !CONTENT_TYPES.includes(contentType)) return { refused: 401 }
  if (Number(timestamp) > Date.now() / 1000 + MOST_SECONDS_AHEAD) return { refused: 401 }
  const rawBody = await readBody(request)
  if (!rawBody) return { refused: 413 }
  const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(timestamp) }
  if (!isValidSlackRequest({ signingSecret, body: rawBody.toString(), headers })) return { refused: 401 }
  if (!holdsObject(rawBody.toString(), contentType)) return { refused: 400 }
  // Bolt compares the type as a whole.
  request.headers['content-type'] = contentType
  return Object.assign(request, { rawBody })
}

const single = (request: IncomingMessage, header: string): string | undefined => {
  const values = request.headersDistinct[header]
  return values?.length === 1 ? values[0] : undefined
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length']) > LIMITS.body) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LIMITS.body) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function holdsObject(body: string, contentType: string): boolean {
  const payload = contentType === 'application/json' ? body : parse(body).payload
  if (typeof payload !== 'string') return payload === undefined
  try {
    const value: unknown = JSON.parse(payload)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
