import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

let counter = 0

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const channel = new URLSearchParams(Buffer.concat(chunks).toString()).get('channel')
    const ts = `1700000000.${String(++counter).padStart(6, '0')}`
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ok: true, channel: typeof channel === 'string' ? channel : { id: 'D0' }, ts }))
  })
})
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('disconnect', () => process.exit())
