import { Schema } from 'mongoose'
import { z } from 'zod'
import { createConversation } from '../../src/conversation/handle.ts'
import { action, type Conversation, type Feature } from '../../src/conversation/port.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { derivedId } from '../../src/kernel/ids.ts'
import { smallNetwork } from '../../tests/support/small-network.ts'
import { createGround, openTemporaryStore } from './world.ts'

const args = z.object({ item: z.string(), value: z.number().int() })
const schema = new Schema({ _id: String, value: Number })

/**
 * The least that a press may do: the request recognised as new, the member found, the action parsed and allowed, one
 * answer stored. As many members as a large network has.
 */
export async function createAnswering() {
  const { store, close } = await openTemporaryStore()
  const ground = createGround(store, systemClock)
  const answers = store.db.model('BenchAnswer', schema, 'bench_answers')
  const feature: Feature = {
    name: 'bench',
    commands: [],
    actions: {
      'bench.answer': action({
        who: 'member',
        args,
        async run({ member }, { item, value }) {
          const _id = derivedId(member.network, member.id, item)
          await answers.updateOne({ _id }, { $set: { value } }, { upsert: true })
          return {}
        },
      }),
    },
  }
  const conversation: Conversation = createConversation({ ...ground, features: [feature] })
  await store.ready()
  const network = await ground.networks.importFile(smallNetwork(100))
  return { ...ground, conversation, members: await ground.networks.members(network), answers, close }
}
