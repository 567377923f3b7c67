import { Refused } from '../../src/delivery/port.ts'

/** The bot's own token could not be had. */
export class NoToken extends Error {
  override readonly name = 'NoToken'
}

const WAIT_SECONDS = 30
const NO_TOKEN_WAIT_SECONDS = 60
const LONGEST_WAIT_SECONDS = 3600

// The connection was never made, so nothing can have arrived.
const NEVER_ARRIVED: Record<string, string> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
}

const FINAL_STATUS = [400, 401, 403, 404, 413]

/**
 * What an error of the connector says: a clean refusal, or undefined where the message may have arrived.
 * 412 and 5xx are left open on purpose: Microsoft advises to repeat them, which may double a message.
 */
export function refusalOf(error: unknown): Refused | undefined {
  if (error instanceof NoToken) return new Refused('no_token', NO_TOKEN_WAIT_SECONDS)
  const { statusCode, code, response, details } = error as {
    statusCode?: number
    code?: unknown
    response?: { headers?: { get(name: string): string | undefined } }
    details?: { error?: { code?: unknown } }
  }
  if (statusCode === 429) return new Refused('rate_limited', waitOf(response?.headers?.get('retry-after')))
  if (statusCode !== undefined) {
    return FINAL_STATUS.includes(statusCode) ? new Refused(reason(details, code, statusCode)) : undefined
  }
  const never = NEVER_ARRIVED[String(code)]
  return never ? new Refused(never, WAIT_SECONDS) : undefined
}

function waitOf(header: string | undefined): number {
  const seconds = Number(header)
  return header && Number.isFinite(seconds) && seconds > 0
    ? Math.min(Math.ceil(seconds), LONGEST_WAIT_SECONDS)
    : WAIT_SECONDS
}

// Codes such as BotNotInConversationRoster; anything that is not one word could quote a text.
function reason(details: { error?: { code?: unknown } } | undefined, code: unknown, status: number): string {
  const found = [details?.error?.code, code].find(
    (word) => typeof word === 'string' && /^\w{1,60}$/.test(word),
  )
  return typeof found === 'string' ? found : `http_${status}`
}
