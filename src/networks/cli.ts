import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { readConfig } from '../config.ts'
import { systemClock } from '../kernel/clock.ts'
import { createEvents } from '../kernel/events.ts'
import { createLogger } from '../kernel/logger.ts'
import { openStore, type Store } from '../store/connect.ts'
import { readNetworkFile, type Problem } from './file.ts'
import type { NetworkFile } from './file-schema.ts'
import { FileMistakes } from './importing.ts'
import { CODE_DAYS } from './joining.ts'
import { createNetworks, type NetworksRoom } from './networks.ts'
import type { Member } from './types.ts'

const USAGE = `Usage: npm run network -- check FILE          look for mistakes in a network's file; stores nothing
       npm run network -- import FILE         make the network what the file says
       npm run -s network -- export NETWORK   print the network as a file
       npm run network -- code NETWORK MEMBER make a one-time code, for example for the first coordinator
Without MONGODB_URI, stop Linkpin first: its data folder serves one process at a time.`

/**
 * The operator's commands around networks, in plain English.
 * @param args what was typed after `npm run network --`
 * @param open opens the store; called only by the commands that need it
 * @param out prints one or more lines
 * @returns the exit code: 0 where it was done, 1 where not
 */
export async function runCli(
  args: string[],
  open: () => Promise<Store>,
  out: (text: string) => void,
): Promise<number> {
  const [command, subject, member] = args
  const fits = subject !== undefined && args.length === (command === 'code' ? 3 : 2)
  if (!fits) return fail(out, USAGE)
  const withNetworks = async (work: (networks: NetworksRoom) => Promise<number>): Promise<number> => {
    const store = await open()
    try {
      const events = createEvents(createLogger('silent'))
      const networks = createNetworks({ db: store.db, clock: systemClock, events })
      await store.ready()
      return await work(networks)
    } finally {
      await store.close()
    }
  }
  switch (command) {
    case 'check': {
      const read = readNetworkFile(await readFile(subject, 'utf8'))
      if ('problems' in read) return fail(out, inLines(subject, read.problems))
      out(`${subject}: no mistakes found.`)
      return 0
    }
    case 'import': {
      const text = await readFile(subject, 'utf8')
      const read = readNetworkFile(text)
      if ('problems' in read) return fail(out, inLines(subject, read.problems))
      return withNetworks(async (networks) => {
        const before = await networks.members(read.network.id).catch(() => [])
        try {
          await networks.importFile(text)
        } catch (error) {
          if (error instanceof FileMistakes) return fail(out, inLines(subject, error.problems))
          throw error
        }
        out(inWords(read.network, before, await networks.members(read.network.id)))
        return 0
      })
    }
    case 'export':
      return withNetworks(async (networks) => {
        const text = await networks.exportFile(subject)
        if (text === undefined) return fail(out, await noSuchNetwork(networks, subject))
        out(text.trimEnd())
        return 0
      })
    case 'code':
      return withNetworks(async (networks) => {
        const found = await networks.member(subject, member ?? '')
        if (!found) return fail(out, `There is no member ${member} in a network ${subject}.`)
        const { code } = await networks.linkCode(found)
        out(`${code}\nWorks once, for ${CODE_DAYS} days. In Slack or Teams, write to Linkpin: join ${code}`)
        return 0
      })
    default:
      return fail(out, USAGE)
  }
}

function fail(out: (text: string) => void, text: string): 1 {
  out(text)
  return 1
}

const inLines = (file: string, problems: Problem[]): string =>
  problems.map(({ line, message }) => `${file}, line ${line}: ${message}`).join('\n')

function inWords({ id, partners, members, spaces }: NetworkFile, before: Member[], after: Member[]): string {
  const here = new Set(after.map((member) => member.id))
  const gone = before.filter((member) => !here.has(member.id)).length
  const away = members.filter((member) => !here.has(member.id)).length
  const lines = [
    `${id}: ${partners.length} partners, ${members.length - away} members, ${spaces.length} channels.`,
  ]
  if (gone > 0) lines.push(`Not in the file any more, and therefore left: ${gone}.`)
  if (away > 0)
    lines.push(`In the file, but left by their own decision: ${away}. To return, they need a new id.`)
  return lines.join('\n')
}

async function noSuchNetwork(networks: NetworksRoom, name: string): Promise<string> {
  const known = (await networks.list()).map(({ id }) => id)
  return `There is no network ${name}. ${known.length > 0 ? `Known: ${known.join(', ')}.` : 'None was imported yet.'}`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const print = (text: string): void => void process.stdout.write(`${text}\n`)
  try {
    process.exitCode = await runCli(
      process.argv.slice(2),
      () => openStore(readConfig(process.env).store),
      print,
    )
  } catch (error) {
    // A missing file, a store in use, a wrong setting: their messages say what to do; a stack would not.
    process.exitCode = fail(print, error instanceof Error ? error.message : 'It did not work.')
  }
}
