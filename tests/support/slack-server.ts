/**
 * A Slack of our own, for tests: its Web API over real HTTP, as strict as the real one, and the people in front of it.
 *
 *   const slack = await startSlack()
 *   const city = slack.workspace('T0CITY')                          // Linkpin is installed: city.token
 *   const aylin = slack.user('U0AYLIN', { team: 'T0CITY', locale: 'de-DE', zone: 'Europe/Berlin' })
 *   const channel = slack.channel('C0TEAM', { team: 'T0CITY', members: [aylin] })
 *   const adapter = createSlackAdapter({ signingSecret: slack.signingSecret, botToken: city.token, apiUrl: slack.apiUrl }, ...)
 *   slack.connect(appUrl, adapter.idle)                             // where the app listens
 *
 *   await slack.command(aylin, channel, '/linkpin help')            // also: mention, dm, openHome
 *   await slack.press(slack.messages(channel).at(-1), 'Yes', aylin) // a button, or an option of a menu, by its label
 *   const modal = slack.modals(aylin).at(-1)
 *   await slack.fill(modal, { 'What changed?': 'A lot' }).submit()  // modal.errors, modal.open say what came of it
 *
 * Every request is signed, and each call above returns when the app has answered and (`idle`) shown what follows.
 * `messages(channel)` is what everybody in a channel sees, `direct(user)` a direct chat, `ephemerals(user)` what one
 * person alone sees, `modals(user)` and `home(user)` the rest; `read(...)` gives the plain text of any of them.
 * `violations` lists everything real Slack would have refused: a story ends with `expect(slack.violations).toEqual([])`.
 * `fail('chat.postMessage', { status: 429, retryAfter: 7 })` lets the next call go wrong; `uninstall(team)` and
 * `authorise(appUrl, team)` play the life of an installation; `post` sends any bytes, signed or not.
 */
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { textsOf, type Json } from './slack-blocks.ts'
import { fillModal } from './slack-form.ts'
import { createApiListener } from './slack-http.ts'
import { createWorld, directId } from './slack-world.ts'
import type {
  Fault,
  SlackChannel,
  SlackHome,
  SlackMessage,
  SlackModal,
  SlackUser,
  SlackWorkspace,
} from './slack-world.ts'

export type { SlackChannel, SlackHome, SlackMessage, SlackModal, SlackUser, SlackWorkspace }

export interface Answer {
  status: number
  body: Json | undefined
}

export type Slack = Awaited<ReturnType<typeof startSlack>>

