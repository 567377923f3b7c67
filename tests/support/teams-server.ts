/**
 * Microsoft Teams for tests: the connector, the token and key servers, and clients that drive the bot over real HTTP
 * with signed tokens, the way Teams does it.
 *
 *   const teams = await startTeamsServer()
 *   const adapter = createTeamsAdapter(teams.settings, …)       // listens somewhere
 *   teams.connect('http://127.0.0.1:3978/api/messages')
 *   const aylin = teams.person('Aylin', { aadObjectId: 'aylin' })  // the id that stands in a network's YAML
 *   const channel = teams.channel('Prevention', { id: '19:prevention@thread.tacv2' })
 *   await teams.addTo(channel, aylin)                             // the app comes into the team
 *   await teams.install(aylin)                                    // and into Aylin's personal chat: the greeting
 *   const [help] = await teams.say(aylin, channel, '@Linkpin help')  // what became visible to Aylin
 *   const { popUp, messages } = await teams.press(help, 'Open', aylin)
 *   const dialog = await teams.openDialog(help, 'Record', aylin)
 *   await dialog.fill({ 'What happened': 'A good talk' }).submit()
 *   dialog.open; dialog.text                                      // false, or what it shows now
 *   teams.messages(channel)  teams.messages(aylin)                // a person stands for the personal chat
 *   teams.refuse({ status: 429, retryAfter: 7 })                  // the next call of the connector
 *   teams.violations                                              // what real Teams would not have taken: stays []
 *
 * Every function throws where the bot does not answer with 200, or where a person could not do that in Teams.
 */
import { randomUUID } from 'node:crypto'
import type { TeamsSettings } from '../../adapters/teams/teams.ts'
import { faultsOf, findAction, inputsOf, inputValue, type Json } from './teams-cards.ts'
import { startConnector, type Channel, type Message, type Person, type Refusing } from './teams-connector.ts'
import { createDialog, type Dialog } from './teams-dialog.ts'
import type { TokenTwist } from './teams-tokens.ts'

export type { Channel, Dialog, Message, Person }

/** Where something is said: a channel, or a person's own chat with the bot. */
export type Place = Channel | 'personal'

const APP_ID = '11111111-2222-4333-8444-555555555555'
const TENANT = 'contoso'

