import type { IncomingMessage, ServerResponse } from 'node:http'
import { HTTPModuleFunctions, HTTPReceiver } from '@slack/bolt'
import type { Connection } from 'mongoose'
import type { Conversation } from '../../src/conversation/port.ts'
import type { Messenger } from '../../src/delivery/port.ts'
import type { Texts } from '../../src/i18n/texts.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import { createSeal } from '../../src/kernel/seal.ts'
import { clientOptions, sdkLogger } from './client.ts'
import { createDirectChats } from './direct.ts'
import { admit } from './guard.ts'
import { createInbound, NotInstalled } from './inbound.ts'
import { LIMITS } from './limits.ts'
import { createMessenger } from './messenger.ts'
import { createInstallation } from './oauth.ts'
import { createPeople } from './people.ts'
import { createPictures } from './pictures.ts'
import { createReplies } from './replies.ts'
import { createInstalledWorkspaces, createSingleWorkspace, type Workspaces } from './workspaces.ts'

export interface SlackSettings {
  signingSecret: string
  /** One workspace: the bot token of an app that is installed by hand. */
  botToken?: string
  /** Many workspaces: both together switch on `/slack/install`, and the token above is not used. */
  clientId?: string
  clientSecret?: string
  /** Signs installations on their way; the client secret is used where it is missing. */
  stateSecret?: string
  /** Where Slack reaches this server, for example `https://linkpin.example.eu`. */
  publicUrl?: string
  /** Another Web API than Slack's own, for tests: `http://127.0.0.1:4000/api/`. */
  apiUrl?: string
  /** Seals stored tokens; several separated by commas, the first seals and all open. Else the client secret does. */
  encryptionKey?: string
}

export interface SlackDeps {
  conversation: Conversation
  clock: Clock
  db: Connection
  log: Logger
  texts: Texts
}

export interface SlackAdapter {
  /** Answers every path under `/slack/`: `/slack/events` for all that Slack sends, and the installation. */
  listener(request: IncomingMessage, response: ServerResponse): void
  messenger: Messenger
  /** Resolves when everything that was answered already has also been shown. */
  idle(): Promise<void>
  /** Waits for what is under way. Close the server first. */
  stop(): Promise<void>
}

const EVENTS_PATH = '/slack/events'

/**
 * Slack, in and out.
 * @throws Error where there is neither a bot token nor a client id with its secret
 */
export function createSlackAdapter(settings: SlackSettings, deps: SlackDeps): SlackAdapter {
  const { conversation, clock, log, texts } = deps
  const options = clientOptions(log, settings.apiUrl)
  const workspaces = createWorkspaces(settings, deps)
  const pictures = createPictures(log)
  const direct = createDirectChats()
  const { clientId, clientSecret } = settings

  const receiver = new HTTPReceiver({
    signingSecret: settings.signingSecret,
    endpoints: EVENTS_PATH,
    bodyLimit: LIMITS.body,
    // What somebody did is stored before Slack is told that it arrived; if it fails, Slack sends it again.
    processBeforeResponse: true,
    logger: sdkLogger(log),
    processEventErrorHandler: async (args) => {
      if (!isNotInstalled(args.error)) return failed(args.response)
      return HTTPModuleFunctions.defaultProcessEventErrorHandler(args)
    },
  })
  const installation =
    clientId && clientSecret
      ? createInstallation({
          ...settings,
          ...deps,
          clientId,
          clientSecret,
          workspaces,
          clientOptions: options,
        })
      : undefined
  const inbound = createInbound({
    receiver,
    options,
    workspaces,
    conversation,
    texts,
    log,
    people: createPeople(clock),
    replies: createReplies({ pictures, direct, log }),
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST' && pathname === EVENTS_PATH) {
      const admitted = await admit(request, settings.signingSecret)
      if ('left' in admitted) return end(response, admitted.left)
      if (!('refused' in admitted)) return receiver.requestListener(admitted, response)
      log.warn({ status: admitted.refused }, 'a request that is not Slack’s was refused')
      // The rest of a body that is too large is not waited for.
      return end(response, admitted.refused, { connection: 'close' })
    }
    const page = installation?.(request.method, pathname)
    return page ? page(request, response) : end(response, 404)
  }

  return {
    listener(request, response) {
      answer(request, response).catch((error: unknown) => {
        log.error({ err: error }, 'a request to the Slack adapter failed')
        if (!response.headersSent) end(response, 400)
      })
    },
    messenger: createMessenger(workspaces, pictures, direct),
    idle: inbound.idle,
    stop: inbound.idle,
  }
}

function createWorkspaces(settings: SlackSettings, { db, log }: SlackDeps): Workspaces {
  const options = clientOptions(log, settings.apiUrl)
  const { clientId, clientSecret, encryptionKey, botToken } = settings
  if (clientId && clientSecret) {
    // The client secret stays among the keys, so that a key can be configured later.
    const secrets = [
      ...(encryptionKey
        ?.split(',')
        .map((key) => key.trim())
        .filter(Boolean) ?? []),
      clientSecret,
    ]
    return createInstalledWorkspaces({ db, log, options, seal: createSeal(secrets, 'slack tokens') })
  }
  if (botToken) return createSingleWorkspace({ db, options, token: botToken })
  throw new Error('Slack needs a bot token, or a client id with its secret')
}

const isNotInstalled = (error: unknown): boolean =>
  error instanceof NotInstalled || (error as { original?: unknown }).original instanceof NotInstalled

// Bolt says 500 or 401; for "not now, please again" there is a word of its own.
function failed(response: ServerResponse): boolean {
  if (!response.headersSent) end(response, 503)
  return true
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers)
  response.end()
}
