import { App, HTTPReceiver, LogLevel } from '@slack/bolt'
import { createSlackAdapter } from '../../adapters/slack/slack.ts'
import { startSlack } from '../../tests/support/slack-server.ts'
import { createAnswering } from './answering.ts'
import { startGenerator, type Load } from './generator.ts'
import type { Sample } from './row.ts'
import { serve } from './world.ts'

const PATH = '/slack/events'
const CONNECTIONS = 50

/** Linkpin's Slack adapter, and Bolt alone with handlers that do nothing but acknowledge. */
export async function openSlackPair() {
  const slack = await startSlack()
  const { token } = slack.workspace('T0SMALL')
  const { signingSecret, apiUrl } = slack
  const answering = await createAnswering()
  const adapter = createSlackAdapter({ signingSecret, apiUrl, botToken: token }, answering)
  const ids = answering.members
    .flatMap(({ accounts }) => accounts)
    .filter(({ platform }) => platform === 'slack')
    .map(({ userId }) => userId)
  for (const id of ids) slack.user(id, { team: 'T0SMALL' })
  const [ours, floor] = [await serve(adapter.listener), await serve(bareBolt(signingSecret))]
  const generator = startGenerator()
  const send = async (url: string, kind: Load['kind'], count: number): Promise<Sample> => {
    const load = {
      url: url + PATH,
      kind,
      count,
      connections: CONNECTIONS,
      secret: signingSecret,
      people: ids,
    }
    const sample = await generator.send(load)
    await adapter.idle()
    return sample
  }
  return {
    ours: (kind: Load['kind'], count: number) => send(ours.url, kind, count),
    floor: (kind: Load['kind'], count: number) => send(floor.url, kind, count),
    answers: () => answering.answers.countDocuments({}),
    async close() {
      await Promise.all([ours.close(), floor.close(), generator.close()])
      await adapter.stop()
      await slack.close()
      await answering.close()
    },
  }
}

function bareBolt(signingSecret: string): HTTPReceiver['requestListener'] {
  const receiver = new HTTPReceiver({ signingSecret, endpoints: PATH, logLevel: LogLevel.ERROR })
  const app = new App({
    receiver,
    logLevel: LogLevel.ERROR,
    convoStore: false,
    authorize: async () => ({ botToken: 'xoxb-1', botId: 'B0', botUserId: 'U0' }),
  })
  app.action(/.*/, async ({ ack }) => ack())
  app.event('message', async () => {})
  return (request, response) => receiver.requestListener(request, response)
}
