import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { HTTPReceiver, type InstallationStore, type StateStore, type webApi } from '@slack/bolt'
import { Schema, type Connection } from 'mongoose'
import { randomId } from '../../src/kernel/ids.ts'
import type { Texts } from '../../src/i18n/texts.ts'
import type { Workspaces } from './workspaces.ts'

/** What Linkpin may do in a workspace; `docs/install-slack.md` says why, one by one. */
const SCOPES = [
  'app_mentions:read',
  'chat:write',
  'commands',
  'files:write',
  'im:history',
  'im:write',
  'users:read',
]

const INSTALL_PATH = '/slack/install'
const REDIRECT_PATH = '/slack/oauth_redirect'

const STATE_MINUTES = 10

interface UsedStateDoc {
  _id: string
  expiresAt: Date
}

const usedSchema = new Schema<UsedStateDoc>(
  { _id: { type: String, required: true }, expiresAt: { type: Date, required: true } },
  { versionKey: false },
)
usedSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })

/** Installing into many workspaces ("Add to Slack"). Gives undefined for requests that are none of its pages. */
export function createInstallation(deps: {
  signingSecret: string
  clientId: string
  clientSecret: string
  stateSecret?: string
  publicUrl?: string
  apiUrl?: string
  db: Connection
  workspaces: Workspaces
  texts: Texts
  clientOptions: webApi.WebClientOptions
}): (method: string | undefined, path: string) => RequestListener | undefined {
  const { signingSecret, clientId, clientSecret, publicUrl, texts, clientOptions } = deps
  const scopes = SCOPES
  const redirectUri = publicUrl && new URL(REDIRECT_PATH, publicUrl).toString()
  // A receiver of its own: Bolt wants to look up workspaces by itself in one that also installs.
  const receiver = new HTTPReceiver({
    signingSecret,
    clientId,
    clientSecret,
    scopes,
    redirectUri,
    logger: clientOptions.logger,
    installationStore: installationStore(deps.workspaces),
    installerOptions: {
      directInstall: true,
      installPath: INSTALL_PATH,
      redirectUriPath: REDIRECT_PATH,
      stateCookieExpirationSeconds: STATE_MINUTES * 60,
      stateStore: stateStore(deps.stateSecret ?? clientSecret, deps.db, { scopes, redirectUri }),
      clientOptions,
      // Slack's own page in production; a test server serves both from one place.
      ...(deps.apiUrl && { authorizationUrl: new URL('/oauth/v2/authorize', deps.apiUrl).toString() }),
      callbackOptions: {
        success: (_installation, _options, request, response) =>
          page(response, 200, textsFor(texts, request, 'installed')),
        failure: (_error, _options, request, response) =>
          page(response, 400, textsFor(texts, request, 'notInstalled')),
      },
    },
  })
  return (method, path) =>
    method === 'GET' && [INSTALL_PATH, REDIRECT_PATH].includes(path) ? receiver.requestListener : undefined
}

function installationStore(workspaces: Workspaces): InstallationStore {
  return {
    async storeInstallation({ team, bot }) {
      if (!team || !bot?.id) throw new Error('only a single workspace can install Linkpin, with its bot')
      await workspaces.install(team.id, { token: bot.token, id: bot.id, userId: bot.userId })
    },
    fetchInstallation: () => Promise.reject(new Error('workspaces are looked up by the adapter')),
  }
}

/**
 * The `state` of an installation: signed, good for ten minutes and for one use. Nothing is stored before somebody
 * comes back with a good one, so that asking for many costs nothing.
 */
function stateStore(
  secret: string,
  db: Connection,
  options: { scopes: string[]; redirectUri?: string },
): StateStore {
  const used = db.model<UsedStateDoc>('SlackUsedState', usedSchema, 'slack_used_states')
  const key = Buffer.from(hkdfSync('sha256', secret, 'linkpin', 'slack state', 32))
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  return {
    async generateStateParam(_options, now) {
      const text = `${randomId()}.${now.getTime() + STATE_MINUTES * 60_000}`
      return `${text}.${sign(text)}`
    },
    async verifyStateParam(now, state) {
      const [id = '', expires = '', signature = ''] = state.split('.')
      const expected = Buffer.from(sign(`${id}.${expires}`))
      const given = Buffer.from(signature)
      const genuine = given.length === expected.length && timingSafeEqual(given, expected)
      if (!genuine || now.getTime() > Number(expires))
        throw new Error('the state is not one of ours, or too old')
      // Fails where the id is there already: a state is good for one use, on all replicas together.
      await used.create({ _id: id, expiresAt: new Date(Number(expires)) })
      return options
    },
  }
}

function textsFor(texts: Texts, request: IncomingMessage, outcome: 'installed' | 'notInstalled') {
  const wanted = (request.headers['accept-language'] ?? '')
    .split(',')
    .map((part) => part.split(';')[0]?.trim())
  const t = texts.in(...wanted)
  return {
    language: t.language,
    title: t.plain(`slack:oauth.${outcome}.title`),
    text: t.plain(`slack:oauth.${outcome}.text`),
  }
}

function page(
  response: ServerResponse,
  status: number,
  { language, title, text }: ReturnType<typeof textsFor>,
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  response.end(`<!doctype html><html lang="${language}"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>body{font:1.1rem/1.6 system-ui;max-width:36rem;margin:15vh auto;padding:0 1rem}</style>
<h1>${title}</h1><p>${text}</p></html>`)
}
