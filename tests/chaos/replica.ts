/** One process of Linkpin as `npm start` runs it, but by the world's clock. */
import { readConfig } from '../../src/config.ts'
import { runUntilTold } from '../../src/process.ts'
import { start } from '../../src/start.ts'
import { chaosClock, type Time } from './support/clock.ts'

const clock = chaosClock(JSON.parse(process.env.CHAOS_TIME ?? '') as Time)
process.on('message', ({ jump }: { jump: number }) => clock.jump(jump))
// Whoever started it has gone.
process.on('disconnect', () => process.exit(1))
await runUntilTold(() => start(readConfig(process.env), clock))
