import type { Temporal } from 'temporal-polyfill'
import { createCare } from './care/care.ts'
import { createCheckins } from './checkins/checkins.ts'
import { createFirstRhythm } from './checkins/first-rhythm.ts'
import { createConversation } from './conversation/handle.ts'
import type { Conversation, Incoming } from './conversation/port.ts'
import { promptly, type Promptness } from './conversation/promptly.ts'
import { createDeliveries } from './delivery/deliveries.ts'
import type { CreateDispatcher } from './delivery/dispatcher.ts'
import type { Meter } from './delivery/meter.ts'
import type { Operating } from './delivery/operating.ts'
import type { Messenger } from './delivery/port.ts'
import { createGoals } from './goals/goals.ts'
import type { Texts } from './i18n/texts.ts'
import type { Clock } from './kernel/clock.ts'
import { createEvents } from './kernel/events.ts'
import { derivedId, fingerprint } from './kernel/ids.ts'
import type { Logger } from './kernel/logger.ts'
import { createModules } from './modules/modules.ts'
import { createNetworksFeature } from './networks/actions.ts'
import { createNetworks } from './networks/networks.ts'
import { createPictures } from './pictures/pictures.ts'
import { createPulse } from './pulse/pulse.ts'
import { createSettling } from './settling.ts'
import type { Store } from './store/connect.ts'
import type { View } from './views/view.ts'

/** Linkpin without its adapters: what comes in, what goes out, and the clock's work. */
export interface App {
  networks: ReturnType<typeof createNetworks>
  conversation: Conversation
  /** Adds a way out; adapters are made after the app, because they need its conversation. */
  addMessenger(messenger: Messenger): void
  /** One tick: finds what is due, hands over what is owed. Returns how much it did; 0 means all is quiet. */
  tick(): Promise<number>
  /** When there is something to do next. */
  nextWakeAt(): Promise<Temporal.Instant | undefined>
  /** Every few seconds: settles abandoned claims and requests, tells the rooms what a crash left untold. */
  reconcile(): Promise<void>
  /** Once a minute: that, and deletes what has expired. */
  tidy(): Promise<void>
  /** Before the first tick, once the messengers are there: does what has to follow where a backup was put back. */
  settle(): Promise<void>
  /** Begins to send nothing new; resolves when what other processes had this one send has ended. */
  stop(): Promise<void>
  /** The operator's view of the deliveries. */
  operating: Operating
}

/** The composition root: the only place that knows every room. */
export async function createApp(deps: {
  store: Store
  clock: Clock
  texts: Texts
  log: Logger
  meter?: Meter
  /** Who hands over what is due: this process, if left out. */
  createDispatcher?: CreateDispatcher
  /** Without it, every request waits for its effect. */
  promptness?: Promptness
}): Promise<App> {
  const { store, clock, texts, log, meter, createDispatcher, promptness } = deps
  const { db } = store
  const events = createEvents(log)
  const messengers: Messenger[] = []
  const networks = createNetworks({ db, clock, events })
  const deliveries = createDeliveries({
    ...{ db, clock, networks, texts, events, log, messengers, meter, createDispatcher },
    // An arrow, because care is made later.
    recheck: (ask) => care.recheck(ask),
  })
  const checkins = createCheckins({ db, clock, networks, deliveries, texts, log })
  const firstRhythm = createFirstRhythm(db, networks, checkins)
  events.on('network.imported', firstRhythm)
  const room = { db, clock, networks, checkins, deliveries, texts, events, log }
  const modules = createModules(room)
  const { proposeExercise, runningModule } = modules
  const pulse = createPulse({ ...room, pictures: createPictures(log), proposeExercise, runningModule })
  const care = createCare(room)
  const rooms = [modules, pulse, createGoals(room), care]
  for (const kind of rooms.flatMap(({ kinds }) => kinds)) checkins.register(kind)
  const features = [
    createNetworksFeature(networks, texts),
    checkins.feature,
    ...rooms.map(({ feature }) => feature),
  ]
  const thorough = createConversation({ db, networks, texts, clock, log, features })
  const prompt = promptness && promptly(thorough, promptness, { db, clock, texts, log })
  /** Tells a member in their direct chat what came of a request; nobody else can be told. */
  async function tellLater({ account, requestId }: Incoming, view: View): Promise<void> {
    const member = await networks.memberByAccount(account)
    if (!member) return
    const { id, network } = member
    const cause = derivedId('request', fingerprint(requestId))
    await deliveries.owe([{ network, cause, purpose: 'answer', to: { member: id }, view, immediate: true }])
  }
  async function reconcile(): Promise<void> {
    await deliveries.reconcile()
    await prompt?.redo(tellLater)
  }
  const settle = createSettling({ db, clock, checkins, deliveries, log })
  let finding: Promise<number> | undefined
  await store.ready()
  await firstRhythm()
  return {
    networks,
    conversation: prompt ?? thorough,
    addMessenger: (messenger) => messengers.push(messenger),
    async tick() {
      // Looking for what is due twice at once would be harmless, and in vain.
      finding ??= checkins.tick().finally(() => (finding = undefined))
      // What is owed already does not wait for a long list of what is due.
      const [found, sent] = await Promise.all([finding, deliveries.runDue()])
      return found > 0 ? found + sent + (await deliveries.runDue()) : sent
    },
    async nextWakeAt() {
      const next = [await checkins.nextDueAt(), await deliveries.nextDueAt()]
      return next
        .filter((at) => at !== undefined)
        .toSorted((a, b) => a.epochMilliseconds - b.epochMilliseconds)[0]
    },
    reconcile,
    async tidy() {
      await reconcile()
      await firstRhythm()
      await store.sweep(new Date(clock.now().epochMilliseconds))
    },
    settle,
    stop: () => deliveries.stop(),
    operating: deliveries.operating,
  }
}
