import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { Draft, Messenger } from '../../src/delivery/port.ts'
import { movableClock } from '../../src/kernel/clock.ts'
import { randomId } from '../../src/kernel/ids.ts'
import { perSecond, type Sample } from './row.ts'
import { addNetworks, channelsOf, createGround, message, networkId, openTemporaryStore } from './world.ts'

/** As many as the pace lets through at once: the row is about the ledger, not about waiting. */
const CHANNELS = 3

/**
 * The delivery ledger over many networks, each in a Slack workspace of its own. The clock stands still while messages go
 * and moves on between rounds, so that every workspace may be written to again.
 */
export async function openLedger(
  networks: number,
  messengerOn: (ground: ReturnType<typeof createGround>) => Messenger,
) {
  const { store, close } = await openTemporaryStore()
  const clock = movableClock('2026-11-24T09:00:00Z')
  const ground = createGround(store, clock)
  const deliveries = createDeliveries({ ...ground, messengers: [messengerOn(ground)] })
  await store.ready()
  await addNetworks(store, networks, CHANNELS)

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
      const sample = await perSecond(owed.length, async () => {
        await deliveries.owe(owed)
        while ((await deliveries.runDue()) > 0);
      })
      const sent = await store.db.model('Delivery').countDocuments({ cause: owed[0]?.cause, state: 'sent' })
      if (sent !== owed.length) throw new Error(`${sent} of ${owed.length} were sent`)
      return sample
    },
    close,
  }
}
