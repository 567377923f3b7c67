/**
 * The clock's side of Linkpin, alone: check-ins and the delivery ledger on a real store, with an invented network and a
 * messenger that keeps what was posted and refuses what it is told to.
 */
import type { Connection } from 'mongoose'
import type { Temporal } from 'temporal-polyfill'
import { createCheckins } from '../../src/checkins/checkins.ts'
import { createDeliveries } from '../../src/delivery/deliveries.ts'
import type { Draft, Messenger } from '../../src/delivery/port.ts'
import { loadTexts } from '../../src/i18n/texts.ts'
import type { Address } from '../../src/kernel/address.ts'
import { movableClock } from '../../src/kernel/clock.ts'
import { createEvents, type Events } from '../../src/kernel/events.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { createNetworks } from '../../src/networks/networks.ts'
import type { Store } from '../../src/store/connect.ts'
import { plainText } from '../../src/views/markdown.ts'
import type { View } from '../../src/views/view.ts'

export const NETWORK = `
id: rheinfurt
name: Rheinfurt
zone: Europe/Berlin
languages: [de, en]
holidays: { country: DE, state: NW }
phase: first-steps
partners:
  - { id: city, name: City, type: formal, sector: municipality, level: operational, category: core-member }
members:
  - { id: aylin, name: Aylin, partner: city, language: en, coordinator: true, accounts: [{ slack: T0TOWN/U0AYLIN }] }
  - { id: jonas, name: Jonas, partner: city, language: de, accounts: [{ slack: T0TOWN/U0JONAS }] }
  - { id: marta, name: Marta, partner: city, language: pl, accounts: [{ teams: contoso/marta }] }
  - { id: newcomer, name: Nobody yet, partner: city }
spaces:
  - { kind: team, name: team, language: de, slack: T0TOWN/C0TEAM }
  - { kind: team, name: team in Teams, language: de, teams: contoso/19:team }
`

export const TEAM: Address = { platform: 'slack', tenant: 'T0TOWN', kind: 'channel', id: 'C0TEAM' }
export const TEAMS: Address = { platform: 'teams', tenant: 'contoso', kind: 'channel', id: '19:team' }
/** A Tuesday, 10:00 in Rheinfurt. */
const TUESDAY = '2026-11-24T09:00:00Z'

export const view = (text: string): View => ({ summary: text, blocks: [{ type: 'text', text }] })

/** A draft for the team channel, unless told otherwise. */
export const draft = (over: Partial<Draft> = {}): Draft => ({
  network: 'rheinfurt',
  cause: 'rheinfurt|nudge|2026-11-24T10:00',
  purpose: 'nudge',
  to: { space: TEAM },
  view: view('hello'),
  ...over,
})

/** What stands in a conversation: text, target, and when it was posted. */
export interface Posted {
  to: string
  text: string
  at: Temporal.Instant
  deliveryId: string
}

/** May refuse a post by throwing, before or after it was accepted. */
export interface Fate {
  before?(address: Address): void | Promise<void>
  after?(address: Address): void | Promise<void>
}

const textOf = ({ blocks }: View): string =>
  blocks.map((block) => ('text' in block ? plainText(block.text) : '')).join(' / ')

type Deps = Parameters<typeof createDeliveries>[0]
type Options = Pick<Deps, 'recheck' | 'meter' | 'log' | 'createDispatcher' | 'recordAgainAfterMs'> & {
  tamper: Tamper
}

/** Called before an operation on the deliveries; may throw, like a process that dies there. */
export type Tamper = (operation: string) => void

function tampered<T extends object>(model: T, tamper: Tamper): T {
  return new Proxy(model, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        tamper(String(name))
        return value.apply(target, args)
      }
    },
  })
}

/** @param open one of the `stores`; what it opens is closed with the clockwork */
export async function createClockwork(open: () => Promise<Store>) {
  const clock = movableClock(TUESDAY)
  const store = await open()
  const texts = await loadTexts('locales')
  const log = createLogger('silent')
  const events = createEvents(log)
  const networks = createNetworks({ db: store.db, clock, events })
  const posted: Posted[] = []
  const told: Events['delivery.sent'][] = []
  const fate: Fate = {}
  events.on('delivery.sent', async (event) => void told.push(event))
  const messenger: Messenger = {
    serves: async () => true,
    async post(address, shown, { deliveryId }) {
      await fate.before?.(address)
      posted.push({ to: address.id, text: textOf(shown), at: clock.now(), deliveryId })
      await fate.after?.(address)
      return { n: String(posted.length - 1) }
    },
    async update(address, ref, shown) {
      await fate.before?.(address)
      posted[Number(ref.n)]!.text = textOf(shown)
    },
  }
  /** One process; several may share the store. What it does with a model can be tampered with. */
  const createReplica = ({ recheck, tamper, ...noted }: Partial<Options> = {}) => {
    const model = (...args: Parameters<Connection['model']>) => {
      const made = store.db.models[String(args[0])] ?? store.db.model(...args)
      return tamper && args[0] === 'Delivery' ? tampered(made, tamper) : made
    }
    const shared = { db: { model } as unknown as Connection, clock, networks, texts, events, log }
    // A process that dies tries nothing again.
    const dying = tamper && { recordAgainAfterMs: [] }
    const deliveries = createDeliveries({ ...shared, ...dying, ...noted, messengers: [messenger], recheck })
    return { deliveries, checkins: createCheckins({ ...shared, deliveries }) }
  }
  const first = createReplica()
  await store.ready()
  await networks.importFile(NETWORK)

  return {
    ...first,
    createReplica,
    store,
    clock,
    texts,
    networks,
    events,
    posted,
    told,
    fate,
    /** Moves the clock on by seconds. */
    pass: (seconds: number) => clock.moveTo(clock.now().add({ seconds })),
    /** The state, and the reason if there is one, of each delivery. */
    states: async (deliveries = first.deliveries) =>
      (await deliveries.list({ network: 'rheinfurt' })).map(({ state, reason }) =>
        reason ? `${state}: ${reason}` : state,
      ),
    /** Hands over what is due, moving from one due instant to the next, for so many seconds. */
    async deliverFor(seconds: number) {
      const end = clock.now().add({ seconds })
      for (;;) {
        while ((await first.deliveries.runDue()) > 0);
        const next = await first.deliveries.nextDueAt()
        if (!next || next.epochMilliseconds > end.epochMilliseconds) break
        if (next.epochMilliseconds <= clock.now().epochMilliseconds) break
        clock.moveTo(next)
      }
      clock.moveTo(end)
    },
    close: () => store.close(),
  }
}

export type Clockwork = Awaited<ReturnType<typeof createClockwork>>
