import { LogLevel, webApi } from '@slack/bolt'
import { withoutSecrets, type Logger } from '../../src/kernel/logger.ts'
import { Refused } from '../../src/delivery/port.ts'

const TIMEOUT_MS = 10_000

/** Where `Retry-After` is missing, or nothing was reached at all. */
const RETRY_SECONDS = 30

/** Slack's answers that leave open whether something happened. */
const UNCERTAIN = ['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable']

/** The connection was never made: nothing can have arrived. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']

/** Slack's libraries log through ours. What they say on lower levels quotes whole requests, and is dropped. */
export const sdkLogger = (log: Logger) => ({
  debug: () => {},
  info: () => {},
  warn: (...said: unknown[]) => log.warn({ sdk: firstLine(said[0]) }, 'Slack library'),
  error: (...said: unknown[]) => log.error({ sdk: firstLine(said[0]) }, 'Slack library'),
  setLevel: () => {},
  getLevel: () => LogLevel.WARN,
  setName: () => {},
})

const firstLine = (said: unknown): string | undefined =>
  withoutSecrets(said instanceof Error ? said.message : String(said))
    .split('\n')[0]
    ?.slice(0, 200)

/**
 * How we talk to Slack: once, and never longer than ten seconds. Its library would repeat a lost answer by itself,
 * and the person would see the same message several times.
 */
export const clientOptions = (log: Logger, apiUrl?: string): webApi.WebClientOptions => ({
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: TIMEOUT_MS,
  logger: sdkLogger(log),
  ...(apiUrl && { slackApiUrl: apiUrl }),
})

/** Slack's word for why it refused: `channel_not_found`. Undefined where Slack did not clearly refuse. */
export function refusalCode(error: unknown): string | undefined {
  if (!(error instanceof webApi.WebAPIPlatformError)) return undefined
  const code = error.data.error
  // A page that is no answer of the API's arrives here as its whole text.
  return typeof code === 'string' && /^[a-z0-9_]+$/.test(code) && !UNCERTAIN.includes(code) ? code : undefined
}

/** A failed call in the words of the outbound port: `Refused` where nothing can have arrived, else as it is. */
export function inPortWords(error: unknown): unknown {
  if (error instanceof webApi.WebAPIRateLimitedError) return new Refused('rate_limited', error.retryAfter)
  if (error instanceof Error && error.message.startsWith('Retry header did not contain')) {
    return new Refused('rate_limited', RETRY_SECONDS)
  }
  const code = refusalCode(error)
  if (code) return new Refused(code, code === 'ratelimited' ? RETRY_SECONDS : undefined)
  if (error instanceof webApi.WebAPIRequestError && NOT_CONNECTED.includes(causeCode(error.original))) {
    return new Refused('not_connected', RETRY_SECONDS)
  }
  return error
}

/** The same for calls that come before the message itself: whatever fails there, no message was posted. */
export function inPortWordsBefore(error: unknown): Refused {
  const known = inPortWords(error)
  return known instanceof Refused ? known : new Refused('not_prepared', RETRY_SECONDS)
}

const causeCode = (error: Error): string => String((error.cause as { code?: unknown } | undefined)?.code)
