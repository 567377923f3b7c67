/**
 * The networks room alone, behind the real conversation and on a real store: a small network of three partners, and
 * people who type, press and fill in.
 */
import { createConversation } from '../../src/conversation/handle.ts'
import type { Conversation, Reply } from '../../src/conversation/port.ts'
import { loadTexts } from '../../src/i18n/texts.ts'
import { directTo, type Account, type Address } from '../../src/kernel/address.ts'
import { movableClock, type MovableClock } from '../../src/kernel/clock.ts'
import { createEvents } from '../../src/kernel/events.ts'
import { randomId } from '../../src/kernel/ids.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { createNetworksFeature } from '../../src/networks/actions.ts'
import { createNetworks, type NetworksRoom } from '../../src/networks/networks.ts'
import { openStore, type Store } from '../../src/store/connect.ts'
import type { FormValues } from '../../src/views/view.ts'

/** A file as somebody writes it: with comments, in an order of its own, without what goes without saying. */
export const SMALL = `# The network of Kleinau
name: Kleinau
id: kleinau
zone: Europe/Berlin
languages: [de, en, nl, pl]
phase: founding
partners:
  - { id: youth, name: Jugendhaus, type: formal, sector: youth-work, level: operational, category: core-member }
  - { id: city, name: 'Stadt *Kleinau*', type: formal, sector: municipality, level: strategic, category: core-member }
  - { id: club, name: Boxklub, type: informal, sector: sport-culture, level: operational, category: key-person }
members:
  - { id: youth-1, name: Mehmet Aydın, partner: youth, accounts: [slack: T0KLEIN/U0MEHMET] }
  - { id: city-1, name: Ines Roth, partner: city, coordinator: true, accounts: [slack: T0KLEIN/U0INES] }
  - { id: city-2, name: Paul Otieno, partner: city, language: nl } # has no account yet
`

/** The coordinator of the small network. */
export const ines: Account = { platform: 'slack', tenant: 'T0KLEIN', userId: 'U0INES' }
export const mehmet: Account = { ...ines, userId: 'U0MEHMET' }
export const channel: Address = { platform: 'slack', tenant: 'T0KLEIN', kind: 'channel', id: 'C0TEAM' }
export const CODE = /[A-Z2-9]{4}-[A-Z2-9]{4}/

/** The n-th account that nobody knows yet. */
export const stranger = (n = 0): Account => ({ ...ines, userId: `U0NEW${n}` })

/** All that a reply says, as one text. */
export const words = (reply: Reply): string => JSON.stringify(reply)

/** The one-time code in a reply. */
export const codeIn = (reply: Reply): string => CODE.exec(words(reply))?.[0] ?? 'no code'

export interface NetworksWorld {
  store: Store
  clock: MovableClock
  networks: NetworksRoom
  /** `member.joined <id>` and `member.left <id>`, as the other rooms are told. */
  told: string[]
  say(account: Account, text: string, place?: Address): Promise<Reply>
  press(account: Account, name: string, args?: Record<string, string>): Promise<Reply>
  submit(account: Account, name: string, values: FormValues, place?: Address): Promise<Reply>
  /** All documents of all collections. */
  everything(): Promise<unknown>
}

type What = Parameters<Conversation['handle']>[0]['what']

export async function createNetworksWorld(): Promise<NetworksWorld> {
  const store = await openStore({ dataFolder: ':memory:' })
  const clock = movableClock('2026-11-24T09:00:00Z')
  const log = createLogger('silent')
  const events = createEvents(log)
  const told: string[] = []
  for (const name of ['member.joined', 'member.left'] as const) {
    events.on(name, async ({ member }) => void told.push(`${name} ${member}`))
  }
  const networks = createNetworks({ db: store.db, clock, events })
  const texts = await loadTexts('locales')
  const features = [createNetworksFeature(networks, texts)]
  const conversation = createConversation({ db: store.db, networks, texts, clock, log, features })
  await store.ready()
  const act = (account: Account, what: What, place: Address = directTo(account)): Promise<Reply> =>
    conversation.handle({
      requestId: randomId(),
      account,
      place,
      what,
      canOpenForm: true,
      zone: 'Europe/Lisbon',
    })
  return {
    store,
    clock,
    networks,
    told,
    say: (account, text, place) => act(account, { kind: 'command', text }, place),
    press: (account, name, args) => act(account, { kind: 'press', action: { name, args } }),
    submit: (account, name, values, place) =>
      act(account, { kind: 'submit', action: { name }, values }, place),
    async everything() {
      const models = Object.values(store.db.models)
      const entries = models.map(async (model) => [
        model.modelName,
        await model.find().sort({ _id: 1 }).lean(),
      ])
      return Object.fromEntries(await Promise.all(entries))
    },
  }
}
