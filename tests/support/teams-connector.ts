import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { actionsOf, countedBytes, faultsOf, linesOf, type Json } from './teams-cards.ts'
import { createTokens } from './teams-tokens.ts'

/** A person with a Teams account. `id` is theirs towards this bot, `aadObjectId` in their tenant. */
export interface Person {
  kind: 'person'
  name: string
  id: string
  aadObjectId: string
  tenant: string
  locale: string
  zone: string
}

export interface Channel {
  kind: 'channel'
  name: string
  id: string
  team: string
  tenant: string
}

/** A message as it stands in a conversation now. */
export interface Message {
  id: string
  /** The conversation it stands in; in channels with its thread. */
  conversation: string
  summary: string
  edits: number
  /** The card everybody sees, or the one a person got as the answer to a press. */
  card(person?: Person): unknown
  /** What is read on it. */
  text(person?: Person): string
  buttons(person?: Person): string[]
}

/** A refusal of the next calls of the connector. `reset` breaks the connection after the message was accepted. */
export interface Refusing {
  status: number | 'reset'
  code?: string
  retryAfter?: number
  /** How many calls; one if left out. */
  times?: number
}

interface Stored {
  message: Message
  shared: unknown
  personal: Map<string, unknown>
}

/** The Bot Framework connector: keeps what the bot posts, and refuses what Teams refuses. */
export async function startConnector(appId: string) {
  const conversations = new Map<string, Stored[]>()
  const installed = new Set<string>()
  const people: Person[] = []
  const channels: Channel[] = []
  const violations: string[] = []
  const calls: string[] = []
  let refusing: (Refusing & { left: number }) | undefined
  let counter = 1_700_000_000_000

  const personalId = (person: Person): string => `a:${person.id.slice(3)}`
  const channelAt = (id: string): Channel | undefined =>
    channels.find((channel) => channel.id === id.split(';')[0])
  const chatOwner = (id: string): Person | undefined => people.find((person) => personalId(person) === id)

  function store(conversation: string, activity: Json): Stored | undefined {
    const [attachment] = (activity.attachments ?? []) as Json[]
    if (activity.text && attachment) {
      violations.push('text and attachment in one activity: split, and without an id')
      return undefined
    }
    const stored: Stored = {
      shared: attachment?.content,
      personal: new Map(),
      message: {
        id: String(counter++),
        conversation,
        summary: String(activity.summary ?? activity.text ?? ''),
        edits: 0,
        card: (person) => (person && stored.personal.get(person.id)) ?? stored.shared,
        text: (person) => linesOf(stored.message.card(person)).join('\n'),
        buttons: (person) => actionsOf(stored.message.card(person)).map(({ title }) => String(title)),
      },
    }
    conversations.set(conversation, [...(conversations.get(conversation) ?? []), stored])
    return stored
  }

  const refusal = (status: number, code: string): [number, object] => [
    status,
    { error: { code, message: code } },
  ]

  function check(activity: Json): [number, object] | undefined {
    if (countedBytes(activity) > 100_000) return refusal(413, 'MessageSizeTooBig')
    const attachments = (activity.attachments ?? []) as Json[]
    const faults = attachments.flatMap(({ content }) => faultsOf(content))
    if (faults.length === 0) return undefined
    violations.push(...faults)
    return refusal(400, 'BadSyntax')
  }

  function create(body: Json): [number, object] {
    const activity = (body.activity ?? {}) as Json
    const wrong = check(activity)
    if (wrong) return wrong
    if (body.isGroup) {
      const id = String(((body.channelData as Json)?.channel as Json)?.id)
      const channel = channelAt(id)
      if (!channel || !installed.has(channel.team) || body.tenantId !== channel.tenant) {
        return refusal(403, 'BotNotInConversationRoster')
      }
      const thread = `${id};messageid=${counter}`
      return [201, { id: thread, activityId: store(thread, activity)?.message.id }]
    }
    const member = String((body.members as Json[])[0]?.id)
    const person = people.find(({ id, aadObjectId }) => id === member || aadObjectId === member)
    const reachable =
      person &&
      person.tenant === body.tenantId &&
      (installed.has(person.id) ||
        channels.some((channel) => channel.tenant === person.tenant && installed.has(channel.team)))
    if (!reachable) return refusal(403, 'BotNotInConversationRoster')
    return [201, { id: personalId(person), activityId: store(personalId(person), activity)?.message.id }]
  }

  function isOpen(conversation: string): boolean {
    const owner = chatOwner(conversation)
    if (owner) return installed.has(owner.id) || conversations.has(conversation)
    const channel = channelAt(conversation)
    return channel !== undefined && installed.has(channel.team)
  }

  function route(method: string, path: string, body: Json): [number, object] {
    const [, conversation, activityId] =
      /^\/v3\/conversations(?:\/([^/]+)\/activities(?:\/([^/]+))?)?\/?$/
        .exec(path)
        ?.map((part) => part && decodeURIComponent(part)) ?? []
    if (method === 'POST' && path.replace(/\/$/, '') === '/v3/conversations') return create(body)
    if (!conversation) return refusal(404, 'NotFound')
    if (!isOpen(conversation)) return refusal(403, 'BotNotInConversationRoster')
    const wrong = method === 'DELETE' ? undefined : check(body)
    if (wrong) return wrong
    if (method === 'POST') {
      const stored = store(conversation, body)
      return [201, stored ? { id: stored.message.id } : {}]
    }
    const all = conversations.get(conversation) ?? []
    const stored = all.find(({ message }) => message.id === activityId)
    if (!stored) return refusal(404, 'ActivityNotFoundInConversation')
    if (method === 'DELETE') {
      conversations.set(
        conversation,
        all.filter((candidate) => candidate !== stored),
      )
      return [200, {}]
    }
    stored.shared = ((body.attachments as Json[])[0] as Json).content
    stored.personal.clear()
    stored.message.edits++
    return [200, { id: activityId }]
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://connector').pathname
    const reply = (status: number, body: object, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const known = tokens.answer(path)
    if (known) return reply(200, known)
    calls.push(`${request.method} ${path}`)
    if (!tokens.isBotToken(request.headers.authorization)) {
      violations.push(`${path} called without the bot's token`)
      return reply(401, {})
    }
    const now = refusing
    if (now && now.left-- > 0) {
      if (now.status === 'reset') {
        route(request.method ?? '', path, JSON.parse(Buffer.concat(chunks).toString() || '{}') as Json)
        request.socket.destroy()
        return
      }
      const [status, body] = refusal(now.status, now.code ?? 'Refused')
      return reply(status, body, now.retryAfter ? { 'retry-after': String(now.retryAfter) } : {})
    }
    const [status, body] = route(
      request.method ?? '',
      path,
      JSON.parse(Buffer.concat(chunks).toString() || '{}') as Json,
    )
    reply(status, body)
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const serviceUrl = `http://${host}/`
  const tokens = await createTokens(`http://${host}`, appId)

  return {
    host,
    serviceUrl,
    tokens,
    people,
    channels,
    installed,
    violations,
    /** Every call of the connector, tokens left out. */
    calls,
    personalId,
    nextId: (): string => String(counter++),
    refuse(next: Refusing): void {
      refusing = { ...next, left: next.times ?? 1 }
    },
    messagesIn: (id: string): Message[] =>
      [...conversations]
        .filter(([conversation]) => conversation === id || conversation.startsWith(`${id};`))
        .flatMap(([, stored]) => stored.map(({ message }) => message)),
    /** A card that only one person sees from now on, until the message is edited. */
    showTo(person: Person, message: Message, card: unknown): void {
      const stored = conversations
        .get(message.conversation)
        ?.find((candidate) => candidate.message === message)
      stored?.personal.set(person.id, card)
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
