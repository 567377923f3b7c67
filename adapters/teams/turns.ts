import type { Conversation, Incoming, Reply } from '../../src/conversation/port.ts'
import { directTo } from '../../src/kernel/address.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import type { Texts } from '../../src/i18n/texts.ts'
import type { Form, View } from '../../src/views/view.ts'
import { addressed, isBotIn, sceneOf, typedText, type Activity, type Scene } from './activity.ts'
import { asLine, cardAnswer, closed, formDialog, popUp, viewDialog, type InvokeBody } from './answers.ts'
import type { BotFramework } from './bot-framework.ts'
import { readExecute, readSubmission, readTaskFetch } from './codec.ts'
import type { References } from './references.ts'
import { renderMessage } from './render.ts'
import type { Seal } from './seal.ts'

/** What a turn ends with; `body` is sent only where Teams waits for an answer. */
export interface TurnResult {
  status: 200 | 400 | 501
  body?: InvokeBody
}

const DONE: TurnResult = { status: 200 }

/** From a verified activity to the conversation and back. */
export function createTurns(deps: {
  conversation: Conversation
  bot: BotFramework
  references: References
  seal: Seal
  texts: Texts
  log: Logger
}): (activity: Activity, tenant: string) => Promise<TurnResult> {
  const { conversation, bot, references, seal, texts, log } = deps

  const ask = (scene: Scene, what: Incoming['what'], canOpenForm: boolean, part = ''): Promise<Reply> =>
    conversation.handle({
      requestId: scene.requestId + part,
      account: scene.account,
      place: scene.place,
      locale: scene.locale,
      zone: scene.zone,
      what,
      canOpenForm,
    })

  /** What happens beside the answer may fail without taking the answer with it. */
  async function tried(what: string, work: Promise<unknown>): Promise<boolean> {
    try {
      await work
      return true
    } catch (error) {
      log.warn({ platform: 'teams', step: what, err: error }, 'a step beside the answer failed')
      return false
    }
  }

  /** Where no dialog can open at once: a button that opens it. */
  function inviteTo(form: Form, scene: Scene): View {
    const t = texts.in(scene.locale)
    return {
      summary: form.title,
      blocks: [
        { type: 'text', text: t.t('teams:openForm', { title: form.title }) },
        {
          type: 'buttons',
          buttons: [
            { label: t.plain('teams:open'), action: form.openedBy, style: 'primary', opensForm: true },
          ],
        },
      ],
    }
  }

  /** The views of a reply that only this person may see. */
  const privateViews = (reply: Reply, scene: Scene): View[] => [
    ...(reply.notice ? [reply.notice] : []),
    ...(reply.home ? [reply.home] : []),
    ...(reply.form ? [inviteTo(reply.form, scene)] : []),
  ]

  /** Sends to the personal chat, if there is one. */
  async function toPersonalChat(views: View[], scene: Scene): Promise<boolean> {
    const chat = await references.at(directTo(scene.account)).catch(() => undefined)
    if (!chat?.conversation) return false
    for (const view of views) {
      const sent = bot.send(chat.serviceUrl, chat.conversation, renderMessage(view))
      if (!(await tried('private answer', sent))) return false
    }
    return true
  }

  async function onMessage(activity: Activity, scene: Scene): Promise<TurnResult> {
    // In channels, what does not address us is not read, not even for its sender.
    if (!addressed(activity, scene.personal) || activity.value !== undefined) return DONE
    await tried('learn', references.learn(scene, activity))
    const reply = await ask(scene, { kind: 'command', text: typedText(activity) }, false)
    const here = (view: View): Promise<unknown> =>
      bot.send(activity.serviceUrl, activity.conversation.id, renderMessage(view))
    if (reply.update) await tried('answer', here(reply.update))
    // That something went wrong is no secret, and the way to the personal chat may be what is missing.
    if (scene.personal || reply.failed) {
      for (const view of privateViews(reply, scene)) await tried('answer', here(view))
      return DONE
    }
    const { form, ...rest } = reply
    // A form may be about the channel it was asked for in: opened elsewhere, it would not know. The button tells nothing.
    if (form) await tried('answer', here(inviteTo(form, scene)))
    const views = privateViews(rest, scene)
    if (views.length > 0 && !(await toPersonalChat(views, scene))) {
      const text = texts.in(scene.locale).t('teams:openPersonalChat')
      await tried('answer', here({ summary: text, blocks: [{ type: 'text', text }] }))
    }
    return DONE
  }

  /** Replaces the message for everybody who sees it. */
  async function replace(
    activity: Activity,
    messageId: string | undefined,
    view: View | undefined,
  ): Promise<void> {
    if (!view || !messageId) return
    const posted = { conversationId: activity.conversation.id, activityId: messageId }
    await tried('update', bot.update(activity.serviceUrl, posted, renderMessage(view)))
  }

  async function onExecute(activity: Activity, scene: Scene): Promise<TurnResult> {
    const action = readExecute(activity.value)
    if (!action) return { status: 400 }
    const reply = await ask(scene, { kind: 'press', action }, false)
    await replace(activity, activity.replyToId, reply.update)
    const views = privateViews(reply, scene)
    const [first] = views
    const line = views.length === 1 && first ? asLine(first) : undefined
    // In a channel a short word needs no message elsewhere; beside a new card the answer has no room for it.
    if (line !== undefined && !reply.update && !scene.personal) return { status: 200, body: popUp(line) }
    const told = views.length === 0 || (await toPersonalChat(views, scene))
    if (!told)
      return { status: 200, body: popUp(line ?? texts.in(scene.locale).plain('teams:openPersonalChat')) }
    if (reply.update) return { status: 200, body: cardAnswer(renderMessage(reply.update)) }
    // Teams takes an empty answer for a failure, says so, and asks again.
    const t = texts.in(scene.locale)
    return {
      status: 200,
      body: popUp(views.length > 0 ? t.plain('teams:answered') : t.plain('teams:arrived')),
    }
  }

  /** What a dialog shows next. */
  function dialogAnswer(reply: Reply, message: string | undefined): InvokeBody {
    if (reply.form) return formDialog(reply.form, { message })
    const view = reply.notice ?? reply.home
    return view ? viewDialog(view, message) : closed
  }

  async function onTaskFetch(activity: Activity, scene: Scene): Promise<TurnResult> {
    const action = readTaskFetch(activity.value)
    if (!action) return { status: 400 }
    const reply = await ask(scene, { kind: 'press', action }, true)
    await replace(activity, activity.replyToId, reply.update)
    const message = activity.replyToId && seal.close(activity.conversation.id, activity.replyToId)
    return { status: 200, body: dialogAnswer(reply, message) }
  }

  async function onTaskSubmit(activity: Activity, scene: Scene): Promise<TurnResult> {
    const submission = readSubmission(activity.value)
    if (!submission) return { status: 400 }
    if (submission.kind === 'cancel') return { status: 200, body: closed }
    const { action, message } = submission
    const reply =
      submission.kind === 'press'
        ? await ask(scene, { kind: 'press', action }, true)
        : await ask(scene, { kind: 'submit', action, values: submission.values }, true)
    if (submission.kind === 'submit' && reply.errors) {
      // Teams closes the dialog with every submission: the form is asked for again, and shown with what was typed.
      const again = reply.form
        ? reply
        : await ask(scene, { kind: 'press', action: submission.openedBy }, true, '|again')
      const { errors } = reply
      const body = again.form
        ? formDialog(again.form, { errors, values: submission.values, message })
        : dialogAnswer(again, message)
      return { status: 200, body }
    }
    await replace(activity, seal.open(activity.conversation.id, message), reply.update)
    return { status: 200, body: dialogAnswer(reply, message) }
  }

  async function onInvoke(activity: Activity, scene: Scene): Promise<TurnResult> {
    const handlers: Record<string, typeof onExecute> = {
      'adaptiveCard/action': onExecute,
      'task/fetch': onTaskFetch,
      'task/submit': onTaskSubmit,
    }
    const handler = Object.hasOwn(handlers, activity.name ?? '') ? handlers[activity.name ?? ''] : undefined
    if (!handler) return { status: 501 }
    await tried('learn', references.learn(scene, activity))
    return handler(activity, scene)
  }

  async function onMembers(activity: Activity, scene: Scene): Promise<TurnResult> {
    if (isBotIn(activity.membersRemoved, activity)) await references.forget(scene, activity)
    if (!isBotIn(activity.membersAdded, activity)) return DONE
    await tried('learn', references.learn(scene, activity))
    if (!scene.personal) return DONE
    const reply = await ask(scene, { kind: 'home' }, false)
    for (const view of privateViews(reply, scene)) {
      await tried('greeting', bot.send(activity.serviceUrl, activity.conversation.id, renderMessage(view)))
    }
    return DONE
  }

  async function onInstallation(activity: Activity, scene: Scene): Promise<TurnResult> {
    if (activity.action?.startsWith('remove')) await references.forget(scene, activity)
    else await tried('learn', references.learn(scene, activity))
    return DONE
  }

  return async (activity, tenant) => {
    const scene = sceneOf(activity, tenant)
    switch (activity.type) {
      case 'message':
        return onMessage(activity, scene)
      case 'invoke':
        return onInvoke(activity, scene)
      case 'conversationUpdate':
        return onMembers(activity, scene)
      case 'installationUpdate':
        return onInstallation(activity, scene)
      default:
        return DONE
    }
  }
}
