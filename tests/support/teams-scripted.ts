/** A Teams adapter behind real HTTP whose conversation is a script: what was asked is kept, what is answered is given. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createTeamsAdapter, type TeamsSettings } from '../../adapters/teams/teams.ts'
import type { Incoming, Reply } from '../../src/conversation/port.ts'
import { loadTexts } from '../../src/i18n/texts.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { openStore } from '../../src/store/connect.ts'
import { startTeamsServer } from './teams-server.ts'

export async function startScripted(settings: Partial<TeamsSettings> = {}) {
  const teams = await startTeamsServer()
  const store = await openStore({ dataFolder: ':memory:' })
  const asked: Incoming[] = []
  const logged: string[] = []
  const script = { answer: (_incoming: Incoming): Reply => ({}) }
  const adapter = createTeamsAdapter(
    { ...teams.settings, ...settings },
    {
      conversation: {
        async handle(incoming) {
          asked.push(incoming)
          return script.answer(incoming)
        },
      },
      db: store.db,
      log: createLogger('info', { write: (line) => void logged.push(line) }),
      texts: await loadTexts('locales'),
    },
  )
  const web = express()
  web.post('/api/messages', express.json({ limit: '256kb' }), adapter.handler)
  const server = createServer(web)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  teams.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`)
  return {
    teams,
    messenger: adapter.messenger,
    /** What the conversation was asked, in order. */
    asked,
    logged,
    db: store.db,
    /** What the conversation answers from now on. */
    answer(next: Reply | ((incoming: Incoming) => Reply)): void {
      script.answer = typeof next === 'function' ? next : () => next
    },
    async close(): Promise<void> {
      await adapter.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await teams.close()
      await store.close()
    },
  }
}
