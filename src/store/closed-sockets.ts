import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import mongoose from 'mongoose'

interface Connection {
  socket: Socket
  writeCommand(command: unknown, options: unknown): Promise<void>
}

// The driver that mongoose brings along, and a file of it that has no types.
const require = createRequire(createRequire(import.meta.url).resolve('mongoose'))
const { prototype } = (require('mongodb/lib/cmap/connection.js') as { Connection: { prototype: Connection } })
  .Connection

const { writeCommand } = prototype

/**
 * MongoDB's driver (7.8) writes to a socket that is closed already and then waits for ever for it to drain: an operation
 * that never ends, or the driver's own look at whether the server is back, and then nothing goes through until the process
 * is restarted. It happens when all connections break in the same moment, as when a server restarts. With this, the
 * driver hears that the connection has closed, and opens another.
 */
prototype.writeCommand = function (command, options) {
  const { socket } = this
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(new mongoose.mongo.MongoNetworkError('the connection was closed'))
    socket.once('close', closed)
    if (socket.closed) closed()
    const written = writeCommand.call(this, command, options)
    void written.then(resolve, reject).finally(() => socket.off('close', closed))
  })
}
