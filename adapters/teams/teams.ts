import type { Request, Response } from 'express'
import type { Connection } from 'mongoose'
import type { Conversation } from '../../src/conversation/port.ts'
import type { Messenger } from '../../src/delivery/port.ts'
import type { Texts } from '../../src/i18n/texts.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import { activitySchema, tenantOf } from './activity.ts'
import { createBotFramework, type BotSettings } from './bot-framework.ts'
import { createMessenger } from './messenger.ts'
import { createReferences } from './references.ts'
import { createSeal } from './seal.ts'
import { serviceUrlCheck } from './service-urls.ts'
import { createTurns, type TurnResult } from './turns.ts'

export interface TeamsSettings extends BotSettings {
  /** `host:port` of connectors besides Microsoft's, http allowed: for tests and local tools only. */
  serviceUrlHosts?: string[]
}

export interface TeamsAdapter {
  /** For `POST /api/messages`, behind `express.json({ limit: '256kb' })`. */
  handler(request: Request, response: Response): Promise<void>
  messenger: Messenger
  /** Resolves when everything that was answered already has also been shown. */
  idle(): Promise<void>
  /** Waits for the turns under way. Close the server first. */
  stop(): Promise<void>
}

/**
 * Microsoft Teams as one of Linkpin's platforms.
 * @throws Error where the app id is empty and `emulator` is not set
 */
export function createTeamsAdapter(
  settings: TeamsSettings,
  deps: { conversation: Conversation; db: Connection; log: Logger; texts: Texts },
): TeamsAdapter {
  const { log } = deps
  const bot = createBotFramework(settings)
  const references = createReferences(deps.db)
  const mayWriteTo = serviceUrlCheck(settings.serviceUrlHosts)
  const seal = createSeal(`${settings.appId}|${settings.appPassword}`)
  const running = new Set<Promise<unknown>>()
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work)
    return work.finally(() => running.delete(work))
  }
  const later = (work: Promise<unknown>): void =>
    void track(work).catch((error: unknown) =>
      log.error({ platform: 'teams', err: error }, 'what follows an answer failed'),
    )
  const turn = createTurns({ ...deps, bot, references, seal, later })
  const channels = settings.emulator ? ['msteams', 'emulator'] : ['msteams']

  /** Everything that can be refused is refused here, before anything is written or sent. */
  async function receive(
    body: unknown,
    authorization: string | undefined,
  ): Promise<TurnResult | { status: number }> {
    const parsed = activitySchema.safeParse(body)
    if (!parsed.success) return { status: authorization ? 400 : 401 }
    const activity = parsed.data
    if (!channels.includes(activity.channelId) || !mayWriteTo(activity.serviceUrl)) return { status: 403 }
    const verified = await bot.verify(activity, authorization)
    if (verified !== 200) return { status: verified }
    const tenant = tenantOf(activity) ?? (settings.emulator ? 'emulator' : undefined)
    if (!tenant || (settings.tenantId && tenant !== settings.tenantId)) return { status: 403 }
    // Other bots have nothing to say here.
    if (activity.from.id.startsWith('28:')) return { status: 200 }
    return track(turn(activity, tenant))
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.allSettled(running)
  }

  return {
    async handler(request, response) {
      try {
        const result = await receive(request.body, request.headers.authorization)
        response.status(result.status)
        if ('body' in result && result.body) response.json(result.body)
        else response.end()
      } catch (error) {
        log.error({ platform: 'teams', err: error }, 'a turn failed')
        response.status(500).end()
      }
    },
    messenger: createMessenger({ bot, references, mayWriteTo }),
    idle,
    stop: idle,
  }
}
