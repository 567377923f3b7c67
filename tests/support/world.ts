/**
 * A whole Linkpin without platforms: the real app on a real store, an invented network, a clock that is moved, and a
 * messenger that keeps what was posted. Stories that do not turn on Slack's or Teams' own shapes are told here.
 */
import { readFileSync } from 'node:fs'
import type { Temporal } from 'temporal-polyfill'
import { advanceTo } from '../../src/advance.ts'
import { createApp, type App } from '../../src/app.ts'
import type { Conversation, Reply } from '../../src/conversation/port.ts'
import type { Meter } from '../../src/delivery/meter.ts'
import type { Messenger } from '../../src/delivery/port.ts'
import { loadTexts, type Texts } from '../../src/i18n/texts.ts'
import { addressKey, directTo, type Address } from '../../src/kernel/address.ts'
import { movableClock, type MovableClock } from '../../src/kernel/clock.ts'
import { randomId } from '../../src/kernel/ids.ts'
import { createLogger, type Logger } from '../../src/kernel/logger.ts'
import { openStore, type Store } from '../../src/store/connect.ts'
import { plainText } from '../../src/views/markdown.ts'
import type { ActionRef, Block, Form, FormValues, View } from '../../src/views/view.ts'

/** A message as it stands in a conversation, and when it was posted. */
export interface Posted {
  address: Address
  view: View
  at: Temporal.Instant
}

export interface World {
  app: App
  clock: MovableClock
  store: Store
  texts: Texts
  conversation: Conversation
  /** Everything posted so far, in order, with its latest content. */
  posted: Posted[]
  /** What stands in a member's direct chats. */
  inbox(member: string): Promise<View[]>
  /** What stands in a channel, by the name of the space. */
  channel(name: string): Promise<View[]>
  /** Types a command: in the direct chat, or in a channel. */
  say(member: string, text: string, channel?: string): Promise<Reply>
  /** Presses the button, scale point or option with this label (the n-th of them, from 0). */
  press(member: string, view: View | undefined, label: string, nth?: number): Promise<Reply>
  /** Sends off a form; what is not given keeps the value it was shown with. */
  submit(member: string, form: Form | undefined, values: FormValues): Promise<Reply>
  /** Moves the clock from wake to wake, running what is due. */
  advance(duration: { weeks?: number; days?: number; hours?: number }): Promise<void>
  close(): Promise<void>
}

/**
 * @param start ISO instant
 * @param network YAML of the network, the example if left out
 * @param dataFolder where to keep it; nowhere if left out
 * @param watch what an operator would see: the log and the meter; nothing if left out
 */
export async function createWorld(
  start: string,
  network?: string,
  dataFolder = ':memory:',
  watch: { log: Logger; meter?: Meter } = { log: createLogger('silent') },
): Promise<World> {
  const clock = movableClock(start)
  const store = await openStore({ dataFolder })
  const texts = await loadTexts('locales')
  const app = await createApp({ store, clock, texts, ...watch })
  const { networks } = app
  const id = await networks.importFile(network ?? readFileSync('examples/rheinfurt.yaml', 'utf8'))
  const posted: Posted[] = []
  app.addMessenger(recorder(posted, clock))

  const accountOf = async (member: string) => {
    const account = (await networks.member(id, member))?.accounts[0]
    if (!account) throw new Error(`${member} has no account`)
    return account
  }
  const spaceOf = async (name: string): Promise<Address> => {
    const space = (await networks.spaces(id)).find((candidate) => candidate.name === name)
    if (!space) throw new Error(`no space ${name}`)
    return space.address
  }
  const send = async (
    member: string,
    what: Parameters<Conversation['handle']>[0]['what'],
    place?: Address,
  ): Promise<Reply> => {
    const account = await accountOf(member)
    return app.conversation.handle({
      requestId: randomId(),
      account,
      place: place ?? directTo(account),
      what,
      canOpenForm: what.kind !== 'command',
    })
  }
  return {
    app,
    clock,
    store,
    texts,
    conversation: app.conversation,
    posted,
    async inbox(member) {
      const keys = ((await networks.member(id, member))?.accounts ?? []).map((a) => addressKey(directTo(a)))
      return posted.filter(({ address }) => keys.includes(addressKey(address))).map(({ view }) => view)
    },
    async channel(name) {
      const key = addressKey(await spaceOf(name))
      return posted.filter(({ address }) => addressKey(address) === key).map(({ view }) => view)
    },
    say: async (member, text, channel) =>
      send(member, { kind: 'command', text }, channel ? await spaceOf(channel) : undefined),
    async press(member, view, label, nth = 0) {
      const found = view?.blocks.flatMap(pressable).filter((one) => one.label === label)[nth]
      if (!found) throw new Error(`nothing called "${label}" to press`)
      const reply = await send(member, { kind: 'press', action: found.action })
      const message = posted.find((one) => one.view === view)
      if (message && reply.update) message.view = reply.update
      return reply
    },
    async submit(member, form, values) {
      if (!form) throw new Error('no form is open')
      const shown = Object.fromEntries(form.fields.map((field) => [field.id, field.value]))
      return send(member, { kind: 'submit', action: form.action, values: { ...shown, ...values } })
    },
    // Days of 24 hours are good enough for moving a clock; rules reckon with local dates.
    advance: ({ weeks = 0, days = 0, hours = 0 }) =>
      advanceTo(app, clock, clock.now().add({ hours: hours + 24 * (days + 7 * weeks) })),
    close: () => store.close(),
  }
}

/** All that a view says, as plain lines. */
export const words = (view: View | undefined): string =>
  (view?.blocks ?? []).map((block) => plainText(JSON.stringify(block))).join('\n')

function recorder(posted: Posted[], clock: MovableClock): Messenger {
  return {
    serves: async () => true,
    async post(address, view) {
      posted.push({ address, view, at: clock.now() })
      return { n: String(posted.length - 1) }
    },
    async update(_address, ref, view) {
      const message = posted[Number(ref.n)]
      if (message) message.view = view
    },
  }
}

function pressable(block: Block): { label: string; action: ActionRef }[] {
  const withValue = (action: ActionRef, value: string | number): ActionRef => ({
    ...action,
    args: { ...action.args, value },
  })
  if (block.type === 'buttons') return block.buttons
  if (block.type === 'choice') {
    return block.options.map(({ value, label }) => ({ label, action: withValue(block.action, value) }))
  }
  if (block.type !== 'scale') return []
  return [...block.points, { value: 0, label: block.skipLabel }].map(({ value, label }) => ({
    label,
    action: withValue(block.action, value),
  }))
}