/** Starts the test server on a free port. */
export async function startSlack() {
  const world = createWorld()
  const faults = new Map<string, Fault[]>()
  const server = createServer(createApiListener(world, faults))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const signingSecret = 'test-signing-secret'
  let app = { url: '', idle: async (): Promise<void> => {} }

  /** Sends bytes to the app's one endpoint; `headers` take the place of the right ones, null leaves them out. */
  async function post(
    body: string,
    contentType = 'application/json',
    headers: Record<string, string | null> = {},
  ): Promise<Answer> {
    const timestamp = headers['x-slack-request-timestamp'] ?? String(Math.floor(Date.now() / 1000))
    const signature = `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`
    const all = {
      'content-type': contentType,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature,
      ...headers,
    }
    const response = await fetch(`${app.url}/slack/events`, {
      method: 'POST',
      body,
      headers: Object.entries(all).filter((header): header is [string, string] => header[1] !== null),
    })
    const text = await response.text()
    await app.idle()
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Json) : undefined }
  }

  const form = (fields: Record<string, string>): Promise<Answer> =>
    post(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded')
  const interact = (payload: Json): Promise<Answer> => form({ payload: JSON.stringify(payload) })

  const trigger = (team: string, user: SlackUser): string => {
    const id = world.next('13345224609.')
    world.triggers.set(id, { team, user: user.id, until: Date.now() + 3000 })
    return id
  }
  const responseUrl = (team: string, user: SlackUser, channel: string, ts?: string): string => {
    const id = world.next('R')
    world.responses.set(id, { channel, team, user: user.id, ts, uses: 0 })
    return `${url}/respond/${id}`
  }

  /** An event as Slack wraps it, for the workspace Linkpin is installed in. */
  const event = (team: string, inner: Json, id = world.next('Ev')): Promise<Answer> =>
    post(
      JSON.stringify({
        type: 'event_callback',
        team_id: team,
        api_app_id: 'A0LINKPIN',
        event_id: id,
        event_time: 1_790_000_000,
        authorizations: [{ team_id: team, user_id: world.workspaces.get(team)?.botUserId, is_bot: true }],
        event: inner,
      }),
    )

  const person = (user: SlackUser): Json => ({ id: user.id, team_id: user.team, username: user.name })

  return {
    url,
    apiUrl: `${url}/api/`,
    signingSecret,
    violations: world.violations,
    /** Every call of the Web API so far. */
    calls: world.calls,

    workspace(id: string, installed = true): SlackWorkspace {
      const own = { botId: `B${id.slice(1)}`, botUserId: `UBOT${id.slice(1)}` }
      const workspace = { id, token: `xoxb-${id}-test`, installed, ...own }
      world.workspaces.set(id, workspace)
      return workspace
    },
    user(id: string, more: { team: string } & Partial<SlackUser>): SlackUser {
      const user = { id, name: id.toLowerCase(), locale: 'en-GB', zone: 'Europe/Brussels', ...more }
      world.users.set(id, user)
      return user
    },
    /** A channel Linkpin was invited to (`bot: false`: was not). People of other workspaces make it a shared one. */
    channel(
      id: string,
      more: { team: string; members: SlackUser[]; name?: string; bot?: boolean },
    ): SlackChannel {
      const bot = more.bot === false ? [] : [world.workspaces.get(more.team)?.botUserId ?? '']
      const members = new Set([...more.members.map((user) => user.id), ...bot])
      const channel = { id, team: more.team, name: more.name ?? id.toLowerCase(), members }
      world.channels.set(id, channel)
      return channel
    },
    connect(appUrl: string, idle?: () => Promise<void>): void {
      app = { url: appUrl, idle: idle ?? (async () => {}) }
    },

    /** `/linkpin ...` in a channel, or in the direct chat where none is given. */
    command(user: SlackUser, channel: SlackChannel | undefined, typed: string): Promise<Answer> {
      const [command = '', ...rest] = typed.split(' ')
      const at = channel?.id ?? directId(user.team, user.id)
      return form({
        command,
        text: rest.join(' ').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
        team_id: user.team,
        user_id: user.id,
        user_name: user.name,
        channel_id: at,
        channel_name: channel?.name ?? 'directmessage',
        trigger_id: trigger(user.team, user),
        response_url: responseUrl(user.team, user, at),
      })
    },
    /** "@Linkpin ..." in a channel. */
    mention(
      user: SlackUser,
      channel: SlackChannel,
      text: string,
      more: Json = {},
      eventId?: string,
    ): Promise<Answer> {
      const bot = world.workspaces.get(channel.team)?.botUserId
      const own = { type: 'app_mention', user: user.id, team: user.team, ts: world.ts(), channel: channel.id }
      return event(channel.team, { ...own, text: `<@${bot}> ${text}`, ...more }, eventId)
    },
    /** A message in the direct chat with Linkpin. */
    dm(user: SlackUser, text: string, more: Json = {}): Promise<Answer> {
      const own = {
        type: 'message',
        channel_type: 'im',
        user: user.id,
        team: user.team,
        ts: world.ts(),
        text,
      }
      return event(user.team, { ...own, channel: directId(user.team, user.id), ...more })
    },
    /** Opens Linkpin's Home tab. */
    openHome: (user: SlackUser): Promise<Answer> =>
      event(user.team, {
        type: 'app_home_opened',
        user: user.id,
        tab: 'home',
        channel: directId(user.team, user.id),
      }),
    event,

    /** Presses what carries a label (its tick aside): a button, or an option of a menu. */
    press(on: SlackMessage | SlackHome | undefined, label: string, user: SlackUser): Promise<Answer> {
      if (!on) throw new Error(`there is nothing to press "${label}" on`)
      const home = 'view' in on
      if (!home && on.onlyFor && on.onlyFor !== user.id)
        throw new Error(`${user.id} does not see this message`)
      const blocks = home ? (on.view.blocks as Json[]) : on.blocks
      const action = findAction(blocks, label)
      const at = home ? undefined : on.channel
      return interact({
        type: 'block_actions',
        team: { id: on.team },
        user: person(user),
        api_app_id: 'A0LINKPIN',
        trigger_id: trigger(on.team, user),
        container: home
          ? { type: 'view', view_id: 'V0HOME' }
          : {
              type: 'message',
              message_ts: on.ts,
              channel_id: at,
              is_ephemeral: Boolean(on.onlyFor),
              thread_ts: on.thread,
            },
        ...(home
          ? { view: on.view }
          : {
              channel: { id: at },
              message: { ts: on.ts, team: on.team },
              response_url: responseUrl(on.team, user, on.channel, on.ts),
            }),
        actions: [action],
      })
    },
    /** Fills in a dialog by the labels of its fields; `submit()` sends it and gives the dialog as it is then. */
    fill(modal: SlackModal | undefined, values: Record<string, string | string[]>) {
      if (!modal) throw new Error('there is no dialog to fill in')
      return fillModal(world, modal, values, async ({ id, team, user, view, hash }, state) => {
        const who = world.users.get(user)!
        const sent = { ...view, id, hash, state, team_id: team, app_installed_team_id: team }
        const payload = {
          type: 'view_submission',
          team: { id: who.team },
          user: person(who),
          trigger_id: trigger(team, who),
        }
        const { status, body } = await interact({ ...payload, view: sent })
        if (status !== 200) throw new Error(`Slack shows "trouble connecting": ${status}`)
        return body
      })
    },

    messages: (channel: SlackChannel): SlackMessage[] =>
      world.messages.filter((message) => message.channel === channel.id && !message.onlyFor),
    /** The direct chat of a user with the bot of a workspace; their own where none is given. */
    direct: (user: SlackUser, team = user.team): SlackMessage[] =>
      world.messages.filter((message) => message.channel === directId(team, user.id) && !message.onlyFor),
    ephemerals: (user: SlackUser): SlackMessage[] =>
      world.messages.filter(({ onlyFor }) => onlyFor === user.id),
    modals: (user: SlackUser): SlackModal[] =>
      world.modals.filter((modal) => modal.user === user.id && modal.open),
    home: (user: SlackUser): SlackHome | undefined => world.homes.get(user.id),
    /** Everything a message, dialog or Home tab shows, as lines of plain text. */
    read(what: SlackMessage | SlackModal | SlackHome | undefined): string {
      if (!what) return ''
      return [...textsOf('view' in what ? [what.view.title, what.view.blocks] : what.blocks)].join('\n')
    },

    /** Lets the next calls of a method go wrong, one after the other. */
    fail(method: string, ...next: Fault[]): void {
      faults.set(method, [...(faults.get(method) ?? []), ...next])
    },
    async uninstall(team: string): Promise<Answer> {
      world.workspaces.get(team)!.installed = false
      return event(team, { type: 'app_uninstalled' })
    },
    /** "Add to Slack" in a browser: from the app's page through Slack's back to the app's. Returns the last page. */
    async authorise(
      team: string,
      change: (back: URL, cookie: string) => { back: URL; cookie: string } = (back, cookie) => ({
        back,
        cookie,
      }),
    ) {
      const start = await fetch(`${app.url}/slack/install`, { redirect: 'manual' })
      const asked = await fetch(`${start.headers.get('location')}&team=${team}`, { redirect: 'manual' })
      const cookie = (start.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      const returned = new URL(asked.headers.get('location') ?? '')
      // Back to where the app listens, whatever public name it has.
      const next = change(new URL(returned.pathname + returned.search, app.url), cookie)
      const page = await fetch(next.back, { headers: { cookie: next.cookie, 'accept-language': 'de' } })
      return { status: page.status, html: await page.text(), ...next }
    },
    post,
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function findAction(blocks: Json[], label: string): Json {
  const same = (text: unknown): boolean => String((text as Json).text).replace(/^✓ /, '') === label
  const elements = blocks
    .filter(({ type }) => type === 'actions')
    .flatMap((block) => block.elements as Json[])
  for (const { type, text, action_id, value, options } of elements) {
    if (type === 'button' && same(text)) return { type, action_id, value, action_ts: '1' }
    const option = ((options ?? []) as Json[]).find((one) => same(one.text))
    if (option) return { type, action_id, selected_option: option, action_ts: '1' }
  }
  throw new Error(`nothing to press is called "${label}": ${[...textsOf(elements)].join(', ')}`)
}
