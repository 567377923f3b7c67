/** A real Redis of one's own, which forgets everything when it ends; where this machine has none, tests are skipped. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { Redis } from 'ioredis'

export const hasRedis = spawnSync('redis-server', ['--version']).error === undefined

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A server that is not up yet, at an address of its own. */
export async function createRedisServer() {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let client: Redis | undefined
  const kill = async (): Promise<void> => {
    client?.disconnect()
    if (!child) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    child = undefined
    await ended
  }
  return {
    url,
    async start() {
      const nothingKept = ['--save', '', '--appendonly', 'no']
      child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...nothingKept], {
        stdio: 'ignore',
      })
      client = new Redis(url, { maxRetriesPerRequest: null }).on('error', () => {})
      await client.ping()
    },
    kill,
    /** It keeps its connections, and answers nothing. */
    freeze: () => child?.kill('SIGSTOP'),
    flush: async () => void (await client?.flushall()),
    /** How many keys it holds. */
    size: async () => (await client?.dbsize()) ?? 0,
  }
}
