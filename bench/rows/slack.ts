import { inWords, sideBySide, type Row } from '../support/row.ts'
import { openSlackPair } from '../support/slack-pair.ts'

export const slackAction: Row = {
  bot: 'signed Slack action: verify, recognise repetitions, store an answer, acknowledge',
  against: 'bare Bolt action',
  target: '>= 0.5; p99 <= 3 x',
  async measure(size) {
    const pair = await openSlackPair()
    try {
      const count = size.of(3000)
      const ratios = await sideBySide(size, {
        ours: () => pair.ours('slack-action', count),
        floor: () => pair.floor('slack-action', count),
      })
      if ((await pair.answers()) === 0) throw new Error('no answer was stored')
      return {
        measured: `${inWords(ratios)}; p99 ${ratios.p99.toFixed(1)} x`,
        met: ratios.median >= 0.5 && ratios.p99 <= 3,
      }
    } finally {
      await pair.close()
    }
  },
}

export const slackEvent: Row = {
  bot: 'Slack event that is not for us',
  against: 'bare Bolt event',
  target: '>= 0.9',
  async measure(size) {
    const pair = await openSlackPair()
    try {
      const count = size.of(4000)
      const ratios = await sideBySide(size, {
        ours: () => pair.ours('slack-event', count),
        floor: () => pair.floor('slack-event', count),
      })
      return { measured: inWords(ratios), met: ratios.median >= 0.9 }
    } finally {
      await pair.close()
    }
  },
}
