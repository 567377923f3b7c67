import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import express, { type RequestHandler, type Router } from 'express'
import { createPages } from './pages.ts'

/** What is served, as far as it is configured. */
export interface Routes {
  /** Everything under `/slack/`; reads the raw body itself, because the signature covers it. */
  slack?: RequestListener
  /** `POST /api/messages`, the body parsed. */
  teams?: RequestHandler
  playground?: Router
  /** @throws where the store cannot be reached, or the clock's work has stopped */
  ready(): Promise<void>
  /** `GET /metrics` */
  metrics?: Guarded
  /** `POST /operate/deliveries`, the body parsed. */
  operate?: Guarded
}

/** For those who show the token, as `Authorization: Bearer …`. To everybody else it is not there. */
interface Guarded {
  token: string
  handler: RequestHandler
}

/** One HTTP server for every platform. The caller listens. */
export function createHttp({ slack, teams, playground, ready, metrics, operate }: Routes): Server {
  const web = express()
  web.disable('x-powered-by')
  web.get('/healthz', (_request, response) => {
    response.json({ ok: true })
  })
  web.get('/readyz', async (_request, response) => {
    try {
      await ready()
      response.json({ ok: true })
    } catch {
      response.status(503).json({ ok: false })
    }
  })
  if (metrics) web.get('/metrics', onlyWith(metrics.token), metrics.handler)
  if (operate) {
    web.post('/operate/deliveries', onlyWith(operate.token), express.json({ limit: '16kb' }), operate.handler)
  }
  web.use(createPages())
  if (teams) web.post('/api/messages', express.json({ limit: '256kb' }), teams)
  if (playground) {
    web.use('/playground', playground)
    web.get('/', (_request, response) => {
      response.redirect('/playground/')
    })
  }
  web.use((_request, response) => {
    response.status(404).end()
  })
  web.use(refuseBadRequests)
  // Bolt's receiver stands beside Express, not inside: it is twice as fast that way.
  return createServer((request, response) => {
    if (slack && request.url?.startsWith('/slack/')) slack(request, response)
    else web(request, response)
  })
}

// Not "only from this machine": behind a proxy on the same machine, everybody comes from there.
function onlyWith(token: string): RequestHandler {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  const expected = digest(`Bearer ${token}`)
  return (request, response, next) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) next()
    else response.status(404).end()
  }
}

// A body that is too large or not JSON is the sender's mistake; its content is not repeated.
const refuseBadRequests: express.ErrorRequestHandler = (error, _request, response, _next) => {
  const status = (error as { status?: unknown }).status
  response.status(typeof status === 'number' && status >= 400 && status < 500 ? status : 500).end()
}
