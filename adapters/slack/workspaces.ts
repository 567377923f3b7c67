import { webApi } from '@slack/bolt'
import { Schema, type Connection } from 'mongoose'
import type { Address } from '../../src/kernel/address.ts'
import { inTime } from '../../src/kernel/in-time.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import { askTogether, byId } from '../../src/kernel/together.ts'
import type { Seal } from '../../src/kernel/seal.ts'

/** A Slack workspace that Linkpin is installed in, and the way to talk to it. */
export interface Workspace {
  team: string
  token: string
  botId: string
  botUserId: string
  client: webApi.WebClient
}

/** Which workspaces there are. */
export interface Workspaces {
  /**
   * Asked anew each time: whoever uninstalls is gone at once, on every replica. While the store is away or slow, the last
   * answer is good enough to tell people kindly that it is.
   */
  find(team: string): Promise<Workspace | undefined>
  /** As it last was, for what Slack itself sends: nothing comes from where Linkpin is not installed any more. */
  last(team: string): Workspace | undefined
  /** The workspaces through which an address can be reached: its own, or for a guest the ones they were met in. */
  reaching(address: Pick<Address, 'tenant' | 'kind'>): Promise<Workspace[]>
  /** Remembers that people of a team were met in a shared channel (Slack Connect) of a workspace. */
  met(guests: string, through: string): Promise<void>
  install(team: string, bot: { token: string; id: string; userId: string }): Promise<void>
  /** Forgets a workspace and its token. */
  uninstall(team: string): Promise<void>
}

interface InstallationDoc {
  _id: string
  token: string
  botId: string
  botUserId: string
}

interface GuestsDoc {
  _id: string
  through: string[]
}

/** For so long the store may take where there is an answer of before. */
const MOST_WAIT_MS = 500
/** How old an answer may be that nobody waits for. */
const FRESH_MS = 1000

const text = { type: String, required: true }
const installationSchema = new Schema<InstallationDoc>(
  { _id: text, token: text, botId: text, botUserId: text },
  { versionKey: false, timestamps: true },
)
const guestsSchema = new Schema<GuestsDoc>({ _id: text, through: [String] }, { versionKey: false })

/** Many workspaces, installed through OAuth; their tokens are stored sealed. */
export function createInstalledWorkspaces(deps: {
  db: Connection
  seal: Seal
  options: webApi.WebClientOptions
  log: Logger
}): Workspaces {
  const model = deps.db.model<InstallationDoc>('SlackInstallation', installationSchema, 'slack_installations')
  const clients = clientsOf(deps.options)
  const known = new Map<string, Workspace>()
  const lookedAt = new Map<string, number>()
  const installation = askTogether(async (teams) =>
    byId(await model.find({ _id: { $in: teams } }).lean<InstallationDoc[]>()),
  )
  async function look(team: string): Promise<Workspace | undefined> {
    const found = await installation(team)
    if (!found) return undefined
    const token = deps.seal.open(found.token, team)
    if (token) return { team, token, botId: found.botId, botUserId: found.botUserId, client: clients(token) }
    deps.log.error(
      { team },
      'the token of a Slack workspace cannot be read: is the encryption key still the same?',
    )
    return undefined
  }
  async function lookAnew(team: string): Promise<Workspace | undefined> {
    lookedAt.set(team, performance.now())
    const found = await look(team)
    if (found) known.set(team, found)
    else known.delete(team)
    return found
  }
  const find: Workspaces['find'] = async (team) => {
    const looking = lookAnew(team)
    const last = known.get(team)
    return last
      ? inTime(
          MOST_WAIT_MS,
          looking.catch(() => last),
          last,
        )
      : looking
  }
  const guests = createGuests(deps.db, find)
  return {
    find,
    last(team) {
      const last = known.get(team)
      if (last && performance.now() - (lookedAt.get(team) ?? 0) > FRESH_MS) {
        void lookAnew(team).catch(() => undefined)
      }
      return last
    },
    ...guests,
    async install(team, bot) {
      const token = deps.seal.close(bot.token, team)
      await model.updateOne(
        { _id: team },
        { $set: { token, botId: bot.id, botUserId: bot.userId } },
        { upsert: true },
      )
      known.delete(team)
    },
    async uninstall(team) {
      await model.deleteOne({ _id: team })
      known.delete(team)
      await guests.forget(team)
    },
  }
}

/** The one workspace that a token from the configuration belongs to. Slack says which; it is asked until it answers. */
export function createSingleWorkspace(deps: {
  db: Connection
  token: string
  options: webApi.WebClientOptions
}): Workspaces {
  const { token } = deps
  const client = new webApi.WebClient(token, deps.options)
  let own: Promise<Workspace> | undefined
  let known: Workspace | undefined
  let gone = false
  const ask = async (): Promise<Workspace> => {
    const { team_id, bot_id, user_id } = await client.auth.test()
    if (!team_id || !bot_id || !user_id) throw new Error('the Slack token is not the token of a bot')
    return (known = { team: team_id, token, botId: bot_id, botUserId: user_id, client })
  }
  const find: Workspaces['find'] = async (team) => {
    if (gone) return undefined
    own ??= ask()
    try {
      const workspace = await own
      return workspace.team === team ? workspace : undefined
    } catch (error) {
      own = undefined
      throw error
    }
  }
  const guests = createGuests(deps.db, find)
  return {
    find,
    last: (team) => (known?.team === team && !gone ? known : undefined),
    ...guests,
    install: async () => {
      throw new Error('one workspace is configured: there is nothing to install')
    },
    async uninstall(team) {
      gone ||= (await find(team)) !== undefined
      await guests.forget(team)
    },
  }
}

// A shared channel holds people of other workspaces. Only whole teams are remembered here, never persons.
function createGuests(db: Connection, find: Workspaces['find']) {
  const model = db.model<GuestsDoc>('SlackGuests', guestsSchema, 'slack_guests')
  const known = new Set<string>()
  const present = async (teams: string[]): Promise<Workspace[]> =>
    (await Promise.all(teams.map(find))).filter((workspace) => workspace !== undefined)
  /** Where this process has met them. */
  const metIn = (tenant: string): string[] =>
    [...known].flatMap((pair) => (pair.startsWith(`${tenant}|`) ? pair.slice(tenant.length + 1) : []))
  return {
    async reaching({ tenant, kind }: Pick<Address, 'tenant' | 'kind'>): Promise<Workspace[]> {
      try {
        const own = await present([tenant])
        if (own.length > 0 || kind === 'channel') return own
        return await present((await model.findById(tenant).lean())?.through ?? [])
      } catch (error) {
        const hosts = kind === 'channel' ? [] : await present(metIn(tenant))
        if (hosts.length === 0) throw error
        return hosts
      }
    },
    async met(guests: string, through: string): Promise<void> {
      const pair = `${guests}|${through}`
      if (known.has(pair)) return
      await model.updateOne({ _id: guests }, { $addToSet: { through } }, { upsert: true })
      known.add(pair)
    },
    async forget(team: string): Promise<void> {
      known.clear()
      await model.updateMany({ through: team }, { $pull: { through: team } })
    },
  }
}

function clientsOf(options: webApi.WebClientOptions): (token: string) => webApi.WebClient {
  const clients = new Map<string, webApi.WebClient>()
  return (token) => {
    const client = clients.get(token) ?? new webApi.WebClient(token, options)
    clients.set(token, client)
    return client
  }
}
