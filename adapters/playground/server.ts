import express, { type ErrorRequestHandler, type Response, type Router } from 'express'
import type { Connection } from 'mongoose'
import type { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Conversation } from '../../src/conversation/port.ts'
import type { Messenger } from '../../src/delivery/port.ts'
import type { Texts } from '../../src/i18n/texts.ts'
import { systemClock, type MovableClock } from '../../src/kernel/clock.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import type { Networks } from '../../src/networks/types.ts'
import { actBody, CannotAct, createActions, formBody } from './act.ts'
import { bundle } from './bundle.ts'
import { castOf, maySee } from './cast.ts'
import { guard } from './guard.ts'
import { createMessages } from './messages.ts'
import { createMessenger } from './messenger.ts'
import { createMover } from './mover.ts'
import { drawMessage } from './renderings.ts'
import { pageTexts } from './page-texts.ts'
import { STEPS, type ErrorCode, type WireMessages, type WireNetwork } from './wire.ts'

/** What the playground needs of the rest of Linkpin. */
interface PlaygroundDeps {
  conversation: Conversation
  networks: Networks
  /** Undefined where real platforms are connected: then time is the machine's and cannot be moved. */
  clock: MovableClock | undefined
  texts: Texts
  log: Logger
  db: Connection
  /** The invented network's id. */
  network: string
  /** Lets the network live on until an instant: moves the clock from wake to wake. */
  advance(to: Temporal.Instant): Promise<void>
  /** Host names besides those of the machine itself under which the page may be asked for, without port. */
  allowedHosts?: string[]
}

/** A page on which an invented network lives, and the way its messages get there. */
export interface Playground {
  /** To be mounted at `/playground`. */
  router: Router
  messenger: Messenger
  /** Ends the streams to open pages, so that the server can stop. */
  close(): void
}

const stepBody = z.object({ step: z.enum(STEPS) })
const messagesQuery = z.object({
  space: z.string().max(500),
  member: z.string().max(200),
  limit: z.coerce.number().int().min(1).max(500),
})

/** Makes the playground. The page is bundled on its first request. */
export function createPlayground(deps: PlaygroundDeps): Playground {
  const { conversation, networks, texts, log, db, network, advance } = deps
  const clock = deps.clock ?? systemClock
  const messages = createMessages(db, network)
  const mover = createMover(clock, advance, log)
  const actions = createActions({ conversation, networks, network, messages, clock })
  const router = express.Router()
  router.use(guard(deps.allowedHosts ?? []))
  const streams = new Set<Response>()
  const body = express.json({ limit: '256kb' })

  router.get('/api/network', async (_request, response) => {
    const cast = await castOf(networks, network)
    response.json({ ...cast, movable: deps.clock !== undefined, clock: mover.state() } satisfies WireNetwork)
  })

  router.get('/api/texts/:language', async (request, response) => {
    response.json(await pageTexts(texts, request.params.language))
  })

  router.get('/api/messages', async (request, response) => {
    const { space, member, limit } = messagesQuery.parse(request.query)
    if (!(await maySee(networks, network, member, space))) throw new CannotAct('notHere')
    // One more than asked for tells whether there are earlier ones.
    const found = await messages.latest(space, member, limit + 1)
    response.json({
      messages: found.slice(-limit).map(drawMessage),
      more: found.length > limit,
    } satisfies WireMessages)
  })

  router.get('/api/events', (request, response) => {
    response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
    response.flushHeaders()
    const send = (event: string, data: unknown): void =>
      void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    streams.add(response)
    const stops = [
      messages.onChange((change) => send('change', change)),
      mover.onChange(() => send('clock', mover.state())),
    ]
    request.on('close', () => {
      streams.delete(response)
      stops.forEach((stop) => stop())
    })
    send('clock', mover.state())
  })

  router.post('/api/act', body, async (request, response) => {
    response.json(await actions.act(actBody.parse(request.body)))
  })

  router.post('/api/form', body, (request, response) => {
    response.json(actions.redraw(formBody.parse(request.body)))
  })

  router.post('/api/clock', body, async (request, response) => {
    const { step } = stepBody.parse(request.body)
    if (!deps.clock) throw new CannotAct('fixedClock')
    const { zone } = await networks.network(network)
    if (!mover.start(step, zone)) throw new CannotAct('moving')
    response.status(202).json(mover.state())
  })

  router.get('/', (request, response) => {
    // Everything in the page is addressed from its own folder.
    if (!request.originalUrl.split('?')[0]?.endsWith('/')) response.redirect(`${request.baseUrl}/`)
    else return sendAsset(response, 'index.html', request.headers['if-none-match'])
  })
  router.get('/:name', async (request, response, next) => {
    if (!(await sendAsset(response, request.params.name, request.headers['if-none-match']))) next()
  })

  router.use(answerMistakes(log))
  return {
    router,
    messenger: createMessenger({ networks, network, messages, clock }),
    close: () => streams.forEach((stream) => stream.end()),
  }
}

/** Sends a file of the page, or only says that the browser has it already. False where there is no such file. */
async function sendAsset(response: Response, name: string, known: string | undefined): Promise<boolean> {
  const assets = await bundle()
  const asset = Object.hasOwn(assets, name) ? assets[name] : undefined
  if (!asset) return false
  response.set({ ETag: asset.etag, 'Cache-Control': 'no-cache', 'Content-Type': asset.type })
  if (known === asset.etag) response.status(304).end()
  else response.send(asset.body)
  return true
}

const STATUS: Record<ErrorCode, number> = {
  badRequest: 400,
  forbidden: 403,
  notHere: 403,
  gone: 410,
  moving: 409,
  fixedClock: 409,
  failed: 500,
}

/** Every failure has a kind text in the page; nothing of what was sent is repeated. */
function answerMistakes(log: Logger): ErrorRequestHandler {
  return (error, _request, response, _next) => {
    const status = (error as { status?: number }).status
    const bad = error instanceof z.ZodError || (status !== undefined && status < 500)
    const code: ErrorCode = error instanceof CannotAct ? error.code : bad ? 'badRequest' : 'failed'
    if (code === 'failed') log.error({ err: error }, 'a request of the playground failed')
    if (response.headersSent) response.end()
    else response.status(STATUS[code]).json({ error: code })
  }
}
