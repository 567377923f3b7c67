import { setTimeout as wait } from 'node:timers/promises'
import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { Draft, Messenger } from '../../src/delivery/port.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { randomId } from '../../src/kernel/ids.ts'
import type { Row } from '../support/row.ts'
import {
  addNetworks,
  channelsOf,
  createGround,
  message,
  networkId,
  openTemporaryStore,
} from '../support/world.ts'

/** What practice says of a Slack workspace, messages per second; nothing is published. */
const SLACK = 3.8
const TICK_MS = 1000

/**
 * Many networks of many conversations due together, at the real pace, against a Slack that answers at once. The rate of
 * one process follows from the same run with a single message each.
 */
export const capacity: Row = {
  bot: 'time until the last of 40 networks x 50 messages, one Slack workspace each, at the real pace',
  against: 'max(50 / provider, 2,000 / hand-over rate), both as the model has it',
  target: '<= 1.2 x',
  async measure({ of }) {
    const [networks, members] = [of(40), of(50)]
    const handOver = await rate(of(1000))
    const seconds = await finish(networks, members)
    const model = Math.max(members / SLACK, (networks * members) / handOver)
    return {
      measured: `${(seconds / model).toFixed(2)} x (${seconds.toFixed(1)} s; model ${model.toFixed(1)} s)`,
      met: seconds / model <= 1.2,
    }
  },
}

const rate = async (networks: number): Promise<number> => networks / (await finish(networks, 1))

async function finish(networks: number, members: number): Promise<number> {
  const { store, close } = await openTemporaryStore()
  const messenger: Messenger = {
    serves: async () => true,
    post: async () => ({ n: randomId() }),
    update: async () => {},
  }
  try {
    const ground = createGround(store, systemClock)
    const deliveries = createDeliveries({ ...ground, messengers: [messenger] })
    await store.ready()
    await addNetworks(store, networks, members)
    const drafts = Array.from({ length: networks }, (_, n) =>
      channelsOf(n, members).map((space): Draft => ({
        network: networkId(n),
        cause: 'bench',
        purpose: 'bench',
        to: { space },
        view: message,
        immediate: true,
      })),
    ).flat()
    await deliveries.owe(drafts)
    const start = performance.now()
    const unsent = () => store.db.model('Delivery').countDocuments({ state: { $ne: 'sent' } })
    for (;;) {
      while ((await deliveries.runDue()) > 0);
      if ((await unsent()) === 0) return (performance.now() - start) / 1000
      await wait(TICK_MS - ((performance.now() - start) % TICK_MS))
    }
  } finally {
    await close()
  }
}
