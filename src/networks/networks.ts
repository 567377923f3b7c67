import type { Connection } from 'mongoose'
import { addressKey, type Address } from '../kernel/address.ts'
import type { Clock } from '../kernel/clock.ts'
import { Refusal } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import { createImporting, type Importing } from './importing.ts'
import { createJoining, type Joining } from './joining.ts'
import { createModels, type SpaceDoc } from './model.ts'
import { createReading } from './reading.ts'
import type { Member, Networks, Space } from './types.ts'

/** Connecting channels. */
interface Binding {
  /**
   * Connects a channel to the member's network, or changes what it is connected as.
   * @throws Refusal where the address is no channel, or is another network's
   */
  bind(member: Member, address: Address, as: Pick<Space, 'kind' | 'language' | 'name'>): Promise<void>
  /** Disconnects a channel of the member's network; tells whether it was connected. */
  unbind(member: Member, address: Address): Promise<boolean>
}

/** The networks room: what the others ask, and its own use cases. */
export type NetworksRoom = Networks & Joining & Importing & Binding

/** Networks, partners, members, accounts and spaces, in a store. */
export function createNetworks(deps: { db: Connection; clock: Clock; events: EventBus }): NetworksRoom {
  const models = createModels(deps.db)
  const reading = createReading(models)
  return {
    ...reading,
    ...createJoining(models, reading, deps),
    ...createImporting(models, reading, deps),

    async bind({ network }, address, { kind, language, name }) {
      if (address.kind !== 'channel') throw new Refusal('networks:errors.channelOnly')
      const _id = addressKey(address)
      // Two steps, so that the second can only ever touch the network's own.
      await models.spaces.updateOne(
        { _id },
        { $setOnInsert: { network, address, kind, language, name, origin: 'chat' } },
        { upsert: true },
      )
      const bound = await models.spaces
        .findOneAndUpdate({ _id, network }, { $set: { kind, language, name } })
        .lean<SpaceDoc>()
      if (!bound) throw new Refusal('networks:errors.channelTaken')
    },

    async unbind({ network }, address) {
      const { deletedCount } = await models.spaces.deleteOne({ _id: addressKey(address), network })
      return deletedCount > 0
    },
  }
}
