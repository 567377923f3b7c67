import { createCheckins } from '../../src/checkins/checkins.ts'
import { checkinModel, type CheckinDoc } from '../../src/checkins/model.ts'
import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { Messenger } from '../../src/delivery/port.ts'
import { toDate, type Clock } from '../../src/kernel/clock.ts'
import { derivedId } from '../../src/kernel/ids.ts'
import type { Store } from '../../src/store/connect.ts'
import { addNetworks, channelsOf, createGround, message, networkId } from './world.ts'

export const KIND = 'nudge'

/** Check-ins and the ledger on a store, with one kind that owes every network's channel a message. */
export async function createSchedules(store: Store, clock: Clock, messenger: Messenger) {
  const ground = createGround(store, clock)
  const deliveries = createDeliveries({ ...ground, messengers: [messenger] })
  const checkins = createCheckins({ ...ground, deliveries })
  checkins.register({
    name: KIND,
    schedulable: true,
    graceMinutes: 240,
    async compose({ id, network }) {
      const n = Number(network.id.split('-')[1])
      const drafts = channelsOf(n, 1).map((space) => ({
        network: network.id,
        cause: id,
        purpose: KIND,
        to: { space },
        view: message,
      }))
      return { drafts }
    },
  })
  await store.ready()
  return { checkins, deliveries }
}

/** So many networks, each with one weekly check-in on Tuesdays at 10:00. */
export async function addSchedules(store: Store, count: number, clock: Clock): Promise<void> {
  await addNetworks(store, count, 1)
  const now = clock.now().toZonedDateTimeISO('Europe/Berlin')
  const next = now.with({ hour: 10, minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 })
  const due = toDate(next.toInstant())
  const docs = Array.from({ length: count }, (_, n): CheckinDoc => ({
    _id: derivedId(networkId(n), KIND),
    network: networkId(n),
    kind: KIND,
    recurrence: { every: 'week', interval: 1, weekdays: [2] },
    localTime: '10:00',
    zone: 'Europe/Berlin',
    anchor: next.toPlainDate().toString(),
    nextNominal: next.toPlainDateTime().toString({ smallestUnit: 'minute' }),
    nextDueAt: due,
    wakeAt: due,
    paused: false,
    revision: 0,
  }))
  await checkinModel(store.db).insertMany(docs)
}
