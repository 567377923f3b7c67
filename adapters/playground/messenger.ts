import { addressKey, type Address } from '../../src/kernel/address.ts'
import { toDate, type Clock } from '../../src/kernel/clock.ts'
import { Refused, type Messenger } from '../../src/delivery/port.ts'
import type { Networks } from '../../src/networks/types.ts'
import type { Messages } from './messages.ts'

/** The way out to the invented network: what Linkpin posts is kept, and the page shows it as both platforms would. */
export function createMessenger(deps: {
  networks: Networks
  network: string
  messages: Messages
  clock: Clock
}): Messenger {
  const { networks, network, messages, clock } = deps
  return {
    async serves(address) {
      if (address.kind === 'channel') return (await networks.spaceAt(address))?.network === network
      return (await networks.memberByAccount(accountOf(address)))?.network === network
    },
    async post(address, view, { deliveryId }) {
      const message = { _id: deliveryId, space: addressKey(address), at: toDate(clock.now()), view }
      await messages.add(message)
      return { message: deliveryId }
    },
    async update(_address, { message }, view) {
      if (message === undefined || !(await messages.replace(message, view)))
        throw new Refused('message_not_found')
    },
  }
}

const accountOf = ({ platform, tenant, id }: Address) => ({ platform, tenant, userId: id })
