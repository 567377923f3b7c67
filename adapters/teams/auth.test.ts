import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { startScripted } from '../../tests/support/teams-scripted.ts'
import type { Person } from '../../tests/support/teams-server.ts'
import type { TokenTwist } from '../../tests/support/teams-tokens.ts'
import { serviceUrlCheck } from './service-urls.ts'

let app: Awaited<ReturnType<typeof startScripted>>
let aylin: Person
beforeAll(async () => {
  // The SDK prints refused tokens to the console.
  jest.spyOn(console, 'error').mockImplementation(() => undefined)
  app = await startScripted()
  aylin = app.teams.person('Aylin')
})
beforeEach(() => void app.asked.splice(0))
afterAll(async () => {
  jest.restoreAllMocks()
  await app.close()
})

const message = (changes: object = {}): object => ({
  ...app.teams.envelope(aylin, 'personal'),
  type: 'message',
  text: 'help',
  ...changes,
})

describe('who may call the bot', () => {
  const good: [string, TokenTwist][] = [
    ['a valid token', {}],
    ['one that expired two minutes ago', { expiresIn: -120 }],
  ]
  test.each(good)('%s: 200', async (_name, twist) => {
    expect((await app.teams.post(message(), twist)).status).toBe(200)
    expect(app.asked).toHaveLength(1)
  })

  const bad: [string, TokenTwist | { header?: string }][] = [
    ['no header', { header: undefined }],
    ['not Bearer', { header: 'Basic abc' }],
    ['garbage', { header: 'Bearer abc' }],
    ['wrong audience', { claims: { aud: 'another-bot' } }],
    ['wrong issuer', { claims: { iss: 'https://evil.example' } }],
    ['expired an hour ago', { expiresIn: -3600 }],
    ['unknown key', { kid: 'key-9' }],
    ['other service URL', { claims: { serviceurl: 'https://smba.trafficmanager.net/other/' } }],
    ['no service URL claim', { claims: { serviceurl: undefined } }],
    ['channel not endorsed', { unendorsed: true }],
    ['alg none', { algorithm: 'none' }],
    ['wrong key with the same id', { wrongKey: true }],
    ['HS256 with the public key', { algorithm: 'HS256' }],
    ['tampered', { tampered: true }],
    ['not yet valid', { notBefore: 3600 }],
    // Tokens of other bots and of the emulator are checked less strictly by the SDK.
    [
      'a token of another bot',
      {
        claims: {
          ver: '1.0',
          appid: 'another',
          iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/',
        },
      },
    ],
  ]
  test.each(bad)('%s: 401', async (_name, twist) => {
    expect((await app.teams.post(message(), twist)).status).toBe(401)
    expect(app.asked).toEqual([])
  })
})

describe('where the bot may be told to write', () => {
  test.each([
    undefined,
    '',
    'http://127.0.0.1:1/',
    'http://169.254.169.254/latest',
    'https://evil.example/',
    'http://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil-smba.trafficmanager.net/',
    'https://other.trafficmanager.net/',
    'https://user@smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net:8443/emea/',
    'https://smba.trafficmanager.net/?x=1',
    'file:///etc/passwd',
    42,
    ['https://smba.trafficmanager.net/'],
  ])('service URL %j: refused, nothing called, nothing stored', async (serviceUrl) => {
    const calls = app.teams.calls.length
    const claims = { serviceurl: typeof serviceUrl === 'string' ? serviceUrl : undefined }
    const { status } = await app.teams.post(message({ serviceUrl }), { claims })
    expect([400, 403]).toContain(status)
    expect(app.asked).toEqual([])
    expect(app.teams.calls).toHaveLength(calls)
    const stored = await app.db.model<{ serviceUrl: string }>('TeamsReference').find({}).lean()
    expect(JSON.stringify(stored)).not.toContain('evil')
    expect(stored.every((reference) => reference.serviceUrl === app.teams.serviceUrl)).toBe(true)
  })

  test('Microsoft’s own hosts are allowed, with https', () => {
    const allowed = serviceUrlCheck()
    for (const host of [
      'smba.trafficmanager.net',
      'smba.infra.gcc.teams.microsoft.com',
      'smba.infra.gov.teams.microsoft.us',
    ]) {
      expect(allowed(`https://${host}/emea/tenant/`)).toBe(true)
      expect(allowed(`http://${host}/emea/`)).toBe(false)
    }
  })

  test('no other channel than Teams comes in, and nobody of two tenants at once', async () => {
    for (const channelId of ['webchat', 'AseChannel', 'emulator', 'directline']) {
      expect((await app.teams.post(message({ channelId }))).status).toBe(403)
    }
    expect((await app.teams.post(message({ channelData: { tenant: { id: 'fabrikam' } } }))).status).toBe(403)
    const conversation = { id: 'a:x', conversationType: 'personal' }
    expect((await app.teams.post(message({ conversation, channelData: {} }))).status).toBe(403)
    expect(app.asked).toEqual([])
  })

  test('a single-tenant bot refuses other tenants', async () => {
    const single = await startScripted({ tenantId: 'contoso' })
    const ours = single.teams.person('Aylin')
    const theirs = single.teams.person('Eve', { tenant: 'fabrikam' })
    const from = (person: Person) =>
      single.teams.post({ ...single.teams.envelope(person, 'personal'), type: 'message', text: 'help' })
    const statuses = [(await from(ours)).status, (await from(theirs)).status]
    await single.close()
    expect(statuses).toEqual([200, 403])
    expect(single.asked).toHaveLength(1)
  })

  test('other bots are not listened to', async () => {
    expect((await app.teams.post(message({ from: { id: '28:another' } }))).status).toBe(200)
    expect(app.asked).toEqual([])
  })
})

test('while Microsoft’s keys cannot be fetched nobody comes in, and Teams may try again', async () => {
  const authority = {
    ...app.teams.settings.authority,
    ToBotFromChannelOpenIdMetadataUrl: 'http://127.0.0.1:1/keys',
  }
  const cut = await startScripted({ authority })
  const activity = {
    ...cut.teams.envelope(cut.teams.person('Aylin'), 'personal'),
    type: 'message',
    text: 'help',
  }
  const { status } = await cut.teams.post(activity)
  await cut.close()
  expect(status).toBe(503)
  expect(cut.asked).toEqual([])
})

test('only the emulator lets people in without a token', async () => {
  const open = {
    appId: '',
    appPassword: '',
    emulator: true,
    authority: undefined,
    credentialsFactory: undefined,
  }
  const local = await startScripted(open)
  const activity = {
    ...local.teams.envelope(local.teams.person('Aylin'), 'personal'),
    type: 'message',
    text: 'help',
  }
  const { status } = await local.teams.post({ ...activity, channelId: 'emulator' }, { header: undefined })
  const elsewhere = await local.teams.post(
    { ...activity, serviceUrl: 'https://evil.example/' },
    { header: undefined },
  )
  await local.close()
  expect([status, elsewhere.status]).toEqual([200, 403])
  expect(local.asked).toHaveLength(1)
})
