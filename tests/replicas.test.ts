import { expect, test } from '@jest/globals'
import { knock, messageOf } from './support/attacker.ts'
import { startRig } from './support/rig.ts'
import { stores } from './support/stores.ts'

// The platforms send again what they have no answer to, and any of the processes may get it.

test.each(stores)(
  'three processes on one store, $name: what comes several times, out of order and at once, has one effect each',
  async ({ open }) => {
    const rig = await startRig({ open })
    const { slack, teams } = rig
    const [aylin, katrin] = [rig.slackUser('city-1'), rig.teamsPerson('police-1')]
    await teams.install(katrin)
    const greeted = rig.seen(katrin).length
    const replicas = [await rig.replica(), await rig.replica()]
    const urls = [rig.url, ...replicas.map(({ url }) => url)]
    const events = ['hilfe', 'ziele', 'meine daten'].map((text, n) =>
      JSON.stringify(messageOf(aylin, text, `Ev0${n}`)),
    )
    const send = (event: string, url: string, attempt: number) =>
      knock(url, slack.signingSecret, event, attempt ? { 'x-slack-retry-num': String(attempt) } : {})
    const message = { ...teams.envelope(katrin, 'personal'), type: 'message', text: 'ziele' }
    for (const attempt of [0, 1, 2, 3]) {
      const order = attempt % 2 ? events : events.toReversed()
      const answers = await Promise.all([
        ...order.flatMap((event) => urls.map((url) => send(event, url, attempt))),
        ...urls.map((url) => teams.post(message, {}, `${url}/api/messages`)),
      ])
      const statuses = answers.map(({ status }) => status)
      // While one is at it, the others say: not yet.
      if (attempt === 0) expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0)
      for (const status of statuses) expect(attempt === 0 ? [200, 503] : [200]).toContain(status)
    }
    for (const { settle } of replicas) await settle()
    await rig.idle()
    expect(rig.seen(aylin)).toHaveLength(events.length)
    expect(rig.seen(katrin)).toHaveLength(greeted + 1)
    await rig.close()
  },
)
