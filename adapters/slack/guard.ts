import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'
import { isValidSlackRequest } from '@slack/bolt'
import { z } from 'zod'
import { LIMITS } from './limits.ts'

// Slack's own tolerance looks back only: a timestamp of tomorrow would make a stolen request last a day longer.
const MOST_SECONDS_AHEAD = 60

const CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded']

const user = z.object({ id: z.string() })
const part = z.object({})
const idOrPart = z.union([z.string(), part]).optional()
const eventParts = {
  user: idOrPart,
  channel: idOrPart,
  item: part.optional(),
  subteam: part.optional(),
}
/**
 * What has a listener (inbound.ts). Anything else Bolt leaves unanswered for three seconds, or fails at. Nearly all that a
 * channel sends is people writing to one another: that is none of our business, and goes no further than here.
 */
const listenedTo = z.union([
  z.object({ type: z.literal('url_verification') }),
  z.object({
    type: z.literal('event_callback'),
    authorizations: z.array(part).optional(),
    event: z.union([
      z.object({ type: z.literal('message'), channel_type: z.literal('im'), ...eventParts }),
      z.object({
        type: z.enum(['app_mention', 'app_home_opened', 'app_uninstalled', 'tokens_revoked']),
        ...eventParts,
      }),
    ]),
  }),
  z.object({
    type: z.literal('block_actions'),
    user,
    channel: part.optional(),
    actions: z.tuple([z.object({ action_id: z.string() })], z.unknown()),
  }),
  z.object({ type: z.literal('view_submission'), user, view: z.object({ callback_id: z.string() }) }),
  z.object({ command: z.string() }),
  z.object({ ssl_check: z.string() }),
])

/** A request as Bolt takes it once somebody else has read its body. */
export type BufferedRequest = IncomingMessage & { rawBody: Buffer }

/**
 * What Bolt leaves open: a request from the future, a header twice, a huge body, a body that is no object (Bolt
 * would end the process), and what nobody listens to: that is taken and left. Signatures are of real time, so they
 * are checked against the machine's clock.
 * @returns the request with its body read, or the status to end it with
 */
export async function admit(
  request: IncomingMessage,
  signingSecret: string,
): Promise<BufferedRequest | { left: 200 } | { refused: 400 | 401 | 413 }> {
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
  const content = objectIn(rawBody.toString(), contentType)
  if (!content) return { refused: 400 }
  if (!listenedTo.safeParse(content).success) return { left: 200 }
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

function objectIn(body: string, contentType: string): object | undefined {
  const fields = parse(body)
  const payload = contentType === 'application/json' ? body : fields.payload
  if (typeof payload !== 'string') return payload === undefined ? fields : undefined
  try {
    const value: unknown = JSON.parse(payload)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
