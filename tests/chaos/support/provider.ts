/** Slack's Web API and Teams' connector in one server, as far as delivering needs them, and as unkind as a scenario wants. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A message on its way. */
export interface Coming {
  platform: 'slack' | 'teams'
  tenant: string
  /** The conversation: a channel, or `D` and the person's id. */
  target: string
  /** By which it is known: the canary in its text, or where there is none its target. */
  key: string
}

/** One that stands there now. */
export interface Accepted extends Coming {
  /** What the platform calls it. */
  name: string
  /** On the machine's clock, as `performance.now()`. */
  at: number
}

/** What becomes of a message: accepted and answered, accepted and not answered so, or not accepted. */
export type Fate =
  | 'accept'
  | { accepted: boolean; then: 'reset' | 'hang' | 'late' | number; retryAfter?: number }
  | { error: string }

const HANG_MS = 60_000
const LATE_MS = 300

export const slackDirect = (user: string): string => `D${user}`

export async function startProvider() {
  const accepted: Accepted[] = []
  const sockets = new Set<Socket>()
  let requests = 0
  let fateOf: (message: Coming) => Fate | Promise<Fate> = () => 'accept'
  let server: Server
  let port = 0

  function accept(message: Coming): string {
    const name = `1700000000.${String(accepted.length + 1).padStart(6, '0')}`
    accepted.push({ ...message, name, at: performance.now() })
    return name
  }

  async function receive(
    message: Coming,
    response: ServerResponse,
    body: (name: string) => object,
  ): Promise<void> {
    requests++
    const fate = await fateOf(message)
    if (fate === 'accept') return reply(response, 200, body(accept(message)))
    if ('error' in fate) return reply(response, 200, { ok: false, error: fate.error })
    const name = fate.accepted ? accept(message) : ''
    if (fate.then === 'reset') return void response.destroy()
    if (fate.then === 'hang') return void setTimeout(() => response.destroy(), HANG_MS).unref()
    if (fate.then === 'late') return void setTimeout(() => reply(response, 200, body(name)), LATE_MS)
    const headers = fate.retryAfter === undefined ? undefined : { 'retry-after': String(fate.retryAfter) }
    reply(response, fate.then, { error: { code: 'Refused' } }, headers)
  }

  function slack(
    method: string,
    text: string,
    token: string,
    response: ServerResponse,
  ): Promise<void> | void {
    const params = new URLSearchParams(text)
    const target = params.get('channel') ?? ''
    if (method === 'chat.postMessage') {
      const message: Coming = {
        platform: 'slack',
        tenant: token.split('-')[1] ?? '',
        target,
        key: keyOf(text, target),
      }
      return receive(message, response, (ts) => ({ ok: true, channel: target, ts }))
    }
    const channel = { id: slackDirect(params.get('users') ?? '') }
    reply(response, 200, {
      ok: true,
      channel: method === 'conversations.open' ? channel : target,
      ts: params.get('ts'),
    })
  }

  function teams(path: string, text: string, response: ServerResponse): Promise<void> | void {
    const body = JSON.parse(text) as {
      tenantId?: string
      members?: { id: string }[]
      channelData?: { channel?: { id: string } }
    }
    const [, known] = /^\/v3\/conversations\/([^/]+)\/activities$/.exec(path) ?? []
    // A conversation is named by its tenant and target.
    const [tenant = '', target = ''] = known
      ? decodeURIComponent(known).split('/')
      : [body.tenantId, body.members?.[0]?.id ?? body.channelData?.channel?.id]
    const message: Coming = { platform: 'teams', tenant, target, key: keyOf(text, target) }
    return receive(message, response, (id) =>
      known ? { id } : { id: `${tenant}/${target}`, activityId: id },
    )
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request)
    const { pathname } = new URL(request.url ?? '/', 'http://provider')
    if (pathname.startsWith('/api/'))
      return slack(pathname.slice(5), text, request.headers.authorization ?? '', response)
    if (request.method === 'POST') return teams(pathname, text, response)
    reply(response, 200, { id: pathname.split('/').at(-1) })
  }

  const open = async (): Promise<void> => {
    server = createServer(
      (request, response) => void answer(request, response).catch(() => response.destroy()),
    )
    // Only scenarios cut connections.
    server.keepAliveTimeout = 0
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  await open()

  return {
    host: `127.0.0.1:${port}`,
    accepted,
    /** Messages that reached it, accepted or not. */
    requests: () => requests,
    /** What becomes of each message from now on. */
    be(fate: typeof fateOf): void {
      fateOf = fate
    },
    /** Nobody listens any more, and who was connected is cut off. */
    async vanish(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    comeBack: open,
  }
}

const keyOf = (text: string, target: string): string => /canary-\d+/.exec(text)?.[0] ?? target

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function reply(response: ServerResponse, status: number, body: object, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
