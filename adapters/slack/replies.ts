import type { Logger } from '../../src/kernel/logger.ts'
import { directTo } from '../../src/kernel/address.ts'
import type { Translator } from '../../src/i18n/texts.ts'
import type { Reply } from '../../src/conversation/port.ts'
import type { Form, View } from '../../src/views/view.ts'
import type { Origin } from './codec.ts'
import type { DirectChats } from './direct.ts'
import type { Pictures } from './pictures.ts'
import { bringFiles } from './files.ts'
import { renderForm, renderHome, type Content } from './render.ts'
import type { Request } from './requests.ts'
import type { Workspace } from './workspaces.ts'

/** Where a form was opened, remembered in the form. A message for one person alone cannot be updated later. */
export const originOf = ({ team, channel, message }: Request): Origin => ({
  team,
  ...(message && !message.ephemeral ? { channel: message.channel, message: message.ts } : { channel }),
})

/** What keeps Slack from reading anything in a message as a mention or a link. */
export const LITERAL = { link_names: false, parse: 'none', unfurl_links: false, unfurl_media: false } as const

/** Shows replies in Slack. What fails is logged with ids; the person can always press or type again. */
export function createReplies(deps: { pictures: Pictures; direct: DirectChats; log: Logger }) {
  const { pictures, direct, log } = deps

  async function respond({ responseUrl }: Request, content: Content, more: object): Promise<void> {
    if (!responseUrl) throw new Error('there is no response_url')
    const response = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...content, ...LITERAL, ...more }),
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok) throw new Error(`the response_url answered ${response.status}`)
  }

  /** To this person only: beside the conversation where that is possible, else in the direct chat. */
  async function whisper(workspace: Workspace, request: Request, view: View, t: Translator): Promise<void> {
    const { channel, thread, message, responseUrl, incoming } = request
    const chat = (): Promise<string> => direct.open(workspace, directTo(incoming.account))
    const shown = await bringFiles(workspace, view, chat, { t, log })
    await pictures.send(workspace, shown, async (content) => {
      if (responseUrl && (channel || !message || message.ephemeral)) {
        return respond(request, content, { response_type: 'ephemeral', replace_original: false })
      }
      if (channel) {
        const at = { channel, user: incoming.account.userId, ...(thread && { thread_ts: thread }) }
        try {
          return void (await workspace.client.chat.postEphemeral({ ...at, ...content, ...LITERAL }))
        } catch (error) {
          // A form can be opened by a command in a channel that Linkpin is no member of.
          log.info({ team: request.team, err: error }, 'not shown in the channel: sent to the direct chat')
        }
      }
      await workspace.client.chat.postMessage({ channel: await chat(), ...content, ...LITERAL })
    })
  }

  /** @returns false where there is no message to replace */
  async function replace(workspace: Workspace, request: Request, view: View): Promise<boolean> {
    const { message } = request
    if (!message) return false
    await pictures.send(workspace, view, async (content) =>
      message.ephemeral
        ? respond(request, content, { replace_original: true })
        : void (await workspace.client.chat.update({
            channel: message.channel,
            ts: message.ts,
            ...content,
            link_names: false,
            parse: 'none',
          })),
    )
    return true
  }

  async function open(workspace: Workspace, request: Request, form: Form, t: Translator): Promise<void> {
    if (request.trigger) {
      try {
        const view = renderForm(form, originOf(request))
        return void (await workspace.client.views.open({ trigger_id: request.trigger, view }))
      } catch (error) {
        log.warn({ team: request.team, err: error }, 'a form could not be opened: offered as a button')
      }
    }
    await whisper(workspace, request, offer(form, t), t)
  }

  return {
    /** Shows everything of a reply except mistakes, which only a form can show. */
    async show(reply: Reply, workspace: Workspace, request: Request, t: Translator): Promise<void> {
      const { form, update, notice, home } = reply
      const tried = async (what: string, step: () => Promise<unknown>): Promise<void> => {
        try {
          await step()
        } catch (error) {
          log.error({ team: request.team, what, err: error }, 'a reply could not be shown')
        }
      }
      // First what is in a hurry: a dialog opens within three seconds or not at all.
      if (form) await tried('form', () => open(workspace, request, form, t))
      if (update) {
        await tried('update', async () => {
          if (!(await replace(workspace, request, update))) await whisper(workspace, request, update, t)
        })
      }
      if (notice) await tried('notice', () => whisper(workspace, request, notice, t))
      if (home) {
        const { userId } = request.incoming.account
        await tried('home', () => workspace.client.views.publish({ user_id: userId, view: renderHome(home) }))
      }
    },
  }
}

/** A form where no dialog can open by itself: what it is, and a button that opens it. */
const offer = (form: Form, t: Translator): View => ({
  summary: form.title,
  blocks: [
    { type: 'heading', text: form.title },
    ...(form.intro ? [{ type: 'text' as const, text: form.intro }] : []),
    {
      type: 'buttons',
      buttons: [
        { label: t.plain('slack:openForm'), action: form.openedBy, opensForm: true, style: 'primary' },
      ],
    },
  ],
})
