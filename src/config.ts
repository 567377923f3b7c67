import { z } from 'zod'
import type { SlackSettings } from '../adapters/slack/slack.ts'

/** A configuration that cannot work: one line per mistake, each naming the variable and what is expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const text = z.string().min(1)
const url = z.url({ protocol: /^https?$/, error: 'a web address such as https://linkpin.example.org' })
const onOff = z.enum(['on', 'off'], 'on or off')
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

// Sovereign clouds have their own login and keys: the Bot Framework's names for them, all of them together.
const AUTHORITY = [
  'CallerId',
  'OAuthUrl',
  'ToBotFromChannelOpenIdMetadataUrl',
  'ToBotFromChannelTokenIssuer',
  'ToBotFromEmulatorOpenIdMetadataUrl',
  'ToChannelFromBotLoginUrl',
  'ToChannelFromBotOAuthScope',
  'ValidateAuthority',
] as const
type Authority = Partial<Record<(typeof AUTHORITY)[number], string>>

const variables = z.object({
  HOST: text.optional(),
  PORT: z.coerce.number('a port number from 0 to 65535').int().min(0).max(65_535).default(3000),
  PUBLIC_URL: url.optional(),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'fatal, error, warn, info, debug, trace or silent',
    )
    .default('info'),
  METRICS_TOKEN: z.string().min(16, 'at least 16 random characters').optional(),
  DATA_FOLDER: text.default('data'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'an address that begins with mongodb:// or mongodb+srv://')
    .optional(),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'an address that begins with redis:// or rediss://' })
    .optional(),
  PLAYGROUND: onOff.optional(),
  PLAYGROUND_NETWORK: text.default('examples/rheinfurt.yaml'),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xoxb-/, 'a bot token, which begins with xoxb-')
    .optional(),
  SLACK_CLIENT_ID: text.optional(),
  SLACK_CLIENT_SECRET: text.optional(),
  SLACK_STATE_SECRET: z.string().min(16, 'at least 16 random characters').optional(),
  SLACK_API_URL: url.optional(),
  SLACK_ENCRYPTION_KEY: z.string().min(16, 'at least 16 random characters').optional(),
  TEAMS_APP_ID: text.optional(),
  TEAMS_APP_PASSWORD: text.optional(),
  TEAMS_TENANT_ID: text.optional(),
  TEAMS_EMULATOR: onOff.default('off'),
  TEAMS_SERVICE_HOSTS: list.optional(),
  ...Object.fromEntries(AUTHORITY.map((name) => [name, text.optional()])),
})

type Variables = z.output<typeof variables>

/** What the environment says, parsed. */
export interface Config {
  host: string
  port: number
  publicUrl?: string
  logLevel: string
  /** Who shows it may read the metrics; without it there are none. */
  metricsToken?: string
  store: { mongodbUri: string } | { dataFolder: string }
  /** Shares the work among many processes. */
  redisUrl?: string
  slack?: SlackSettings
  teams?: {
    appId: string
    appPassword: string
    tenantId?: string
    /** Authentication is off: only for Microsoft's emulator on one's own machine. */
    emulator: boolean
    serviceUrlHosts?: string[]
    authority?: Authority
  }
  /** The playground and the file of the network that lives in it. */
  playground?: { networkFile: string }
}

