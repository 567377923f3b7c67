import { webApi } from '@slack/bolt'
import { clientOptions } from '../../adapters/slack/client.ts'
import { createDirectChats } from '../../adapters/slack/direct.ts'
import { createMessenger } from '../../adapters/slack/messenger.ts'
import { createPictures } from '../../adapters/slack/pictures.ts'
import { renderMessage } from '../../adapters/slack/render.ts'
import { createSeal } from '../../src/kernel/seal.ts'
import { createInstalledWorkspaces } from '../../adapters/slack/workspaces.ts'
import { deliveryModel, type DeliveryDoc } from '../../src/delivery/model.ts'
import { randomId } from '../../src/kernel/ids.ts'
import { inParallel } from '../../src/kernel/parallel.ts'
import { startAcceptingSlack } from '../support/generator.ts'
import { openLedger } from '../support/ledger.ts'
import { inWords, perSecond, sideBySide, type Row } from '../support/row.ts'
import { log, message, tenantOf } from '../support/world.ts'

export const deliveriesToSlack: Row = {
  bot: 'deliveries through the ledger and the dispatcher to a Slack that accepts everything',
  against: 'bare WebClient loop, 50 in flight',
  target: '>= 0.5',
  async measure(size) {
    const networks = size.of(400)
    const slack = await startAcceptingSlack()
    const options = clientOptions(log, slack.apiUrl)
    const seal = createSeal(['bench'], 'slack tokens')
    let install = async (_team: string): Promise<void> => {}
    const ledger = await openLedger(networks, ({ db }) => {
      const workspaces = createInstalledWorkspaces({ db, log, options, seal })
      install = (team) => workspaces.install(team, { token: `xoxb-${team}`, id: 'B0', userId: 'U0' })
      return createMessenger(workspaces, createPictures(log), createDirectChats())
    })
    for (let n = 0; n < networks; n++) await install(tenantOf(n))
    const client = new webApi.WebClient('xoxb-bench', options)
    const content = renderMessage(message)
    const posts = Array.from({ length: ledger.count }, () => ({ channel: 'C0BENCH', ...content }))
    try {
      const ratios = await sideBySide(size, {
        ours: () => ledger.run(),
        floor: () =>
          perSecond(posts.length, () =>
            inParallel(posts, 50, (post) => client.chat.postMessage(post as never)),
          ),
      })
      return { measured: inWords(ratios), met: ratios.median >= 0.5 }
    } finally {
      await ledger.close()
      await slack.close()
    }
  },
}

export const dispatcher: Row = {
  bot: 'in-process dispatcher, a send that does nothing',
  against: 'raw insert and two compare-and-sets of the same documents on the same store',
  target: '>= 0.7',
  async measure(size) {
    const ledger = await openLedger(size.of(700), () => ({
      serves: async () => true,
      post: async () => ({ n: '1' }),
      update: async () => {},
    }))
    const { db } = ledger.store
    const { schema } = deliveryModel(db)
    const raw = db.model<DeliveryDoc>('BenchDelivery', schema, 'bench_deliveries')
    await raw.init()
    const floor = async () => {
      const example = await db.model<DeliveryDoc>('Delivery').findOne().lean<DeliveryDoc>()
      const docs = Array.from({ length: ledger.count }, () => ({
        ...(example ?? { view: message, lane: 'slack', fence: 0 }),
        _id: randomId(),
        state: 'pending',
      }))
      return perSecond(docs.length, async () => {
        await raw.insertMany(docs, { ordered: false })
        await inParallel(docs, 8, async ({ _id }) => {
          const claimed = await raw
            .findOneAndUpdate(
              { _id, state: 'pending' },
              {
                $set: { state: 'claimed', leaseUntil: new Date() },
                $unset: { notBefore: 1 },
                $inc: { fence: 1 },
              },
              { returnDocument: 'after' },
            )
            .lean<DeliveryDoc>()
          await raw.findOneAndUpdate(
            { _id, fence: claimed?.fence, state: 'claimed' },
            { $set: { state: 'sent', sentAt: new Date() }, $unset: { leaseUntil: 1 } },
          )
        })
      })
    }
    try {
      await ledger.run()
      const ratios = await sideBySide(size, { ours: () => ledger.run(), floor })
      return { measured: inWords(ratios), met: ratios.median >= 0.7 }
    } finally {
      await ledger.close()
    }
  },
}
