import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { schedule } from 'node-cron'
import { createPlayground } from '../adapters/playground/server.ts'
import { keptClock } from '../adapters/playground/kept-clock.ts'
import { createSlackAdapter } from '../adapters/slack/slack.ts'
import { createTeamsAdapter } from '../adapters/teams/teams.ts'
import { advanceTo } from './advance.ts'
import { createApp, type App } from './app.ts'
import type { Config } from './config.ts'
import { withAllowance } from './conversation/allowance.ts'
import type { Conversation } from './conversation/port.ts'
import type { Promptness } from './conversation/promptly.ts'
import { overRedis } from './delivery/bullmq.ts'
import { runDeliveries } from './delivery/commands.ts'
import { createHttp } from './http.ts'
import { loadTexts } from './i18n/texts.ts'
import { systemClock, type Clock, type MovableClock } from './kernel/clock.ts'
import { createLogger, type Logger } from './kernel/logger.ts'
import { createSeal } from './kernel/seal.ts'
import { createMetrics } from './metrics.ts'
import { createDoor } from './operate.ts'
import { openStore, type Store } from './store/connect.ts'
import { createTicker, withHaste } from './ticker.ts'

// As often as the slowest pace: Slack takes one message a second in a channel.
const TICK = '* * * * * *'
/** With the lease of a claim, what a process that died had on its way is settled within 75 seconds. */
const SETTLE = '*/15 * * * * *'
const TIDY = '30 * * * * *'
/** With one write at 200 ms, Slack and Teams have their acknowledgement within half a second. */
const ACCEPT_AFTER_MS = 200
/** Without a tick for so long, somebody should look. */
const QUIET_SECONDS = 60

/**
 * Starts Linkpin; resolves when it listens.
 * @param now the clock it goes by; the playground's own stands still, where nobody real is reached
 * @returns a function that stops it gracefully
 */
export async function start(config: Config, now: Clock = systemClock): Promise<() => Promise<void>> {
  const log = createLogger(config.logLevel)
  const texts = await loadTexts(new URL('../locales', import.meta.url).pathname)
  const store = await openStore(config.store)
  // Only where nobody real is reached does time stand still until a button moves it.
  const still = config.playground && !config.slack && !config.teams ? await keptClock(store.db) : undefined
  const clock = still ?? now
  const { meter, handler: metricsOf } = createMetrics()
  // Where time stands still, all that follows is seen at once: nobody else may do it later.
  const createDispatcher = config.redisUrl && !still ? overRedis(config.redisUrl, log) : undefined
  const app = await createApp({
    ...{ store, clock, texts, log, meter, createDispatcher },
    promptness: promptnessOf(config),
  })
  await app.networks.tellWhoLeft()
  const ticker = createTicker(app, log)
  const hasty = withHaste(app.conversation, ticker, still !== undefined)
  // The playground's page answers for all its invented people, and for nobody else.
  const conversation = still ? hasty : withAllowance(hasty, texts)
  const deps = { conversation, clock, db: store.db, log, texts }

  const slack = config.slack && createSlackAdapter(config.slack, deps)
  const teams = config.teams && createTeamsAdapter(config.teams, deps)
  const playground = config.playground && (await openPlayground(config.playground, app, deps, still))
  for (const adapter of [slack, teams, playground]) if (adapter) app.addMessenger(adapter.messenger)
  await app.settle()

  const door =
    'dataFolder' in config.store &&
    createDoor(config.store.dataFolder, (args) => runDeliveries(args, app.operating))
  const server = createHttp({
    slack: slack && ((request, response) => slack.listener(request, response)),
    teams: teams && ((request, response) => teams.handler(request, response)),
    playground: playground?.router,
    async ready() {
      await store.ping()
      if (ticker.quietFor() > QUIET_SECONDS) throw new Error('no tick goes through')
    },
    metrics: config.metricsToken
      ? { token: config.metricsToken, handler: metricsOf(app.operating, ticker.quietFor) }
      : undefined,
    operate: door || undefined,
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(config.port, config.host, resolve)
  })
  const tasks = [
    schedule(TICK, () => void ticker.run()),
    schedule(SETTLE, () => orLog('settling', app.reconcile, log), { noOverlap: true }),
    schedule(TIDY, () => orLog('tidying', app.tidy, log), { noOverlap: true }),
  ]
  const { port } = server.address() as AddressInfo
  if (door) door.open(config.host, port)
  announce(config, port, log)

  return async () => {
    const sent = app.stop()
    await Promise.all(tasks.map((task) => task.destroy()))
    playground?.close()
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    await closed
    await Promise.all([slack?.stop(), teams?.stop()])
    await Promise.all([ticker.idle(), sent])
    if (door) door.close()
    await store.close()
  }
}

// What is accepted before its effect is sealed under what all replicas know and the store does not.
function promptnessOf({ slack, teams }: Config): Promptness | undefined {
  const secret = slack?.signingSecret || teams?.appPassword
  return secret ? { afterMs: ACCEPT_AFTER_MS, seal: createSeal([secret], 'requests') } : undefined
}

async function openPlayground(
  { networkFile }: NonNullable<Config['playground']>,
  app: App,
  deps: {
    conversation: Conversation
    db: Store['db']
    log: Logger
    texts: Awaited<ReturnType<typeof loadTexts>>
  },
  still: MovableClock | undefined,
): Promise<ReturnType<typeof createPlayground>> {
  const network = await app.networks.importFile(readFileSync(networkFile, 'utf8'))
  return createPlayground({
    ...deps,
    networks: app.networks,
    clock: still,
    network,
    advance: async (to) => {
      if (still) await advanceTo(app, still, to)
    },
  })
}

async function orLog(what: string, work: () => Promise<void>, log: Logger): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.error({ err: error }, `${what} failed`)
  }
}

function announce(config: Config, port: number, log: Logger): void {
  log.info({ port, slack: Boolean(config.slack), teams: Boolean(config.teams) }, 'Linkpin is up')
  if (!config.playground) return
  const host = config.host === '0.0.0.0' ? 'localhost' : config.host
  process.stdout.write(`\n  The playground is open: http://${host}:${port}/playground/\n\n`)
}
