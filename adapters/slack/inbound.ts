import { App, type HTTPReceiver, type webApi } from '@slack/bolt'
import { z } from 'zod'
import type { Conversation, Reply } from '../../src/conversation/port.ts'
import type { Texts, Translator } from '../../src/i18n/texts.ts'
import { inTime } from '../../src/kernel/in-time.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import { escapeMarkdown } from '../../src/views/markdown.ts'
import type { View } from '../../src/views/view.ts'
import { sdkLogger } from './client.ts'
import type { createPeople } from './people.ts'
import { fit, LIMITS } from './limits.ts'
import { refill, saying } from './refill.ts'
import { originOf, type createReplies } from './replies.ts'
import { renderForm } from './render.ts'
import { readAction, readCommand, readEvent, readForm, type Request } from './requests.ts'
import type { Workspace, Workspaces } from './workspaces.ts'

/** Slack waits three seconds for an answer; this leaves room for the way there and back, and for finding the workspace. */
const ANSWER_MS = 2000

/** A request from a workspace that does not (or no longer) have Linkpin. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled'
}

/** A workspace's id. Bolt hands on whatever stands there: an object could be an operator of the store. */
const teamName = z.string().regex(/^\w{1,40}$/)

/** Nothing was done: Slack is asked to send the event again. */
class NotDone extends Error {
  override readonly name = 'NotDone'
}

