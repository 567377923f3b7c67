import { parseArgs } from 'node:util'
import type { Operated, Operating } from './operating.ts'
import type { DeliveryState } from './port.ts'

const STATES: DeliveryState[] = ['pending', 'claimed', 'retry', 'sent', 'failed', 'unknown', 'dropped']

const USAGE = `Usage: npm run deliveries -- list [--state STATE] [--network NETWORK]
                                    what failed, or may have arrived and may not; or what is in another state
       npm run deliveries -- show ID         where one stands, and why
       npm run deliveries -- retry ID        send one again that failed; with --yes one that may have arrived
States: ${STATES.join(', ')}`

/**
 * The operator's commands around deliveries, in plain English: ids, states, times and reasons; never what a message says.
 * @param args what was typed after `npm run deliveries --`
 * @returns what to print, and the exit code: 0 where it was done, 1 where not
 */
export async function runDeliveries(
  args: string[],
  operating: Operating,
): Promise<{ code: number; text: string }> {
  const done = (text: string) => ({ code: 0, text })
  const failed = (text: string) => ({ code: 1, text })
  const read = parse(args)
  if (!read) return failed(USAGE)
  const { command, id, state, network, yes } = read
  if (command === 'list') {
    if (id !== undefined) return failed(USAGE)
    const { total, latest } = await operating.list({
      network,
      state: state ? [state] : ['failed', 'unknown'],
    })
    return done([...latest.map(inOneLine), counted(total, latest.length)].join('\n'))
  }
  if (id === undefined || state || network) return failed(USAGE)
  if (command === 'show') {
    const found = await operating.show(id)
    return found ? done(inFull(found)) : failed(`There is no delivery ${id}.`)
  }
  if (command !== 'retry') return failed(USAGE)
  const outcome = await operating.retry(id, yes)
  switch (outcome) {
    case 'waits':
      return done('It is sent with the next tick, if it still has a place to go to.')
    case 'unknown-id':
      return failed(`There is no delivery ${id}.`)
    case 'may-have-arrived':
      return failed('It may have arrived. Look there first; to risk sending it twice, add --yes.')
    case 'no-content':
      return failed('Its content has been deleted, as all contents are after thirty days.')
    default:
      return failed(`It is ${outcome}. Only what failed, or is unknown, can be sent again.`)
  }
}

function parse(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { state: { type: 'string' }, network: { type: 'string' }, yes: { type: 'boolean' } },
    })
    const [command, id, ...rest] = positionals
    const state = STATES.find((one) => one === values.state)
    if (rest.length > 0 || (values.state !== undefined && !state)) return undefined
    return { command, id, state, network: values.network, yes: values.yes ?? false }
  } catch {
    // An option that does not exist.
    return undefined
  }
}

const counted = (total: number, shown: number): string =>
  total > shown ? `${total} in all; these are the latest ${shown}.` : `${total} in all.`

const inOneLine = ({ _id, state, reason, owedAt, sentAt, attempts }: Operated): string =>
  [(sentAt ?? owedAt).toISOString(), state.padEnd(7), (reason ?? '-').padEnd(16), `${attempts}x`, _id].join(
    '  ',
  )

function inFull(delivery: Operated): string {
  const { _id, network, cause, purpose, lane, state, reason, attempts, fence, ...times } = delivery
  const { owedAt, notBefore, leaseUntil, sentAt, expiresAt, bodyUntil } = times
  const facts = { id: _id, network, cause, purpose, lane, state, reason, attempts, fence }
  const instants = { owedAt, notBefore, leaseUntil, sentAt, expiresAt, contentUntil: bodyUntil }
  return Object.entries({ ...facts, ...instants })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(13)}${value instanceof Date ? value.toISOString() : value}`)
    .join('\n')
}