export async function startTeamsServer() {
  const connector = await startConnector(APP_ID)
  const { people, channels, installed, personalId, serviceUrl, tokens, violations } = connector
  let app = { url: '', idle: async (): Promise<void> => {} }

  const settings: TeamsSettings = {
    appId: APP_ID,
    appPassword: 'the-password',
    authority: tokens.authority,
    credentialsFactory: tokens.credentialsFactory,
    serviceUrlHosts: [connector.host],
  }

  /** Posts a raw activity to the bot, as Teams or as an attacker. */
  async function post(
    activity: object,
    twist: TokenTwist | { header?: string } = {},
    url = app.url,
  ): Promise<{ status: number; body: Json }> {
    const claimed = (activity as { serviceUrl?: string }).serviceUrl ?? serviceUrl
    const header = 'header' in twist ? twist.header : await tokens.header(claimed, twist as TokenTwist)
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(header && { authorization: header }) },
      body: JSON.stringify(activity),
    })
    const text = await response.text()
    await app.idle()
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as Json }
  }

  /** What every activity of a person carries. A channel's thread may be given. */
  function envelope(person: Person, place: Place, thread?: string): Json {
    const personal = place === 'personal'
    const conversation = personal
      ? { conversationType: 'personal', id: personalId(person), tenantId: person.tenant }
      : { conversationType: 'channel', id: thread ?? place.id, tenantId: place.tenant, isGroup: true }
    return {
      id: `f:${randomUUID()}`,
      timestamp: new Date().toISOString(),
      channelId: 'msteams',
      serviceUrl,
      from: { id: person.id, name: person.name, aadObjectId: person.aadObjectId },
      recipient: { id: `28:${APP_ID}`, name: 'Linkpin' },
      conversation,
      channelData: {
        tenant: { id: personal ? person.tenant : place.tenant },
        ...(!personal && { team: { id: place.team }, channel: { id: place.id } }),
      },
      locale: person.locale,
      entities: [{ type: 'clientInfo', locale: person.locale, timezone: person.zone, platform: 'Web' }],
    }
  }

  async function send(activity: Json): Promise<Json> {
    const { status, body } = await post(activity)
    if (status !== 200) throw new Error(`the bot answered ${status}`)
    return body
  }

  /** Runs something, and tells what became visible to a person by it. */
  async function seeing<T>(person: Person, place: Place, work: () => Promise<T>): Promise<[T, Message[]]> {
    const visible = (): Message[] => [
      ...(place === 'personal' ? [] : connector.messagesIn(place.id)),
      ...connector.messagesIn(personalId(person)),
    ]
    const before = new Set(visible())
    const result = await work()
    return [result, visible().filter((message) => !before.has(message))]
  }

  const placeOf = (message: Message, person: Person): Place => {
    if (message.conversation === personalId(person)) return 'personal'
    const channel = channels.find(
      ({ id, tenant }) => message.conversation.startsWith(id) && tenant === person.tenant,
    )
    if (!channel) throw new Error(`${person.name} does not see this message`)
    return channel
  }

  const invoke = (person: Person, message: Message, name: string, value: object): Json => ({
    ...envelope(person, placeOf(message, person), message.conversation),
    type: 'invoke',
    name,
    value,
    // As in Teams: a dialog's submission does not name the message.
    ...(name !== 'task/submit' && { replyToId: message.id }),
  })

  return {
    settings,
    violations,
    /** Calls of the connector so far, as `POST /v3/…`. */
    calls: connector.calls,
    serviceUrl,
    post,
    envelope,
    refuse: (next: Refusing): void => connector.refuse(next),
    /** Where the bot listens; `idle` resolves when it has also done what follows from its answer. */
    connect(url: string, idle?: () => Promise<void>): void {
      app = { url, idle: idle ?? (async () => {}) }
    },
    person(name: string, options: Partial<Omit<Person, 'kind' | 'name'>> = {}): Person {
      const person: Person = {
        kind: 'person',
        name,
        id: `29:${randomUUID()}`,
        aadObjectId: randomUUID(),
        tenant: TENANT,
        locale: 'en-GB',
        zone: 'Europe/Berlin',
        ...options,
      }
      people.push(person)
      return person
    },
    channel(name: string, options: Partial<Omit<Channel, 'kind' | 'name'>> = {}): Channel {
      const id = `19:${randomUUID()}@thread.tacv2`
      const channel: Channel = { kind: 'channel', name, id, team: id, tenant: TENANT, ...options }
      channels.push(channel)
      return channel
    },
    /** Adds the app to the channel's team. */
    async addTo(channel: Channel, by: Person): Promise<void> {
      installed.add(channel.team)
      const bot = [{ id: `28:${APP_ID}` }]
      await send({
        ...envelope(by, channel),
        type: 'conversationUpdate',
        membersAdded: bot,
        locale: undefined,
      })
      await send({ ...envelope(by, channel), type: 'installationUpdate', action: 'add' })
    },
    async removeFrom(channel: Channel, by: Person): Promise<void> {
      installed.delete(channel.team)
      await send({ ...envelope(by, channel), type: 'installationUpdate', action: 'remove' })
    },
    /** Installs the app for a person, who then sees the greeting. */
    async install(person: Person): Promise<Message[]> {
      installed.add(person.id)
      const bot = [{ id: `28:${APP_ID}` }]
      const [, messages] = await seeing(person, 'personal', async () => {
        const base = envelope(person, 'personal')
        await send({ ...base, type: 'conversationUpdate', membersAdded: bot, locale: undefined })
        await send({ ...base, type: 'installationUpdate', action: 'add', id: `f:${randomUUID()}` })
      })
      return messages
    },
    async uninstall(person: Person): Promise<void> {
      installed.delete(person.id)
      await send({ ...envelope(person, 'personal'), type: 'installationUpdate', action: 'remove' })
    },
    /** Types a message; `@Linkpin` in it is a mention. Returns what became visible to the person by it. */
    async say(person: Person, place: Place, text: string): Promise<Message[]> {
      if (place === 'personal' && !installed.has(person.id))
        throw new Error(`${person.name} has no chat with the bot`)
      const id = connector.nextId()
      const thread = place === 'personal' ? undefined : `${place.id};messageid=${id}`
      const base = envelope(person, place, thread)
      const mention = {
        type: 'mention',
        text: '<at>Linkpin</at>',
        mentioned: { id: `28:${APP_ID}`, name: 'Linkpin' },
      }
      const mentioned = text.includes('@Linkpin')
      const [, messages] = await seeing(person, place, () =>
        send({
          ...base,
          id,
          type: 'message',
          textFormat: 'plain',
          text: text.replace('@Linkpin', '<at>Linkpin</at>'),
          entities: [...(base.entities as Json[]), ...(mentioned ? [mention] : [])],
        }),
      )
      return messages
    },
    /**
     * Presses a button by its title (the nth with this title, from 0). `choose` picks an option of the card's list first.
     * `popUp` is what only this person was told at once; `messages` is what became visible to them.
     */
    async press(
      message: Message,
      title: string,
      person: Person,
      { choose, nth }: { choose?: string; nth?: number } = {},
    ): Promise<{ popUp?: string; messages: Message[] }> {
      const card = message.card(person)
      const action = findAction(card, title, nth)
      if (action.type !== 'Action.Execute') throw new Error(`"${title}" opens a dialog`)
      const inputs = action.associatedInputs === 'none' ? [] : inputsOf(card)
      const values = inputs.flatMap((input) => {
        const isMeant = choose !== undefined && JSON.stringify(input).includes(choose)
        const value = isMeant ? inputValue(input, choose) : input.value
        return value ? [[String(input.id), value]] : []
      })
      const filled = Object.fromEntries(values) as Json
      const missing = inputs.find(({ id, isRequired }) => isRequired && !filled[String(id)])
      if (missing) throw new Error(`Teams asks for a choice first: "${String(missing.errorMessage)}"`)
      const data = { ...(action.data as Json), ...filled }
      const value = { action: { type: 'Action.Execute', verb: action.verb, data }, trigger: 'manual' }
      const [body, messages] = await seeing(person, placeOf(message, person), () =>
        send(invoke(person, message, 'adaptiveCard/action', value)),
      )
      if (body.type === 'application/vnd.microsoft.card.adaptive') {
        violations.push(...faultsOf(body.value))
        connector.showTo(person, message, body.value)
        return { messages }
      }
      if (body.type !== 'application/vnd.microsoft.activity.message')
        throw new Error('not an answer to a press')
      // Teams takes it for a failure: it says that the app cannot be reached, and sends the press again.
      if (!body.value) violations.push('an empty answer to a press')
      return { popUp: String(body.value), messages }
    },
    /** Presses a button that opens a dialog. */
    async openDialog(message: Message, title: string, person: Person, nth?: number): Promise<Dialog> {
      const action = findAction(message.card(person), title, nth)
      const data = action.data as Json
      if ((data.msteams as Json | undefined)?.type !== 'task/fetch')
        throw new Error(`"${title}" opens no dialog`)
      const body = await send(invoke(person, message, 'task/fetch', { data, context: { theme: 'default' } }))
      return createDialog(body, violations, (value) => send(invoke(person, message, 'task/submit', value)))
    },
    /** What stands in a channel, or in a person's personal chat. */
    messages: (place: Channel | Person): Message[] =>
      connector.messagesIn(place.kind === 'person' ? personalId(place) : place.id),
    close: () => connector.close(),
  }
}

export type TeamsServer = Awaited<ReturnType<typeof startTeamsServer>>
