import type { Conversation, Incoming, Reply } from '../../src/conversation/port.ts'
import { directTo } from '../../src/kernel/address.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import type { Texts } from '../../src/i18n/texts.ts'
import { escapeMarkdown } from '../../src/views/markdown.ts'
import type { Block, Form, View } from '../../src/views/view.ts'
import { addressed, isBotIn, sceneOf, typedText, type Activity, type Scene } from './activity.ts'
import {
  asLine,
  cardAnswer,
  closed,
  formDialog,
  popUp,
  reopenMessage,
  resendDialog,
  viewDialog,
  type InvokeBody,
} from './answers.ts'
import type { BotFramework } from './bot-framework.ts'
import type { AdaptiveCard } from './card.ts'
import { readExecute, readSubmission, readTaskFetch, type Submitted } from './codec.ts'
import type { References } from './references.ts'
import { renderMessage } from './render.ts'
import type { Seal } from './seal.ts'

/** What a turn ends with; `body` is sent only where Teams waits for an answer. */
export interface TurnResult {
  status: 200 | 400 | 501 | 503
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
  /** For what Teams need not wait for. */
  later(work: Promise<unknown>): void
}): (activity: Activity, tenant: string) => Promise<TurnResult> {
  const { conversation, bot, references, seal, texts, log, later } = deps

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
  async function cardsToPersonalChat(cards: AdaptiveCard[], scene: Scene): Promise<boolean> {
    const chat = await references.at(directTo(scene.account)).catch(() => undefined)
    if (!chat?.conversation) return false
    for (const card of cards) {
      if (!(await tried('private answer', bot.send(chat.serviceUrl, chat.conversation, card)))) return false
    }
    return true
  }
  const toPersonalChat = (views: View[], scene: Scene): Promise<boolean> =>
    cardsToPersonalChat(views.map(renderMessage), scene)

  /** What is said where the answer takes longer: in Teams it can only follow beside. */
  function slow(scene: Scene): View {
    const t = texts.in(scene.locale)
    return { summary: t.plain('teams:slow'), blocks: [{ type: 'text', text: t.t('teams:slow') }] }
  }

  /** Shows what came of a request that has been acknowledged already. */
  function follow(reply: Reply, show: (whole: Reply) => Promise<unknown>): void {
    const work = async (): Promise<void> => {
      const whole = await reply.later
      if (whole) await show(whole)
    }
    later(work())
  }

  /** As `follow`, for what was pressed or sent off. */
  const followInvoke = (
    activity: Activity,
    scene: Scene,
    messageId: string | undefined,
    reply: Reply,
  ): void =>
    follow(reply, async (whole) => {
      await replace(activity, messageId, whole.update)
      await toPersonalChat(privateViews(whole, scene), scene)
    })

  async function onMessage(activity: Activity, scene: Scene): Promise<TurnResult> {
    // In channels, what does not address us is not read, not even for its sender.
    if (!addressed(activity, scene.personal) || activity.value !== undefined) return DONE
    await tried('learn', references.learn(scene, activity))
    const reply = await ask(scene, { kind: 'command', text: typedText(activity) }, false)
    if (reply.later) follow(reply, (whole) => answerHere(activity, scene, whole))
    else await answerHere(activity, scene, reply)
    // Another process is at it, or has just died: Teams may ask again.
    return reply.failed && !reply.notice ? { status: 503 } : DONE
  }

  async function answerHere(activity: Activity, scene: Scene, reply: Reply): Promise<void> {
    const here = (view: View): Promise<unknown> =>
      bot.send(activity.serviceUrl, activity.conversation.id, renderMessage(view))
    if (reply.update) await tried('answer', here(reply.update))
    // That something went wrong is no secret, and the way to the personal chat may be what is missing.
    if (scene.personal || reply.failed) {
      for (const view of privateViews(reply, scene)) await tried('answer', here(view))
      return
    }
    const { form, ...rest } = reply
    // A form may be about the channel it was asked for in: opened elsewhere, it would not know. The button tells nothing.
    if (form) await tried('answer', here(inviteTo(form, scene)))
    const views = privateViews(rest, scene)
    if (views.length > 0 && !(await toPersonalChat(views, scene))) {
      const text = texts.in(scene.locale).t('teams:openPersonalChat')
      await tried('answer', here({ summary: text, blocks: [{ type: 'text', text }] }))
    }
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
    if (reply.later) {
      followInvoke(activity, scene, activity.replyToId, reply)
      return { status: 200, body: popUp(slow(scene).summary) }
    }
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
    const pressed = readTaskFetch(activity.value)
    if (!pressed) return { status: 400 }
    const reply = await ask(scene, { kind: 'press', action: pressed.action }, true)
    const message = activity.replyToId && seal.close(activity.conversation.id, activity.replyToId)
    if (reply.later) {
      followInvoke(activity, scene, activity.replyToId, reply)
      return { status: 200, body: viewDialog(slow(scene), message) }
    }
    await replace(activity, activity.replyToId, reply.update)
    const body =
      reply.form && pressed.filled
        ? formDialog(reply.form, { values: pressed.filled, message })
        : dialogAnswer(reply, message)
    return { status: 200, body }
  }

  async function onTaskSubmit(activity: Activity, scene: Scene): Promise<TurnResult> {
    const submission = readSubmission(activity.value)
    if (!submission) return { status: 400 }
    if (submission.kind === 'cancel') return { status: 200, body: closed }
    if (submission.kind === 'submit') return onForm(submission, activity, scene)
    const { action, message } = submission
    const reply = await ask(scene, { kind: 'press', action }, true)
    const opener = seal.open(activity.conversation.id, message)
    if (reply.later) {
      followInvoke(activity, scene, opener, reply)
      return { status: 200, body: viewDialog(slow(scene), message) }
    }
    await replace(activity, opener, reply.update)
    return { status: 200, body: dialogAnswer(reply, message) }
  }

  async function onForm(submitted: Submitted, activity: Activity, scene: Scene): Promise<TurnResult> {
    const { action, values, message } = submitted
    const reply = await ask(scene, { kind: 'submit', action, values }, true)
    const opener = seal.open(activity.conversation.id, message)
    if (reply.later) {
      follow(reply, async (whole) => {
        if (whole.errors) return cardsToPersonalChat([mistakesIn(submitted, whole.errors, scene)], scene)
        await replace(activity, opener, whole.update)
        return toPersonalChat(privateViews(whole, scene), scene)
      })
      return { status: 200, body: viewDialog(slow(scene), message) }
    }
    if (reply.failed) return { status: 200, body: resend(reply, submitted, scene) }
    if (reply.errors) return { status: 200, body: await formAgain(reply, submitted, scene) }
    await replace(activity, opener, reply.update)
    return { status: 200, body: dialogAnswer(reply, message) }
  }

  /** Teams closes the dialog with every submission: the form is asked for again, and shown with what was typed. */
  async function formAgain(
    reply: Reply,
    { openedBy, values, message }: Submitted,
    scene: Scene,
  ): Promise<InvokeBody> {
    const press = { kind: 'press', action: openedBy } as const
    const first = reply.form ? reply : await ask(scene, press, true, '|again')
    const again = (await first.later) ?? first
    const { errors } = reply
    return again.form ? formDialog(again.form, { errors, values, message }) : dialogAnswer(again, message)
  }

  function resend({ notice }: Reply, submitted: Submitted, scene: Scene): InvokeBody {
    const t = texts.in(scene.locale)
    const kept: Block = { type: 'text', text: t.t('teams:kept') }
    const view = { summary: t.plain('teams:sendAgain'), blocks: [...(notice?.blocks ?? []), kept] }
    return resendDialog(view, t.plain('teams:sendAgain'), submitted)
  }

  function mistakesIn(submitted: Submitted, errors: Record<string, string>, scene: Scene): AdaptiveCard {
    const t = texts.in(scene.locale)
    const lines = Object.values(errors).map((error) => `- ${escapeMarkdown(error)}`)
    const text = [t.t('teams:notTaken'), ...lines].join('\n')
    const view: View = { summary: t.plain('teams:notTaken'), blocks: [{ type: 'text', text }] }
    return reopenMessage(view, t.plain('teams:open'), submitted)
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
