import { readConfig } from './config.ts'
import { runUntilTold } from './process.ts'
import { start } from './start.ts'

await runUntilTold(async () => start(readConfig(process.env)))
