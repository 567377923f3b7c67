import { boundaries } from '../support/boundaries.ts'
import { skipped, type Tally } from '../support/history.ts'
import { createProxy } from '../support/proxy.ts'
import type { Scenario } from '../support/scenario.ts'
import { inWorld, mongodb } from '../support/world.ts'

const NAME = 'suspended past its lease, then resumed'
const claim = boundaries.find(({ name }) => name === 'claimed')

/**
 * One replica takes a claim and is suspended before it knows; another finds the claim abandoned, an operator has the message
 * sent all the same, and then the first wakes up: it may neither send nor record anything.
 */
async function beforeItSends(): Promise<Tally> {
  return inWorld({ overMongo: true, networks: 1 }, async (world) => {
    const proxy = await createProxy(world.uri)
    const sleeper = await world.start({ MONGODB_URI: proxy.uri })
    await sleeper.up
    let isAsleep = false
    if (!claim) throw new Error('no such boundary')
    proxy.set({
      at: claim,
      when: 'after',
      nth: 1,
      spring: () => {
        sleeper.signal('SIGSTOP')
        isAsleep = true
        return 'go on'
      },
    })
    await world.owe('sleep', 0, 1, 'slack')
    const id = world.owed[0]?.id ?? ''
    const wrong: string[] = []
    if (!(await world.until(() => isAsleep))) wrong.push('it never claimed anything')
    await world.start()
    await world.settled()
    const outcome = await world.onGround((ground) => ground.operating.retry(id, true))
    if (outcome !== 'waits') wrong.push(`the operator could not have it sent again: ${outcome}`)
    await world.settled()
    sleeper.signal('SIGCONT')
    // What it has on its way ends before it does.
    wrong.push(...(await world.stop()))
    const entry = (await world.ledger()).get(id)
    if (entry?.state !== 'sent' || entry.fence !== 2)
      wrong.push(`in the end: ${entry?.state}, fence ${entry?.fence}`)
    await proxy.vanish()
    return world.judge(`${NAME}, before it sends`, 'sleep', { killed: 1, wrong })
  })
}

/** Suspended while the platform answers: it may know better when it wakes, or find that it has waited too long. */
async function whileItSends(): Promise<Tally> {
  return inWorld({ overMongo: true, networks: 1 }, async (world) => {
    const sleeper = await world.start()
    await sleeper.up
    let isAsleep = false
    world.provider.be(() => {
      sleeper.signal('SIGSTOP')
      isAsleep = true
      return 'accept'
    })
    await world.owe('sleep', 0, 1, 'slack')
    const wrong: string[] = []
    if (!(await world.until(() => isAsleep))) wrong.push('it never sent anything')
    world.provider.be(() => 'accept')
    await world.start()
    await world.settled()
    const id = world.owed[0]?.id ?? ''
    const meanwhile = (await world.ledger()).get(id)?.state
    if (meanwhile !== 'unknown') wrong.push(`meanwhile: ${meanwhile}`)
    sleeper.signal('SIGCONT')
    wrong.push(...(await world.stop()))
    await world.ledger()
    return world.judge(`${NAME}, while it sends`, 'sleep', { killed: 1, wrong })
  })
}

export const suspended: Scenario = {
  name: 'suspended',
  async run({ isShort, rounds }) {
    if (!mongodb) return [skipped(NAME, 'MONGODB_TEST_URI is not set')]
    const tallies: Tally[] = []
    for (let round = 0; round < (isShort ? 1 : rounds); round++)
      tallies.push(...(await Promise.all([beforeItSends(), whileItSends()])))
    return tallies
  },
}
