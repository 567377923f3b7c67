import { once } from 'node:events'
import { createRequire } from 'node:module'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import './closed-sockets.ts'

const require = createRequire(createRequire(import.meta.url).resolve('mongoose'))
const { Connection } = require('mongodb/lib/cmap/connection.js') as {
  Connection: { prototype: { writeCommand(this: object, command: object, options: object): Promise<void> } }
}

// What has been closed on one side is closed on the other.
const server = createServer((peer) => peer.resume().on('error', () => {}))
let socket: Socket
beforeEach(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
})
afterEach(async () => {
  socket.destroy()
  server.close()
  await once(server, 'close')
})

const write = (): Promise<void> =>
  Connection.prototype.writeCommand.call(
    { socket, onError: () => {} },
    { toBin: async () => [Buffer.from('hello')] },
    { agreedCompressor: 'none' },
  )

test('what is written to a socket that has just been closed fails, instead of waiting for ever', async () => {
  socket.destroy()
  await expect(write()).rejects.toThrow('the connection was closed')
  expect(socket.closed).toBe(true)
  await expect(write()).rejects.toThrow('the connection was closed')
})

test('what can be written is written', async () => {
  await expect(write()).resolves.toBeUndefined()
  expect(socket.listenerCount('close')).toBe(0)
})
