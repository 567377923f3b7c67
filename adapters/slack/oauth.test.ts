import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { notice } from '../../src/conversation/port.ts'
import { place, question, startRig, type Rig } from '../../tests/support/slack-rig.ts'
import type { SlackSettings } from './slack.ts'

interface Manifest {
  oauth_config: { redirect_urls: string[]; scopes: { bot: string[] } }
}

const oauth: Partial<SlackSettings> = {
  botToken: undefined,
  clientId: '1.2',
  clientSecret: 'client-secret',
  publicUrl: 'https://linkpin.example.eu',
}

let rig: Rig
beforeEach(async () => {
  rig = await startRig(oauth)
  rig.slack.workspace('T0CITY', false)
})
afterEach(() => rig.close())

describe('many workspaces', () => {
  const installations = () => rig.store.db.collection('slack_installations').find({}).toArray()

  test('add to Slack, talk, and be gone', async () => {
    expect(await rig.adapter.messenger.serves(place)).toBe(false)
    const page = await rig.slack.authorise('T0CITY')
    expect(page).toMatchObject({
      status: 200,
      html: expect.stringContaining('Linkpin ist in Ihrem Workspace'),
    })
    rig.reply = () => notice('Hello')
    await rig.slack.mention(rig.aylin, rig.team, 'help')
    expect(rig.slack.ephemerals(rig.aylin).map(rig.slack.read)).toEqual(['Hello'])
    await rig.adapter.messenger.post(place, question, { deliveryId: 'd1' })
    expect(rig.slack.messages(rig.team)).toHaveLength(1)
    await rig.slack.uninstall('T0CITY')
    expect(await rig.adapter.messenger.serves(place)).toBe(false)
    expect(await installations()).toEqual([])
    rig.heard = []
    await rig.slack.mention(rig.aylin, rig.team, 'help')
    expect(rig.heard).toEqual([])
    expect(rig.slack.violations).toEqual([])
  })

  test('tokens are sealed; a new key still opens what an old one closed', async () => {
    await rig.slack.authorise('T0CITY')
    expect(JSON.stringify(await installations())).not.toContain('xoxb')
    await rig.restart({ ...oauth, encryptionKey: 'a-new-key' })
    expect(await rig.adapter.messenger.serves(place)).toBe(true)
    await rig.restart({ ...oauth, clientSecret: 'another-secret' })
    expect(await rig.adapter.messenger.serves(place)).toBe(false)
    // A token copied to another workspace opens nothing there.
    await rig.restart(oauth)
    const [stored] = await installations()
    await rig.store.db.collection('slack_installations').insertOne({ ...stored, _id: 'T0COPY' } as never)
    expect(await rig.adapter.messenger.serves({ ...place, tenant: 'T0COPY' })).toBe(false)
  })

  test('a state that is missing, changed, of another browser or used before is refused', async () => {
    const refused = { status: 400, html: expect.stringContaining('nicht installiert') }
    const without = (back: URL) => (back.searchParams.delete('state'), back)
    const changed = (back: URL) => (back.searchParams.set('state', 'x'), back)
    expect(
      await rig.slack.authorise('T0CITY', (back, cookie) => ({ back: without(back), cookie })),
    ).toMatchObject(refused)
    expect(
      await rig.slack.authorise('T0CITY', (back, cookie) => ({ back: changed(back), cookie })),
    ).toMatchObject(refused)
    expect(await rig.slack.authorise('T0CITY', (back) => ({ back, cookie: '' }))).toMatchObject(refused)
    const once = await rig.slack.authorise('T0CITY')
    expect(once.status).toBe(200)
    // A new code does not help an old state.
    const again = (back: URL) => (
      back.searchParams.set('state', once.back.searchParams.get('state') ?? ''),
      back
    )
    expect(
      await rig.slack.authorise('T0CITY', (back) => ({ back: again(back), cookie: once.cookie })),
    ).toMatchObject(refused)
  })

  test('asks for exactly the scopes of the manifest', async () => {
    const manifest = parse(readFileSync('adapters/slack/manifest.yaml', 'utf8')) as Manifest
    const start = await fetch(`${rig.url()}/slack/install`, { redirect: 'manual' })
    const asked = new URL(start.headers.get('location') ?? '').searchParams
    expect(asked.get('scope')?.split(',')).toEqual(manifest.oauth_config.scopes.bot)
    expect(asked.get('redirect_uri')).toBe('https://linkpin.example.eu/slack/oauth_redirect')
    expect(manifest.oauth_config.redirect_urls).toEqual([asked.get('redirect_uri')])
  })

  test('a token of the bot that is revoked ends the installation', async () => {
    await rig.slack.authorise('T0CITY')
    await rig.slack.event('T0CITY', { type: 'tokens_revoked', tokens: { oauth: ['U0AYLIN'] } })
    expect(await rig.adapter.messenger.serves(place)).toBe(true)
    await rig.slack.event('T0CITY', { type: 'tokens_revoked', tokens: { bot: ['UBOT0CITY'] } })
    expect(await rig.adapter.messenger.serves(place)).toBe(false)
  })
})
