import { readConfig } from '../config.ts'
import { systemClock } from '../kernel/clock.ts'
import { createLogger } from '../kernel/logger.ts'
import { knock, type Ran } from '../operate.ts'
import { openStore } from '../store/connect.ts'
import { runDeliveries } from './commands.ts'
import { createLedger } from './ledger.ts'
import { createObserve } from './meter.ts'
import { deliveryModel } from './model.ts'
import { createOperating } from './operating.ts'

async function run(args: string[]): Promise<Ran> {
  const { store: settings, logLevel } = readConfig(process.env)
  const ran = 'dataFolder' in settings ? await knock(settings.dataFolder, args) : undefined
  if (ran) return ran
  const store = await openStore(settings)
  try {
    const model = deliveryModel(store.db)
    const ledger = createLedger(model, systemClock, createObserve(createLogger(logLevel)))
    await store.ready()
    return await runDeliveries(args, createOperating(model, ledger, systemClock))
  } finally {
    await store.close()
  }
}

try {
  const { code, text } = await run(process.argv.slice(2))
  process.stdout.write(`${text}\n`)
  process.exitCode = code
} catch (error) {
  // A store in use, a wrong setting: their messages say what to do; a stack would not.
  process.stdout.write(`${error instanceof Error ? error.message : 'It did not work.'}\n`)
  process.exitCode = 1
}
