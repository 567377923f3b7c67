import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { ApiError, exchangeCode, METHODS, respond } from './slack-api.ts'
import type { Json } from './slack-blocks.ts'
import type { Fault, World } from './slack-world.ts'

/** The HTTP side of the test server: `/api/<method>`, `/respond/<id>`, `/upload/<id>`, and the page that asks for consent. */
export function createApiListener(world: World, faults: Map<string, Fault[]>): RequestListener {
  async function call(method: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const params = paramsOf(await bodyOf(request))
    const token = request.headers.authorization?.replace('Bearer ', '')
    const caller = [...world.workspaces.values()].find((one) => one.installed && one.token === token)
    world.calls.push({ method, team: caller?.id, params })
    const fault = faults.get(method)?.shift()
    await fault?.hold
    if (fault?.status) {
      const headers = fault.retryAfter === undefined ? undefined : { 'retry-after': String(fault.retryAfter) }
      return void response.writeHead(fault.status, headers).end()
    }
    if (fault?.error) return json(response, { ok: false, error: fault.error })
    const result = answer(() => {
      if (method === 'oauth.v2.access') return exchangeCode(world, params)
      if (!caller) {
        world.violations.push(`${method}: invalid_auth`)
        throw new ApiError('invalid_auth')
      }
      const run = METHODS[method]
      if (!run) {
        world.violations.push(`${method}: unknown_method`)
        throw new ApiError('unknown_method')
      }
      return run(world, caller, params, `http://${request.headers.host}`)
    })
    // The message exists, the answer is lost.
    if (fault?.reset) return void response.destroy()
    json(response, result)
  }

  return (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const [, area, id = ''] = url.pathname.split('/')
    const serve = async (): Promise<void> => {
      if (area === 'api') return call(id, request, response)
      if (area === 'upload') {
        const content = await bodyOf(request)
        const file = world.files.get(id)
        if (file) file.content = content
        return void response.end('OK')
      }
      if (area === 'respond') {
        const body = JSON.parse(await bodyOf(request)) as Json
        const result = answer(() => (respond(world, id, body), {}))
        return void response.writeHead(result.ok ? 200 : 404).end(JSON.stringify(result))
      }
      if (url.pathname === '/oauth/v2/authorize') return consent(world, url, response)
      response.writeHead(404).end()
    }
    serve().catch((error: unknown) => {
      world.violations.push(`the test server failed: ${String(error)}`)
      response.destroy()
    })
  }
}

function answer(run: () => Json): Json {
  try {
    return { ok: true, ...run() }
  } catch (error) {
    if (error instanceof ApiError) return { ok: false, error: error.message }
    throw error
  }
}

// Whoever asks, consents; the workspace is the one the browser names.
function consent(world: World, url: URL, response: ServerResponse): void {
  const code = world.next('code')
  world.codes.set(code, url.searchParams.get('team') ?? '')
  const back = new URL(url.searchParams.get('redirect_uri') ?? 'http://missing.invalid')
  back.searchParams.set('code', code)
  back.searchParams.set('state', url.searchParams.get('state') ?? '')
  response.writeHead(302, { location: back.toString() }).end()
}

const json = (response: ServerResponse, body: Json): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

// The library sends a form whose objects are JSON.
const paramsOf = (body: string): Json =>
  Object.fromEntries(
    [...new URLSearchParams(body)].map(([key, value]) => [
      key,
      /^[[{]/.test(value) && key !== 'text' ? JSON.parse(value) : value,
    ]),
  )
