import { createHmac } from 'node:crypto'
import { slackUser, SLACK, workspaceOf } from './ground.ts'
import { slackDirect } from './provider.ts'
import type { World } from './world.ts'

/**
 * People in Slack who each write one thing that has an effect, and Slack, which sends it again until Linkpin says that it
 * has arrived.
 * @param members of each network; only the even ones are in Slack
 */
export function createPeople(world: World, networks: number, members: number) {
  const waiting = Array.from({ length: networks * members }, (_, index) => ({
    n: Math.floor(index / members),
    m: index % members,
  })).filter(({ m }) => m % 2 === 0)
  const acknowledged: { n: number; m: number }[] = []

  async function write(url: string, n: number, m: number): Promise<boolean> {
    const user = slackUser(n, m)
    const event = {
      type: 'message',
      channel_type: 'im',
      channel: slackDirect(user),
      user,
      text: 'link',
      ts: '1.1',
    }
    const envelope = {
      type: 'event_callback',
      team_id: workspaceOf(n),
      api_app_id: 'A0LINKPIN',
      event_id: `Ev${n}X${m}`,
    }
    const body = JSON.stringify({ ...envelope, event })
    const timestamp = String(Math.floor(Date.now() / 1000))
    const signed = createHmac('sha256', SLACK.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')
    const response = await fetch(`${url}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signed}`,
      },
      body,
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined)
    return response?.status === 200
  }

  return {
    /** The next few write; who gets no acknowledgement will write the same again. */
    async write(url: string, count = 1): Promise<void> {
      const some = waiting.splice(0, count)
      await Promise.all(
        some.map(async (one) => {
          if (await write(url, one.n, one.m)) acknowledged.push(one)
          else waiting.push(one)
        }),
      )
    },
    acknowledged: () => acknowledged.length,
    left: () => waiting.length,
    /** What was acknowledged and has no effect. To be asked when all is settled. */
    async lost(): Promise<string[]> {
      const effects = await world.onGround((ground) => ground.codes())
      const missing = acknowledged.filter(({ n, m }) => !effects.has(`${n}/${m}`))
      return missing.map(({ n, m }) => `acknowledged and lost: what m-${m} of network ${n} wrote`)
    },
  }
}
