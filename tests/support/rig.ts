/**
 * Linkpin as it runs in earnest, with Slack and Teams at the same time: the real app, HTTP server and adapters, put
 * together as `src/main.ts` does it, before a Slack and a Teams of our own. Only the clock is moved by hand.
 *
 *   const rig = await startRig()
 *   const aylin = rig.slackUser('city-1'), katrin = rig.teamsPerson('police-1')   // by the ids of the network's file
 *   const netzwerk = rig.slackChannel('netzwerk'), team = rig.teamsChannel('Präventionsnetzwerk')
 *   await rig.slack.command(aylin, netzwerk, '/linkpin help')
 *   await rig.teams.say(katrin, 'personal', 'hilfe')
 *   await rig.advance({ days: 7 })
 *   expect(rig.complaints()).toEqual([])      // what Slack, Teams or Linkpin itself found wrong
 */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { Connection } from 'mongoose'
import { Temporal } from 'temporal-polyfill'
import { createSlackAdapter } from '../../adapters/slack/slack.ts'
import { createTeamsAdapter } from '../../adapters/teams/teams.ts'
import { advanceTo } from '../../src/advance.ts'
import { createApp } from '../../src/app.ts'
import { createHttp } from '../../src/http.ts'
import { loadTexts } from '../../src/i18n/texts.ts'
import type { Platform } from '../../src/kernel/address.ts'
import { movableClock } from '../../src/kernel/clock.ts'
import { withAllowance } from '../../src/conversation/allowance.ts'
import type { Promptness } from '../../src/conversation/promptly.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import type { NetworksRoom } from '../../src/networks/networks.ts'
import { createMetrics } from '../../src/metrics.ts'
import { openStore, type Store } from '../../src/store/connect.ts'
import { createTicker, withHaste } from '../../src/ticker.ts'
import { startSlack, type SlackChannel, type SlackUser } from './slack-server.ts'
import { startTeamsServer, type Channel, type Person, type TeamsServer } from './teams-server.ts'

type SlackServer = Awaited<ReturnType<typeof startSlack>>

// A Monday, 10:00 in Rheinfurt.
const MONDAY = '2026-11-23T09:00:00Z'
// Time that passes after whatever somebody does: enough for all that follows, at the platforms' pace.
const A_WHILE = { seconds: 30 }
const LOCALES: Record<string, string> = { de: 'de-DE', en: 'en-GB', nl: 'nl-NL' }
const WARNING = 40

export const METRICS_TOKEN = 'a-token-for-the-metrics'

export type Rig = Awaited<ReturnType<typeof startRig>>

interface RigOptions {
  start?: string
  /** The networks' YAML; the example if left out. */
  files?: string[]
  open?: () => Promise<Store>
  /** When requests are acknowledged before their effect: never, if left out. */
  promptness?: Promptness
  /** Whether one person may do only so much. */
  allowance?: boolean
}

export async function startRig({
  start = MONDAY,
  files = [example()],
  open = () => openStore({ dataFolder: ':memory:' }),
  promptness,
  allowance = false,
}: RigOptions = {}) {
  const clock = movableClock(start)
  const logged: string[] = []
  const log = createLogger('info', { write: (line) => void logged.push(line) })
  const texts = await loadTexts('locales')
  const store = await open()
  const [slack, teams] = [await startSlack(), await startTeamsServer()]
  const { meter, handler: metricsOf } = createMetrics()
  const stops: (() => Promise<void>)[] = []

  /** One process of Linkpin on its own port; all share the store. */
  async function replica() {
    const shared = { ...store, db: sharing(store.db) }
    const app = await createApp({ store: shared, clock, texts, log, meter, promptness })
    const ticker = createTicker(app, log)
    const hasty = withHaste(app.conversation, ticker, false)
    const conversation = allowance ? withAllowance(hasty, texts) : hasty
    const deps = { conversation, clock, db: sharing(store.db), log, texts }
    const slackAdapter = createSlackAdapter(
      {
        signingSecret: slack.signingSecret,
        clientId: '1.2',
        clientSecret: 'client-secret',
        publicUrl: 'https://linkpin.example.eu',
        apiUrl: slack.apiUrl,
      },
      deps,
    )
    const teamsAdapter = createTeamsAdapter(teams.settings, deps)
    for (const { messenger } of [slackAdapter, teamsAdapter]) app.addMessenger(messenger)
    const server = createHttp({
      slack: (request, response) => slackAdapter.listener(request, response),
      teams: (request, response) => teamsAdapter.handler(request, response),
      ready: () => store.ping(),
      metrics: { token: METRICS_TOKEN, handler: metricsOf(app.operating, ticker.quietFor) },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stops.push(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all([slackAdapter.stop(), teamsAdapter.stop()])
      await ticker.idle()
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const settle = async (): Promise<void> => {
      await Promise.all([slackAdapter.idle(), teamsAdapter.idle()])
      await ticker.idle()
    }
    return { app, url, settle }
  }
  const { app, url, settle } = await replica()

  // One after the other: people may act at the same moment, the clock moves once for each.
  let passing = Promise.resolve()
  const pass = (duration: Temporal.DurationLike): Promise<void> =>
    (passing = passing.then(() => advanceTo(app, clock, clock.now().add(duration))))
  async function idle(): Promise<void> {
    await settle()
    await pass(A_WHILE)
  }
  slack.connect(url, idle)
  teams.connect(`${url}/api/messages`, idle)

  const networks = []
  for (const file of files) networks.push(await app.networks.importFile(file))
  const cast = await assemble(app.networks, networks, slack, teams)

  return {
    store,
    slack,
    teams,
    ...cast,
    /** What stands in a channel or in somebody's direct chat, a line for each message. */
    seen: (place: SlackChannel | SlackUser | Channel | Person): string[] => {
      if ('kind' in place) return teams.messages(place).map((message) => onOneLine(message.text()))
      const messages = 'members' in place ? slack.messages(place) : slack.direct(place)
      return messages.map((message) => onOneLine(slack.read(message)))
    },
    /** What a person in Slack was shown alone, in channels or after a command. */
    whispers: (user: SlackUser): string[] =>
      slack.ephemerals(user).map((message) => onOneLine(slack.read(message))),
    /** The logged lines, as JSON. */
    logged,
    /** Lets time pass: everything happens at its own local hour. */
    advance: ({ weeks = 0, days = 0, hours = 0, minutes = 0 }): Promise<void> =>
      // Days of 24 hours are good enough for moving a clock; rules reckon with local dates.
      pass({ hours: hours + 24 * (days + 7 * weeks), minutes }),
    /** Moves the clock to an instant, ISO 8601. */
    advanceTo: (instant: string): Promise<void> => pass(clock.now().until(Temporal.Instant.from(instant))),
    /** What the platforms refused or would have refused, and what Linkpin logged as a warning or worse, or with a name. */
    complaints: (): string[] => [
      ...slack.violations,
      ...teams.violations,
      ...logged.filter((line) => cast.names.some((name) => line.includes(name))),
      ...logged.filter((line) => (JSON.parse(line) as { level: number }).level >= WARNING),
    ],
    /** Where it listens. */
    url,
    /** Waits for what follows from requests that were sent past `slack` and `teams`. */
    idle,
    /** Another process on the same store and platforms. */
    replica,
    app,
    clock,
    texts,
    log,
    /** The store's connection, for one more process. */
    db: sharing(store.db),
    async close(): Promise<void> {
      for (const stop of stops) await stop()
      await Promise.all([slack.close(), teams.close()])
      await store.close()
    },
  }
}

/** The connection for one more process: a model can be made only once on a connection. */
const sharing = (db: Connection): Connection =>
  new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (name !== 'model') return typeof value === 'function' ? value.bind(target) : value
      return (...args: Parameters<Connection['model']>) => target.models[args[0]] ?? target.model(...args)
    },
  })