/** Everything Slack sends, through Bolt, to the conversation, and what it replies back to Slack. */
export function createInbound(deps: {
  receiver: HTTPReceiver
  options: webApi.WebClientOptions
  workspaces: Workspaces
  conversation: Conversation
  texts: Texts
  log: Logger
  people: ReturnType<typeof createPeople>
  replies: ReturnType<typeof createReplies>
}) {
  const { workspaces, conversation, texts, log, people, replies } = deps
  const running = new Set<Promise<void>>()

  /** For what Slack need not wait for. */
  function later(what: string, work: () => Promise<void>): void {
    const task = work().catch((error: unknown) =>
      log.error({ what, err: error }, 'a reply could not be shown'),
    )
    running.add(task)
    void task.finally(() => running.delete(task))
  }

  const app = new App({
    receiver: deps.receiver,
    clientOptions: deps.options,
    logger: sdkLogger(log),
    convoStore: false,
    async authorize({ teamId }, body) {
      const { token, botId, botUserId, team } = await installedIn(teamId, body)
      return { botToken: token, botId, botUserId, teamId: team }
    },
  })
  app.error(async (error) => {
    log.error({ err: error }, 'a request from Slack failed')
    throw error
  })

  // With Slack Connect, the team in the envelope may be the person's own. The message then says whose it is.
  async function installedIn(teamId: unknown, body: unknown): Promise<Workspace> {
    const { message } = body as { message?: { team?: unknown } }
    const [own, owner] = [teamId, message?.team].map((id) => teamName.safeParse(id).data)
    const known = (own && workspaces.last(own)) ?? (owner && workspaces.last(owner))
    if (known) return known
    try {
      for (const team of [own, owner]) {
        const found = team && (await workspaces.find(team))
        if (found) return found
      }
    } catch (error) {
      // While the store is away, people who were met before are known still.
      log.info({ team: own, err: error }, 'nobody knows whether Linkpin is installed there')
    }
    const [only, ...others] = own ? await workspaces.reaching({ tenant: own, kind: 'direct' }) : []
    if (!only || others.length > 0) throw new NotInstalled(`no installation for ${own}`)
    return only
  }

  interface Talk {
    workspace: Workspace
    t: Translator
    /** What came of it, if that is known in time; else Slack should send it again. */
    reply?: Reply
    /** All that came of it; undefined where that takes much longer, and the person will be told elsewhere. */
    whole: Promise<Reply | undefined>
    /** Milliseconds for which nobody needs to be told that it takes longer. */
    patience(): number
  }

  async function converse(request: Request): Promise<Talk> {
    const since = performance.now()
    const patience = (): number => Math.max(0, ANSWER_MS - (performance.now() - since))
    const workspace = workspaces.last(request.team) ?? (await workspaces.find(request.team))
    if (!workspace) throw new NotInstalled(`no installation for ${request.team}`)
    const { tenant, userId } = request.incoming.account
    if (tenant !== request.team) later('met', () => workspaces.met(tenant, request.team))
    const habits = await people.habits(workspace.client, tenant, userId)
    const work = conversation.handle({ ...request.incoming, ...habits })
    const reply = await inTime(patience(), work, undefined)
    const whole = work.then((first) => first.later ?? first)
    return { workspace, t: texts.in(habits.locale), reply, whole, patience }
  }

  /**
   * Commands, presses, mentions, direct messages, the Home tab.
   * @returns false where nothing was done, because something went wrong on our side
   */
  async function take(request: Request | undefined): Promise<boolean> {
    if (!request) return true
    const { reply, whole, workspace, t, patience } = await converse(request)
    // Nobody gets a message for looking at the Home tab, and one is enough where Slack asks again and again.
    const quiet = request.incoming.what.kind === 'home' || request.repeated
    const show = (what: Reply): Promise<void> => replies.show(what, workspace, request, t)
    later('reply', async () => {
      const soon = reply && (await inTime(patience(), whole, undefined))
      if (!soon && !quiet) await show({ notice: say(t.t('slack:slow')) })
      const told = soon ?? (await whole)
      if (told && !(told.failed && quiet)) await show(told)
    })
    return reply !== undefined && !reply.failed
  }

  type Answer =
    { response_action: 'errors'; errors: Record<string, string> } | ReturnType<typeof updated> | undefined

  /** A form sent off: mistakes and a following form are the answer itself, the rest is shown beside it. */
  async function takeForm(request: Request): Promise<Answer> {
    const { reply, whole, workspace, t } = await converse(request)
    if (!reply || reply.later) {
      later('late', async () => {
        const told = await whole
        if (told) await showLate(request, told, workspace, t)
      })
      return updated(saying(t, t.plain('slack:slow')))
    }
    // The form stays open, with what was typed.
    if (reply.failed && reply.notice && request.view?.blocks.some(({ type }) => type === 'input')) {
      return { response_action: 'errors', errors: besideFields({ '': reply.notice.summary }, request) }
    }
    const { errors, form, ...beside } = reply
    later('reply', () => replies.show(beside, workspace, request, t))
    if (errors) return { response_action: 'errors', errors: besideFields(errors, request) }
    return form && updated(renderForm(form, originOf(request)))
  }

  /** The form waits, showing that it takes longer. If it was closed meanwhile, mistakes go to the person directly. */
  async function showLate(
    request: Request,
    reply: Reply,
    workspace: Workspace,
    t: Translator,
  ): Promise<void> {
    const { errors, form, ...beside } = reply
    const { view } = request
    if (!view) return
    const next = errors
      ? refill(view, errors, t)
      : form
        ? renderForm(form, originOf(request))
        : saying(t, t.plain('slack:done'))
    try {
      await workspace.client.views.update({ view_id: view.id, view: next })
    } catch (error) {
      log.info({ team: request.team, err: error }, 'the form was closed before the answer came')
      if (errors)
        beside.notice = say(
          `${t.t('slack:notTaken')}\n${Object.values(errors)
            .map((e) => `- ${escapeMarkdown(e)}`)
            .join('\n')}`,
        )
    }
    await replies.show(beside, workspace, request, t)
  }

  const teamOf = (context: { teamId?: string }): string => context.teamId ?? ''

  app.command(/^/, async ({ ack, body, context }) => {
    await take(readCommand(teamOf(context), body))
    await ack()
  })
  app.action(/^/, async ({ ack, body, context }) => {
    await take(readAction(teamOf(context), body))
    await ack()
  })
  app.view(/^/, async ({ ack, body, context }) => {
    const request = body.type === 'view_submission' ? readForm(teamOf(context), body) : undefined
    const answer = request && (await takeForm(request))
    await (answer ? ack(answer) : ack())
  })
  for (const kind of ['app_mention', 'message', 'app_home_opened'] as const) {
    app.event(kind, async ({ body, context }) => {
      const read = readEvent(kind, teamOf(context), context.botUserId, body)
      // Events are repeated by Slack, presses and commands are not.
      if (!(await take(read && { ...read, repeated: context.retryNum !== undefined }))) throw new NotDone()
    })
  }
  app.event('app_uninstalled', async ({ body }) => workspaces.uninstall(body.team_id))
  app.event('tokens_revoked', async ({ body, event }) => {
    // Tokens of users are not ours.
    const { tokens } = event as { tokens?: { bot?: string[] } }
    if (tokens?.bot?.length) await workspaces.uninstall(body.team_id)
  })

  return {
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

// Slack accepts mistakes beside inputs only: what is about no input of this form is shown beside the first.
function besideFields(errors: Record<string, string>, { view }: Request): Record<string, string> {
  const inputs = (view?.blocks ?? []).filter(({ type }) => type === 'input')
  const ids = inputs.flatMap(({ block_id: id }) => id ?? [])
  return Object.fromEntries(
    Object.entries(errors).map(([id, text]) => [
      ids.includes(id) ? id : (ids[0] ?? id),
      fit(text, LIMITS.field),
    ]),
  )
}

const updated = (view: ReturnType<typeof saying>) => ({ response_action: 'update' as const, view })

const say = (text: string): View => ({ summary: text, blocks: [{ type: 'text', text }] })
