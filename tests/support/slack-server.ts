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
import { createApiListener } from './slack-http.ts'
import { createPeople, type Answer } from './slack-people.ts'
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

  const people = createPeople(world, url, post)

  return {
    url,
    apiUrl: `${url}/api/`,
    signingSecret,
    violations: world.violations,
    /** Every call of the Web API so far. */
    calls: world.calls,
    /** What was uploaded. */
    files: () => [...world.files.values()],

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

    ...people,

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
      const workspace = world.workspaces.get(team)
      if (workspace) workspace.installed = false
      return people.event(team, { type: 'app_uninstalled' })
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
      return { ...next, status: page.status, html: await page.text() }
    },
    post,
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
