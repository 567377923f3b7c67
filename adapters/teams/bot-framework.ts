/**
 * Everything of the Bot Framework SDK, and nothing else: checking who calls, and calling the connector. Exchanging the
 * SDK means rewriting this file.
 */
import {
  ActivityTypes,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type Activity,
  type ConversationParameters,
} from 'botbuilder'
import type { AdaptiveCard } from './card.ts'
import { refusalOf, NoToken } from './refusals.ts'

type Authentication = ConfigurationBotFrameworkAuthentication
type CredentialsFactory = NonNullable<
  ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1]
>
type Credentials = Awaited<ReturnType<CredentialsFactory['createCredentials']>>
type Connector = Awaited<ReturnType<ReturnType<Authentication['createConnectorFactory']>['create']>>

/** Where tokens come from and are checked, if not at Microsoft's public cloud: the SDK's `To…` settings, all of them. */
export type Authority = NonNullable<ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[0]>

/** The part of the connector client's pipeline we change; the SDK's types hide it. */
interface Pipeline {
  removePolicy(policy: { name: string }): unknown
  addPolicy(policy: {
    name: string
    sendRequest(
      request: { abortSignal?: AbortSignal },
      next: (request: object) => Promise<unknown>,
    ): Promise<unknown>
  }): void
}

export interface BotSettings {
  /** Application (client) id of the bot. Empty only together with `emulator`. */
  appId: string
  appPassword: string
  /** Directory (tenant) id of a single-tenant bot; others are refused then. */
  tenantId?: string
  /** Switches the check of tokens off, for Microsoft's local Agents Playground. Never in production. */
  emulator?: boolean
  authority?: Authority
  credentialsFactory?: CredentialsFactory
}

/** A message as Teams keeps it. */
export interface Posted {
  conversationId: string
  /** Missing where Teams split the activity: then it cannot be updated. */
  activityId?: string
}

export interface BotFramework {
  /**
   * Whether the request comes from Microsoft's channel service and is meant for this bot.
   * @returns 200, 401 (not so), or 503 (the signing keys could not be fetched)
   */
  verify(
    activity: { channelId: string; serviceUrl: string },
    header: string | undefined,
  ): Promise<200 | 401 | 503>
  /** Posts a card into a conversation. Errors as `Messenger.post`, for all calls. */
  send(serviceUrl: string, conversationId: string, card: AdaptiveCard): Promise<Posted>
  /** Starts a conversation: a thread in a channel, or the chat with a user (who must be reachable for the app). */
  create(
    serviceUrl: string,
    tenant: string,
    target: { channel: string } | { user: string },
    card: AdaptiveCard,
  ): Promise<Posted>
  update(serviceUrl: string, posted: Required<Posted>, card: AdaptiveCard): Promise<void>
}

const BOT_FRAMEWORK = 'https://api.botframework.com'
const TIMEOUT_MS = 10_000
const UNAUTHORISED_NAMES = ['JsonWebTokenError', 'NotBeforeError', 'TokenExpiredError', 'SyntaxError']

