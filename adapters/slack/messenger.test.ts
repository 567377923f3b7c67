import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Refused } from '../../src/delivery/port.ts'
import { directTo } from '../../src/kernel/address.ts'
import type { View } from '../../src/views/view.ts'
import { place, question, startRig, text, type Rig } from '../../tests/support/slack-rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.close())

describe('the messenger', () => {
  const deliver = (view = text('Good morning')) =>
    rig.adapter.messenger.post(place, view, { deliveryId: 'd1' })

  test('posts once and updates', async () => {
    const ref = await deliver()
    await rig.adapter.messenger.update(place, ref, text('Good evening'))
    await rig.adapter.messenger.update(place, ref, text('Good evening'))
    expect(rig.slack.messages(rig.team).map(rig.slack.read)).toEqual(['Good evening'])
    expect(await rig.adapter.messenger.serves(place)).toBe(true)
    expect(await rig.adapter.messenger.serves({ ...place, tenant: 'T0OTHER' })).toBe(false)
  })

  test('too fast: refused, with the seconds to wait', async () => {
    rig.slack.fail('chat.postMessage', { status: 429, retryAfter: 7 }, { status: 429 })
    await expect(deliver()).rejects.toMatchObject({
      name: 'Refused',
      reason: 'rate_limited',
      retryAfterSeconds: 7,
    })
    await expect(deliver()).rejects.toMatchObject({ reason: 'rate_limited', retryAfterSeconds: 30 })
  })

  test('a clear no: refused for good', async () => {
    for (const error of ['channel_not_found', 'is_archived', 'account_inactive', 'token_revoked']) {
      rig.slack.fail('chat.postMessage', { error })
      await expect(deliver()).rejects.toEqual(new Refused(error))
    }
    await expect(
      rig.adapter.messenger.post({ ...place, tenant: 'T0OTHER' }, question, { deliveryId: 'd1' }),
    ).rejects.toEqual(new Refused('not_installed'))
  })

  test('a lost answer is not a no, and nothing is sent twice', async () => {
    for (const fault of [
      { reset: true },
      { status: 500 },
      { error: 'internal_error' },
      { error: '<html>Sorry</html>' },
    ]) {
      rig.slack.fail('chat.postMessage', fault)
      await expect(deliver()).rejects.not.toBeInstanceOf(Refused)
    }
    expect(rig.slack.messages(rig.team)).toHaveLength(1)
  })

  test('what fails before the message is a no: no chat, no message', async () => {
    const address = directTo({ platform: 'slack', tenant: 'T0CITY', userId: 'U0AYLIN' })
    rig.slack.fail('conversations.open', { status: 500 })
    await expect(rig.adapter.messenger.post(address, question, { deliveryId: 'd1' })).rejects.toMatchObject({
      reason: 'not_prepared',
      retryAfterSeconds: 30,
    })
    await rig.adapter.messenger.post(address, question, { deliveryId: 'd1' })
    expect(rig.slack.direct(rig.aylin)).toHaveLength(1)
  })

  test('a picture is brought to Slack once; where that fails, its alternative is shown', async () => {
    const picture: View = {
      summary: 'A picture',
      blocks: [{ type: 'image', png: 'iVBORw0KGgo=', alt: 'A line that rises' }],
    }
    const ref = await deliver(picture)
    await rig.adapter.messenger.update(place, ref, picture)
    expect(rig.slack.messages(rig.team)[0]?.blocks).toMatchObject([
      { type: 'image', alt_text: 'A line that rises' },
    ])
    expect(rig.slack.calls.filter(({ method }) => method === 'files.getUploadURLExternal')).toHaveLength(1)
    rig.slack.fail('files.getUploadURLExternal', { status: 500 })
    await deliver({ ...picture, blocks: [{ type: 'image', png: 'AAAA', alt: 'Another line' }] })
    expect(rig.slack.messages(rig.team)[1]?.blocks).toMatchObject([{ type: 'context' }])
    rig.slack.fail('chat.postMessage', { error: 'invalid_blocks' })
    await deliver(picture)
    expect(rig.slack.messages(rig.team)[2]?.blocks).toMatchObject([{ type: 'image' }])
    expect(rig.slack.violations).toEqual([])
  })
})
