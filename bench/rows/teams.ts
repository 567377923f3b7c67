import { randomUUID } from 'node:crypto'
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder'
import express, { type RequestHandler } from 'express'
import { createTeamsAdapter } from '../../adapters/teams/teams.ts'
import { startConnector } from '../../tests/support/teams-connector.ts'
import { createAnswering } from '../support/answering.ts'
import { startGenerator } from '../support/generator.ts'
import { inWords, sideBySide, type Row, type Sample } from '../support/row.ts'
import { serve } from '../support/world.ts'

const APP_ID = '11111111-2222-4333-8444-555555555555'
const CONNECTIONS = 50

export const teamsSubmit: Row = {
  bot: 'Teams card submit, same work',
  against: 'bare CloudAdapter with its token check',
  target: '>= 0.7; p99 <= 1.5 x',
  async measure(size) {
    const pair = await openPair()
    try {
      const ratios = await sideBySide(size, {
        ours: () => pair.send('ours', size.of(2000)),
        floor: () => pair.send('floor', size.of(2000)),
      })
      if ((await pair.answers()) === 0) throw new Error('no answer was stored')
      return {
        measured: `${inWords(ratios)}; p99 ${ratios.p99.toFixed(1)} x`,
        met: ratios.median >= 0.7 && ratios.p99 <= 1.5,
      }
    } finally {
      await pair.close()
    }
  },
}

async function openPair() {
  const { tokens, host, serviceUrl, ...connector } = await startConnector(APP_ID)
  const answering = await createAnswering()
  const { authority, credentialsFactory } = tokens
  const settings = { appId: APP_ID, appPassword: 'password', authority, credentialsFactory }
  const adapter = createTeamsAdapter({ ...settings, serviceUrlHosts: [host] }, answering)
  const bare = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(authority, credentialsFactory))
  const ours = await serve(web(adapter.handler))
  const floor = await serve(
    web((request, response) =>
      bare.process(request, response, async (context) => {
        await context.sendActivity({ type: 'invokeResponse', value: { status: 200, body: ANSWER } })
      }),
    ),
  )
  const people = answering.members
    .flatMap(({ accounts }) => accounts)
    .filter(({ platform }) => platform === 'teams')
    .map(({ tenant, userId }) => submission(serviceUrl, tenant, userId))
  const generator = startGenerator()
  const secret = await tokens.header(serviceUrl)
  return {
    answers: () => answering.answers.countDocuments({}),
    send: (side: 'ours' | 'floor', count: number): Promise<Sample> => {
      const url = `${side === 'ours' ? ours.url : floor.url}/api/messages`
      return generator.send({ url, kind: 'teams-submit', count, connections: CONNECTIONS, secret, people })
    },
    async close() {
      await Promise.all([ours.close(), floor.close(), generator.close()])
      await adapter.stop()
      await connector.close()
      await answering.close()
    },
  }
}

const ANSWER = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: '' }

const web = (handler: RequestHandler) =>
  express().post('/api/messages', express.json({ limit: '256kb' }), handler)

const submission = (serviceUrl: string, tenant: string, userId: string) => ({
  type: 'invoke',
  name: 'adaptiveCard/action',
  channelId: 'msteams',
  serviceUrl,
  from: { id: `29:${randomUUID()}`, name: 'Somebody', aadObjectId: userId },
  recipient: { id: `28:${APP_ID}`, name: 'Linkpin' },
  conversation: { conversationType: 'personal', id: `a:${userId}`, tenantId: tenant },
  channelData: { tenant: { id: tenant } },
  replyToId: '1700000000001',
  value: {
    action: {
      type: 'Action.Execute',
      verb: 'bench.answer',
      data: { linkpin: { args: { item: 'i1', value: 4 } } },
    },
  },
})