// Bold words and list items are texts of their own; a reader sees them in one line.
const onOneLine = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,.:])/g, '')
    .trim()

/** The example network's file. */
export const example = (): string => readFileSync('examples/rheinfurt.yaml', 'utf8')

/** Gives every account and channel of the networks its counterpart on the platforms, and installs Linkpin there. */
async function assemble(networks: NetworksRoom, ids: string[], slack: SlackServer, teams: TeamsServer) {
  const users = new Map<string, SlackUser>()
  const persons = new Map<string, Person>()
  const slackChannels = new Map<string, SlackChannel>()
  const teamsChannels = new Map<string, Channel>()
  const members = (await Promise.all(ids.map((id) => networks.members(id)))).flat()
  const spaces = (await Promise.all(ids.map((id) => networks.spaces(id)))).flat()

  const tenants = (platform: Platform): Set<string> =>
    new Set(
      [...members.flatMap(({ accounts }) => accounts), ...spaces.map(({ address }) => address)]
        .filter((one) => one.platform === platform)
        .map(({ tenant }) => tenant),
    )
  for (const tenant of tenants('slack')) {
    slack.workspace(tenant, false)
    const { status } = await slack.authorise(tenant)
    if (status !== 200) throw new Error(`Linkpin was not installed in ${tenant}: ${status}`)
  }
  for (const { id, name, language, zone, accounts } of members) {
    for (const { platform, tenant, userId } of accounts) {
      const habits = { locale: LOCALES[language] ?? language, zone }
      if (platform === 'slack') users.set(id, slack.user(userId, { team: tenant, ...habits }))
      else persons.set(id, teams.person(name, { aadObjectId: userId, tenant, ...habits }))
    }
  }
  for (const { network, kind, name, address } of spaces) {
    const wanted = members.filter((one) => one.network === network && (kind === 'team' || one.coordinator))
    if (address.platform === 'slack') {
      const inside = wanted.flatMap(({ id }) => users.get(id) ?? [])
      const own = inside.filter(({ team }) => team === address.tenant)
      slackChannels.set(name, slack.channel(address.id, { team: address.tenant, name, members: own }))
    } else {
      const channel = teams.channel(name, { id: address.id, tenant: address.tenant })
      teamsChannels.set(name, channel)
      const [first] = wanted.flatMap(({ id }) => persons.get(id) ?? [])
      if (first) await teams.addTo(channel, first)
    }
  }
  const found = <T>(map: Map<string, T>) => {
    return (key: string): T => {
      const thing = map.get(key)
      if (!thing) throw new Error(`no ${key} there; there is: ${[...map.keys()].join(', ')}`)
      return thing
    }
  }
  return {
    names: members.map(({ name }) => name),
    /** A member's account in Slack, by the member's id. */
    slackUser: found(users),
    /** A member's account in Teams, by the member's id. */
    teamsPerson: found(persons),
    /** A bound channel, by the name of the space. */
    slackChannel: found(slackChannels),
    teamsChannel: found(teamsChannels),
  }
}
