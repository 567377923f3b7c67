import { createSeal } from '../../src/kernel/seal.ts'
import { knock, messageOf, pressOf } from '../../tests/support/attacker.ts'
import { faultsOf } from '../../tests/support/faults.ts'
import { startRig, type Rig } from '../../tests/support/rig.ts'
import type { Row } from '../support/row.ts'

const STORE_MS = 200
const MOST_MS = 500
// As src/start.ts has it.
const AFTER_MS = 200

/** How long one request of each kind waits for its acknowledgement, in milliseconds. */
function requestsOf(rig: Rig, count: () => number): (() => Promise<number>)[] {
  const { slack, teams } = rig
  const [aylin, katrin] = [rig.slackUser('city-1'), rig.teamsPerson('police-1')]
  const nowhere = `${slack.url}/respond/none`
  const button = { type: 'button', action_id: 'a0', value: '{"name":"conversation.help"}' }
  const command = {
    ...{ command: '/linkpin', text: 'ziele', team_id: aylin.team, user_id: aylin.id },
    ...{ channel_id: 'D0', response_url: nowhere },
  }
  const sent = async (body: Parameters<typeof knock>[2]): Promise<number> =>
    (await knock(rig.url, slack.signingSecret, body)).milliseconds
  return [
    () => sent(JSON.stringify(messageOf(aylin, 'ziele', `Ev0BENCH${count()}`))),
    () => sent({ ...command, trigger_id: `bench.${count()}` }),
    () => sent({ payload: JSON.stringify(pressOf(aylin, button, 'C0NETZWERK', nowhere)) }),
    async () => {
      const started = performance.now()
      await teams.post({ ...teams.envelope(katrin, 'personal'), type: 'message', text: 'ziele' })
      return performance.now() - started
    },
  ]
}

export const acknowledged: Row = {
  bot: `an event, a command, a press and a message to Teams, one after the other; every operation of the store takes ${STORE_MS} ms`,
  against: '–',
  target: `acknowledged within ${MOST_MS} ms, 99th percentile`,
  async measure({ of }) {
    const seal = createSeal(['bench'], 'requests')
    const rig = await startRig({ promptness: { afterMs: AFTER_MS, seal } })
    const faults = faultsOf(rig.store)
    let count = 0
    const requests = requestsOf(rig, () => count++)
    await rig.teams.install(rig.teamsPerson('police-1'))
    for (const request of requests) await request()
    await rig.idle()
    rig.teams.connect(`${rig.url}/api/messages`)
    faults.slow(STORE_MS)
    const taken: number[] = []
    for (let round = 0; round < of(50); round++) for (const request of requests) taken.push(await request())
    faults.back()
    await rig.idle()
    await rig.close()
    const sorted = taken.toSorted((a, b) => a - b)
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN
    const p50 = sorted[Math.floor(sorted.length / 2)] ?? NaN
    return {
      measured: `${Math.round(p50)} ms in the middle, p99 ${Math.round(p99)} ms`,
      met: p99 <= MOST_MS,
    }
  },
}
