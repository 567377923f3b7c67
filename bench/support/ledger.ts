import { setTimeout as wait } from 'node:timers/promises'
import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { CreateDispatcher } from '../../src/delivery/dispatcher.ts'
import type { Draft, Messenger } from '../../src/delivery/port.ts'
import { movableClock } from '../../src/kernel/clock.ts'
import { randomId } from '../../src/kernel/ids.ts'
import { perSecond, type Sample } from './row.ts'
import { addNetworks, channelsOf, createGround, message, networkId, openTemporaryStore } from './world.ts'

/** As many as the pace lets through at once: the row is about the ledger, not about waiting. */
const CHANNELS = 3
const LOOK_MS = 5

/**
 * The delivery ledger over many networks, each in a Slack workspace of its own. The clock stands still while messages go
 * and moves on between rounds, so that every workspace may be written to again.
 * @param on another store than an embedded one on the disk, another dispatcher than the one in this process
 */
export async function openLedger(
  networks: number,
  messengerOn: (ground: ReturnType<typeof createGround>) => Messenger,
  on: { opened?: Awaited<ReturnType<typeof openTemporaryStore>>; createDispatcher?: CreateDispatcher } = {},
) {
  const { store, close } = on.opened ?? (await openTemporaryStore())
  const { createDispatcher } = on
  const clock = movableClock('2026-11-24T09:00:00Z')
  const ground = createGround(store, clock)
  const messenger = messengerOn(ground)
  let posted = 0
  const counting: Messenger = {
    ...messenger,
    async post(...args) {
      const ref = await messenger.post(...args)
      posted++
      return ref
    },
  }
  const deliveries = createDeliveries({ ...ground, messengers: [counting], createDispatcher })
  await store.ready()
  await addNetworks(store, networks, CHANNELS)

  const ids = Array.from({ length: networks }, (_, n) => networkId(n))
  const drafts = (): Draft[] => {
    const cause = randomId()
    return Array.from({ length: networks }, (_, n) =>
      channelsOf(n, CHANNELS).map((space): Draft => ({
        network: networkId(n),
        cause,
        purpose: 'bench',
        to: { space },
        view: message,
      })),
    ).flat()
  }

  return {
    store,
    count: networks * CHANNELS,
    /** Owes one message to every channel, and hands them all over. */
    async run(): Promise<Sample> {
      clock.moveTo(clock.now().add({ minutes: 2 }))
      const owed = drafts()
      posted = 0
      const sent = (): Promise<number> =>
        store.db
          .model('Delivery')
          .countDocuments({ network: { $in: ids }, cause: owed[0]?.cause, state: 'sent' })
      const sample = await perSecond(owed.length, async () => {
        await deliveries.owe(owed)
        while ((await deliveries.runDue()) > 0);
        // A dispatcher's workers may be at it still.
        while (posted < owed.length) await wait(LOOK_MS)
        while ((await sent()) < owed.length) await wait(LOOK_MS)
      })
      const count = await sent()
      if (count !== owed.length) throw new Error(`${count} of ${owed.length} were sent`)
      return sample
    },
    async close() {
      await deliveries.stop()
      await close()
    },
  }
}
