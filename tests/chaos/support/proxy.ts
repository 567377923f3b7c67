/** Stands between a replica and a server of MongoDB's protocol, understands what is written, and makes trouble at will. */
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import mongoose from 'mongoose'
import type { Boundary } from './boundaries.ts'

const { BSON } = mongoose.mongo
const OP_MSG = 2013
const HEADER = 16
const WRITES = ['insert', 'update', 'findAndModify', 'delete']

/** What is done at a write: before it reaches the server, or once it is done and before its sender knows. */
export interface Trap {
  at: Boundary
  when: 'before' | 'after'
  nth: number
  /** Kills or stops the sender. What it returns tells whether the message goes on its way all the same. */
  spring(): 'go on' | 'gone'
}

/** An answer in place of the server's: an error of its own. */
interface Refusal {
  code: number
  codeName: string
  errmsg: string
}

export const DISK_FULL: Refusal = { code: 14031, codeName: 'OutOfDiskSpace', errmsg: 'out of disk space' }
export const READ_ONLY: Refusal = { code: 10107, codeName: 'NotWritablePrimary', errmsg: 'not primary' }

type Document = Record<string, unknown>

/** @param uri of the server: `mongodb://host:port/...` */
export async function createProxy(uri: string) {
  const to = new URL(uri)
  const sockets = new Set<Socket>()
  let server: Server
  let port = 0
  let trap: Trap | undefined
  let delay = 0
  let refusal: Refusal | undefined

  function trapAt(command: Document): Trap | undefined {
    const { at } = trap ?? {}
    const [name = '', collection] = Object.entries(command)[0] ?? []
    if (!trap || !at || !WRITES.includes(name) || collection !== at.collection) return undefined
    if (!JSON.stringify(command).includes(at.mongodb) || --trap.nth > 0) return undefined
    const sprung = trap
    trap = undefined
    return sprung
  }

  function serve(client: Socket): void {
    const upstream = connect(Number(to.port), to.hostname)
    /** Answers that somebody waits for, by the number of their request. */
    const traps = new Map<number, Trap>()
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    inOrder(client, async (message) => {
      if (delay > 0) await pause(delay)
      const command = trap || refusal ? commandOf(message) : undefined
      if (command && refusal && WRITES.includes(Object.keys(command)[0] ?? '')) {
        client.write(answerTo(message, { ok: 0, ...refusal }))
        return
      }
      const sprung = command && trapAt(command)
      if (sprung?.when === 'before' && sprung.spring() === 'gone') return void client.destroy()
      if (sprung?.when === 'after') traps.set(message.readInt32LE(4), sprung)
      upstream.write(message)
    })
    inOrder(upstream, async (message) => {
      if (traps.get(message.readInt32LE(8))?.spring() === 'gone') return void client.destroy()
      client.write(message)
    })
  }

  const open = async (): Promise<void> => {
    server = createServer(serve)
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }
  const vanish = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await open()

  return {
    uri: `mongodb://127.0.0.1:${port}${to.pathname}?directConnection=true`,
    set(next: Trap): void {
      trap = next
    },
    /** Each message to the server takes so many milliseconds longer. */
    slow(milliseconds: number): void {
      delay = milliseconds
    },
    /** Every write is refused so; undefined lets them through again. */
    refuseWrites(how: Refusal | undefined): void {
      refusal = how
    },
    vanish,
    comeBack: open,
  }
}

export type Proxy = Awaited<ReturnType<typeof createProxy>>

/** Takes whole messages from a socket, one after the other. */
function inOrder(from: Socket, take: (message: Buffer) => Promise<void>): void {
  let rest = Buffer.alloc(0)
  let last = Promise.resolve()
  from.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= HEADER && rest.length >= rest.readInt32LE(0)) {
      const message = rest.subarray(0, rest.readInt32LE(0))
      rest = rest.subarray(message.length)
      last = last.then(() => take(message)).catch(() => void from.destroy())
    }
  })
}

/** The command with all its documents: a section of its own may hold what is inserted or updated. */
function commandOf(message: Buffer): Document | undefined {
  if (message.readInt32LE(12) !== OP_MSG) return undefined
  const end = message.length - (message.readUInt32LE(HEADER) & 1 ? 4 : 0)
  let command: Document = {}
  for (let at = HEADER + 4; at < end;) {
    const kind = message[at++]
    const length = message.readInt32LE(at)
    const section = message.subarray(at, at + length)
    at += length
    if (kind === 0) {
      command = { ...(BSON.deserialize(section) as Document), ...command }
      continue
    }
    const name = section.toString('utf8', 4, section.indexOf(0, 4))
    const documents: Document[] = []
    for (let from = 4 + name.length + 1; from < length; from += section.readInt32LE(from))
      documents.push(BSON.deserialize(section.subarray(from, from + section.readInt32LE(from))) as Document)
    command = { ...command, [name]: documents }
  }
  return command
}

function answerTo(request: Buffer, body: Document): Buffer {
  const document = BSON.serialize(body)
  const head = Buffer.alloc(HEADER + 5)
  head.writeInt32LE(head.length + document.length, 0)
  head.writeInt32LE(request.readInt32LE(4), 8)
  head.writeInt32LE(OP_MSG, 12)
  return Buffer.concat([head, document])
}
