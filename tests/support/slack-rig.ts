import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSlackAdapter, type SlackAdapter, type SlackSettings } from '../../adapters/slack/slack.ts'
import type { Incoming, Reply } from '../../src/conversation/port.ts'
import { loadTexts } from '../../src/i18n/texts.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { openStore } from '../../src/store/connect.ts'
import type { View } from '../../src/views/view.ts'
import { startSlack } from './slack-server.ts'

export const texts = await loadTexts('locales')

export const text = (content: string): View => ({
  summary: content,
  blocks: [{ type: 'text', text: content }],
})

export const question: View = {
  summary: 'A question',
  blocks: [
    { type: 'text', text: 'Ready?' },
    { type: 'buttons', buttons: [{ label: 'Yes', action: { name: 'demo.yes', args: { id: 'g1' } } }] },
  ],
}

export const place = { platform: 'slack', tenant: 'T0CITY', kind: 'channel', id: 'C0TEAM' } as const

export type Rig = Awaited<ReturnType<typeof startRig>>

/**
 * The Slack adapter on a real port, between the test server and a conversation that says what a test tells it to:
 * one workspace, Aylin (German) and Jonas (English), one channel.
 */
export async function startRig(settings: Partial<SlackSettings> = {}) {
  const store = await openStore({ dataFolder: ':memory:' })
  const slack = await startSlack()
  slack.workspace('T0CITY')
  const aylin = slack.user('U0AYLIN', { team: 'T0CITY', locale: 'de-DE', zone: 'Europe/Berlin' })
  const jonas = slack.user('U0JONAS', { team: 'T0CITY' })
  const team = slack.channel('C0TEAM', { team: 'T0CITY', members: [aylin, jonas] })
  let server: Server
  let logged = ''

  const rig = {
    slack,
    store,
    aylin,
    jonas,
    team,
    /** Everything the conversation was handed. */
    heard: [] as Incoming[],
    /** What it replies. */
    reply: (_incoming: Incoming): Reply | Promise<Reply> => ({}),
    adapter: undefined as unknown as SlackAdapter,
    logged: () => logged,
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Starts the app again, with other settings on the same store. */
    async restart(other: Partial<SlackSettings>): Promise<void> {
      await stop()
      await start(other)
    },
    async close(): Promise<void> {
      await stop()
      await slack.close()
      await store.close()
    },
  }

  async function start(more: Partial<SlackSettings>): Promise<void> {
    const conversation = {
      handle: async (incoming: Incoming): Promise<Reply> => {
        rig.heard.push(incoming)
        return rig.reply(incoming)
      },
    }
    rig.adapter = createSlackAdapter(
      { signingSecret: slack.signingSecret, apiUrl: slack.apiUrl, botToken: 'xoxb-T0CITY-test', ...more },
      {
        conversation,
        clock: systemClock,
        db: store.db,
        log: createLogger('debug', { write: (line) => void (logged += line) }),
        texts,
      },
    )
    server = createServer(rig.adapter.listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    slack.connect(rig.url(), rig.adapter.idle)
  }

  async function stop(): Promise<void> {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rig.adapter.stop()
  }

  await start(settings)
  return rig
}
