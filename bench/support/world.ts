import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from '../../src/kernel/address.ts'
import { addressKey } from '../../src/kernel/address.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { createEvents } from '../../src/kernel/events.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { loadTexts } from '../../src/i18n/texts.ts'
import { createNetworks } from '../../src/networks/networks.ts'
import { openStore, type Store } from '../../src/store/connect.ts'
import type { View } from '../../src/views/view.ts'

export const log = createLogger('silent')
export const texts = await loadTexts('locales')

/** What is sent: a heading, two paragraphs and two buttons. */
export const message: View = {
  summary: 'The nudge of the week',
  blocks: [
    { type: 'heading', text: 'The nudge of the week' },
    { type: 'text', text: 'Fifteen minutes together: what does each of us need from the others?' },
    { type: 'text', text: 'One after the other says one sentence. Nobody comments.' },
    {
      type: 'buttons',
      buttons: ['Done', 'Later'].map((label) => ({
        label,
        action: { name: `bench.${label.toLowerCase()}`, args: { step: 's1' } },
      })),
    },
  ],
}

/** A folder of its own on the disk, as in production: a commit waits for the disk. */
export async function openTemporaryStore(): Promise<{ store: Store; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'linkpin-bench-'))
  const store = await openStore({ dataFolder: folder })
  return {
    store,
    async close() {
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The rooms' common ground on a store. */
export function createGround(store: Store, clock: Clock) {
  const { db } = store
  const events = createEvents(log)
  return { db, clock, texts, log, events, networks: createNetworks({ db, clock, events }) }
}

export const networkId = (n: number): string => `network-${n}`
export const tenantOf = (n: number): string => `T0BENCH${n}`

/** The n-th network's channels, in a Slack workspace of its own. */
export const channelsOf = (n: number, count: number): Address[] =>
  Array.from({ length: count }, (_, index) => ({
    platform: 'slack',
    tenant: tenantOf(n),
    kind: 'channel',
    id: `C0BENCH${n}X${index}`,
  }))

/** Puts so many networks with so many channels each straight into the store; the networks room must know it already. */
export async function addNetworks(store: Store, count: number, channels: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n)
  await store.db.model('Network').insertMany(
    numbers.map((n) => ({
      _id: networkId(n),
      name: `Network ${n}`,
      zone: 'Europe/Berlin',
      languages: ['en'],
      quietHours: { from: '18:00', to: '08:00' },
      weekend: [6, 7],
      phase: 'first-steps',
    })),
  )
  await store.db.model('Space').insertMany(
    numbers.flatMap((n) =>
      channelsOf(n, channels).map((address) => ({
        _id: addressKey(address),
        network: networkId(n),
        kind: 'team',
        address,
        language: 'en',
        name: address.id,
        origin: 'file',
      })),
    ),
  )
}

/** Listens on a free port of this machine. */
export async function serve(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
