import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Sample } from './row.ts'

/** What to send: so many requests over so many connections, each with an id of its own. */
export interface Load {
  url: string
  kind: 'slack-action' | 'slack-event' | 'teams-submit'
  count: number
  connections: number
  /** Slack: the signing secret. Teams: the `Authorization` header. */
  secret: string
  /** Slack: user ids. Teams: activities of people, to which an id is added. */
  people: unknown[]
}

const options = { execArgv: ['--import', 'tsx'] }

async function end(child: ChildProcess): Promise<void> {
  child.kill()
  await once(child, 'exit')
}

/** A process of its own that sends requests: it must not share the event loop of the server it measures. */
export function startGenerator() {
  const child = fork(new URL('./load.ts', import.meta.url), options)
  return {
    async send(load: Load): Promise<Sample> {
      child.send(load)
      const [answer] = (await once(child, 'message')) as [Sample & { failed: number }]
      if (answer.failed > 0)
        throw new Error(`${answer.failed} of ${load.count} requests were not answered with 200`)
      return answer
    },
    close: () => end(child),
  }
}

/** A Slack in a process of its own, that accepts every message and does nothing else. */
export async function startAcceptingSlack() {
  const child = fork(new URL('./accepting-slack.ts', import.meta.url), options)
  const [url] = (await once(child, 'message')) as [string]
  return { apiUrl: `${url}/api/`, close: () => end(child) }
}