/** @throws Error where the app id is empty and this is not the emulator: the SDK would let everybody in */
export function createBotFramework(settings: BotSettings): BotFramework {
  const { appId, emulator, authority } = settings
  if (!appId.trim() && !emulator) throw new Error('Teams needs an app id: without one nobody is checked')
  const authentication = new ConfigurationBotFrameworkAuthentication(
    authority ?? {},
    withoutDoubt(settings.credentialsFactory ?? defaultCredentials(settings)),
  )
  const issuer = authority?.ToBotFromChannelTokenIssuer ?? BOT_FRAMEWORK
  const audience = authority?.ToChannelFromBotOAuthScope ?? BOT_FRAMEWORK

  const ourselves: Parameters<Authentication['createConnectorFactory']>[0] = {
    claims: [{ type: 'aud', value: appId }],
    isAuthenticated: true,
    getClaimValue: (type) => (type === 'aud' ? appId : null),
  }

  async function connectorAt(serviceUrl: string): Promise<Connector> {
    const connector = await authentication.createConnectorFactory(ourselves).create(serviceUrl, audience)
    return once(connector)
  }

  async function call<T>(serviceUrl: string, work: (connector: Connector) => Promise<T>): Promise<T> {
    try {
      return await work(await connectorAt(serviceUrl))
    } catch (error) {
      throw refusalOf(error) ?? error
    }
  }

  return {
    async verify(activity, header) {
      try {
        const { claimsIdentity } = await authentication.authenticateRequest(
          activity as Activity,
          header ?? '',
        )
        if (emulator && !appId.trim()) return 200
        // Tokens of the emulator and of other bots are checked less strictly: only the channel service may come in.
        return claimsIdentity.getClaimValue('iss') === issuer &&
          claimsIdentity.getClaimValue('serviceurl') === activity.serviceUrl
          ? 200
          : 401
      } catch (error) {
        const { name, statusCode } = error as { name?: string; statusCode?: number }
        return statusCode === 401 || statusCode === 403 || UNAUTHORISED_NAMES.includes(name ?? '') ? 401 : 503
      }
    },
    send: (serviceUrl, conversationId, card) =>
      call(serviceUrl, async ({ conversations }) => {
        const { id } = await conversations.sendToConversation(conversationId, messageWith(card))
        return { conversationId, activityId: id || undefined }
      }),
    create: (serviceUrl, tenant, target, card) =>
      call(serviceUrl, async ({ conversations }) => {
        const bot = { id: `28:${appId}` }
        const parameters =
          'channel' in target
            ? { isGroup: true, bot, tenantId: tenant, channelData: { channel: { id: target.channel } } }
            : {
                isGroup: false,
                bot,
                tenantId: tenant,
                members: [{ id: target.user }],
                channelData: { tenant: { id: tenant } },
              }
        const made = await conversations.createConversation({
          ...parameters,
          activity: messageWith(card),
        } as ConversationParameters)
        if (!made.id) throw new Error('a conversation without an id')
        return { conversationId: made.id, activityId: made.activityId || undefined }
      }),
    update: (serviceUrl, { conversationId, activityId }, card) =>
      call(serviceUrl, async ({ conversations }) => {
        await conversations.updateActivity(conversationId, activityId, {
          ...messageWith(card),
          id: activityId,
        })
      }),
  }
}

/** The card alone: text beside it would split the message, and a split message has no id. */
const messageWith = (card: AdaptiveCard): Partial<Activity> => ({
  type: ActivityTypes.Message,
  summary: card.fallbackText,
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
})

function defaultCredentials({ appId, appPassword, tenantId }: BotSettings): CredentialsFactory {
  return new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    MicrosoftAppType: tenantId ? 'SingleTenant' : 'MultiTenant',
    MicrosoftAppTenantId: tenantId,
  })
}

/** Each request once: a repeated one may be a doubled message, a redirected one leads out of the list of hosts. */
function once(connector: Connector): Connector {
  const { pipeline } = (connector as unknown as { client: { pipeline: Pipeline } }).client
  pipeline.removePolicy({ name: 'defaultRetryPolicy' })
  pipeline.removePolicy({ name: 'redirectPolicy' })
  pipeline.addPolicy({
    name: 'timeout',
    sendRequest(request, next) {
      request.abortSignal ??= AbortSignal.timeout(TIMEOUT_MS)
      return next(request)
    },
  })
  return connector
}

/** Where no token could be had, nothing was sent: that is certain, and told apart from a lost answer. */
function withoutDoubt(factory: CredentialsFactory): CredentialsFactory {
  const guarded = (credentials: Credentials): Credentials =>
    Object.assign(Object.create(credentials) as Credentials, {
      async signRequest(request: Parameters<Credentials['signRequest']>[0]) {
        try {
          return await credentials.signRequest(request)
        } catch (error) {
          throw new NoToken('no token', { cause: error })
        }
      },
    })
  return Object.assign(Object.create(factory) as CredentialsFactory, {
    createCredentials: async (...args: Parameters<CredentialsFactory['createCredentials']>) =>
      guarded(await factory.createCredentials(...args)),
  })
}
