import { pino, type Logger } from 'pino'

export type { Logger }

// Logs carry ids, never names or texts. What is listed here is removed even if somebody logs a whole object.
const NEVER_LOGGED = [
  'name',
  'text',
  'view',
  'values',
  'args',
  'body',
  'title',
  'token',
  'secret',
  'password',
  'code',
  'authorization',
]
const PATHS = NEVER_LOGGED.flatMap((key) => [key, `*.${key}`, `*.*.${key}`])

/**
 * A structured logger that redacts.
 * @param level a pino level; `silent` for tests
 */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: undefined,
    redact: { paths: PATHS, censor: '[redacted]' },
    serializers: { err: describeError },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** Type, code and place of an error. Its message stays out of the log where it may quote what somebody wrote. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = (error as { code?: unknown }).code
  const stack = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
  const quotesInput = [
    'ZodError',
    'SyntaxError',
    'CastError',
    'ValidationError',
    'MongoServerError',
  ].includes(error.name)
  // Not `code`, which is removed: one-time codes go by that name.
  return {
    type: error.name,
    errorCode: code,
    message: quotesInput ? undefined : withoutSecrets(error.message),
    stack,
  }
}

/** A text for the log without what opens doors: the password in an address, a bearer token, a token of Slack. */
export const withoutSecrets = (text: string): string =>
  text
    .replace(/\/\/[^\s/@]+@/g, '//[redacted]@')
    .replace(/\b(?:Bearer |xox[a-z]-|xapp-)[^\s"',;]+/g, '[redacted]')