/**
 * Reads the configuration. Every variable is described in the README.
 * @param env usually `process.env`; an empty value counts as not set
 * @throws ConfigError with one line per mistake
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = variables.safeParse(set)
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: expected ${message}`).join('\n'),
    )
  }
  const v = parsed.data
  const mistakes = incomplete(v)
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  const slack = slackOf(v)
  const teams = teamsOf(v)
  // Invented people and a clock that can be moved have no place beside a real network, unless somebody asks for it.
  const playground = v.PLAYGROUND ? v.PLAYGROUND === 'on' : !slack && !teams
  return {
    host: v.HOST ?? (playground ? '127.0.0.1' : '0.0.0.0'),
    port: v.PORT,
    publicUrl: v.PUBLIC_URL,
    logLevel: v.LOG_LEVEL,
    metricsToken: v.METRICS_TOKEN,
    store: v.MONGODB_URI ? { mongodbUri: v.MONGODB_URI } : { dataFolder: v.DATA_FOLDER },
    redisUrl: v.REDIS_URL,
    slack,
    teams,
    playground: playground ? { networkFile: v.PLAYGROUND_NETWORK } : undefined,
  }
}

function incomplete(v: Variables): string[] {
  const mistakes: string[] = []
  const slackAsked = v.SLACK_BOT_TOKEN ?? v.SLACK_CLIENT_ID ?? v.SLACK_CLIENT_SECRET
  if (slackAsked && !v.SLACK_SIGNING_SECRET) {
    mistakes.push('SLACK_SIGNING_SECRET: expected the signing secret of the Slack app ("Basic Information")')
  }
  if (v.SLACK_SIGNING_SECRET && !v.SLACK_BOT_TOKEN && !v.SLACK_CLIENT_ID) {
    mistakes.push('SLACK_BOT_TOKEN: expected a bot token for one workspace, or SLACK_CLIENT_ID for several')
  }
  if (v.SLACK_CLIENT_ID && !v.SLACK_CLIENT_SECRET) {
    mistakes.push('SLACK_CLIENT_SECRET: expected, because SLACK_CLIENT_ID is set')
  }
  if (v.SLACK_CLIENT_ID && !v.SLACK_STATE_SECRET) {
    mistakes.push(
      'SLACK_STATE_SECRET: expected at least 16 random characters, because SLACK_CLIENT_ID is set',
    )
  }
  if (v.SLACK_CLIENT_ID && !v.PUBLIC_URL) {
    mistakes.push(
      'PUBLIC_URL: expected the address people reach this server at, because SLACK_CLIENT_ID is set',
    )
  }
  if (v.TEAMS_APP_PASSWORD && !v.TEAMS_APP_ID) {
    mistakes.push('TEAMS_APP_ID: expected the app id of the bot; without it requests could not be verified')
  }
  if (v.TEAMS_APP_ID && !v.TEAMS_APP_PASSWORD) {
    mistakes.push('TEAMS_APP_PASSWORD: expected the client secret of the bot, because TEAMS_APP_ID is set')
  }
  if (v.TEAMS_EMULATOR === 'on' && v.TEAMS_APP_ID) {
    mistakes.push('TEAMS_EMULATOR: expected off, because TEAMS_APP_ID is set and requests must be verified')
  }
  return mistakes
}

function slackOf(v: Variables): Config['slack'] {
  if (!v.SLACK_SIGNING_SECRET) return undefined
  return {
    signingSecret: v.SLACK_SIGNING_SECRET,
    botToken: v.SLACK_BOT_TOKEN,
    clientId: v.SLACK_CLIENT_ID,
    clientSecret: v.SLACK_CLIENT_SECRET,
    stateSecret: v.SLACK_STATE_SECRET,
    publicUrl: v.PUBLIC_URL,
    apiUrl: v.SLACK_API_URL,
    encryptionKey: v.SLACK_ENCRYPTION_KEY,
  }
}

function teamsOf(v: Variables): Config['teams'] {
  const emulator = v.TEAMS_EMULATOR === 'on'
  if (!v.TEAMS_APP_ID && !emulator) return undefined
  return {
    appId: v.TEAMS_APP_ID ?? '',
    appPassword: v.TEAMS_APP_PASSWORD ?? '',
    tenantId: v.TEAMS_TENANT_ID,
    emulator,
    // The emulator is a program on this machine.
    serviceUrlHosts: v.TEAMS_SERVICE_HOSTS ?? (emulator ? ['localhost:56150', '127.0.0.1:56150'] : undefined),
    authority: authorityOf(v),
  }
}

function authorityOf(v: Variables): Authority | undefined {
  const given: Record<string, unknown> = v
  const found = AUTHORITY.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : []))
  // An empty caller id is a value of its own, but empty variables count as not set.
  return found.length > 0 ? { CallerId: '', ...Object.fromEntries(found) } : undefined
}
