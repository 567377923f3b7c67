import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, jest, test } from '@jest/globals'
import { knock, messageOf, pressOf, submissionOf } from './support/attacker.ts'
import { faultsOf } from './support/faults.ts'
import { METRICS_TOKEN, example, startRig, type Rig } from './support/rig.ts'
import type { SlackMessage } from './support/slack-server.ts'
import type { Json } from './support/teams-cards.ts'

// Attacks on the whole app, over HTTP. More of them: adapters/*/guard, auth and codec tests, stories-borders,
// stories-hostile, network-files.

const OTHER_TENANT = 'aaaaaaaa-0000-4000-8000-00000000000a'
const ELSEWHERE = `
id: kleinau
name: Netzwerk Kleinau
zone: Europe/Berlin
languages: [de]
phase: first-steps
partners:
  - { id: hall, name: Rathaus Kleinau, type: formal, sector: municipality, level: strategic, category: core-member }
members:
  - { id: eve, name: Eve Elsewhere, partner: hall, language: de, coordinator: true, accounts: [{ slack: T0KLEINAU/U0EVE }] }
  - { id: rob, name: Rob Elsewhere, partner: hall, language: de, coordinator: true, accounts: [{ teams: ${OTHER_TENANT}/rob }] }
spaces:
  - { kind: team, name: kleinau, language: de, slack: T0KLEINAU/C0KLEINAU }
`

let rig: Rig
afterEach(() => rig.close())

/** The names of all actions, as they are written in the sources. */
const actionNames = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .flatMap((name) => [
    ...readFileSync(join('src', name), 'utf8').matchAll(/'([a-z]+\.[A-Za-z.-]+)': action\(/g),
  ])
  .map(([, name]) => name!)

const logs = (level: number): string[] =>
  rig.logged.filter((line) => (JSON.parse(line) as { level: number }).level >= level)

/** Everything stored of the first network: whatever does not belong to the second, or only says that a request came. */
async function ofFirst(): Promise<string[]> {
  const models = Object.values(rig.store.db.models).filter(
    ({ modelName }) => !['InboxEntry', 'Pace', 'TeamsReference'].includes(modelName),
  )
  const docs = (await Promise.all(models.map((model) => model.find({}).sort({ _id: 1 }).lean()))).flat()
  return docs.map((doc) => JSON.stringify(doc)).filter((doc) => !/kleinau|KLEINAU|aaaaaaaa/.test(doc))
}

const whatFailed = (line: string): unknown => (JSON.parse(line) as { err: Json }).err.message

/** Works through a list, a few at a time. */
async function each<T>(list: T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < list.length; at += 16) await Promise.all(list.slice(at, at + 16).map(work))
}

// As JSON, because an object literal with `__proto__` has no such key.
const HOSTILE = [
  '{"$gt":""}',
  '{"id":{"$gt":""},"value":{"$ne":null}}',
  '{"__proto__":{"polluted":1},"id":"x"}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"id":["a","b"],"a.b":1,"$set":{"polluted":1}}',
]

test('operators, prototypes and ids of another network in whatever a request carries', async () => {
  rig = await startRig({ files: [example(), ELSEWHERE] })
  const { slack, teams } = rig
  expect(actionNames.length).toBeGreaterThan(30)
  await rig.advanceTo('2026-11-25T10:00:00Z')
  const before = await ofFirst()
  const prototype = Object.getOwnPropertyNames(Object.prototype)

  // Whatever arguments the actions take, they get ids of the first network.
  const foreign = before.map((doc) => String((JSON.parse(doc) as Json)._id)).filter((id) => id.length < 120)
  const keys = [
    'id',
    'goal',
    'wave',
    'partner',
    'member',
    'checkin',
    'space',
    'module',
    'value',
    'item',
    'network',
  ]
  const stolen = [0, 7].map((n) =>
    JSON.stringify(Object.fromEntries(keys.map((key, i) => [key, foreign[(n + i * 5) % foreign.length]!]))),
  )
  const carried = actionNames.flatMap((name) => [...HOSTILE, ...stolen].map((args) => [name, args] as const))

  const [eve, rob] = [rig.slackUser('eve'), rig.teamsPerson('rob')]
  const nowhere = `${slack.url}/respond/none`
  await each(carried, async ([name, args]) => {
    const action = `{"name":"${name}","args":${args}}`
    const values = {
      title: { value: args },
      'a.b': { value: '$gt' },
      constructor: { value: 'rheinfurt|city-1' },
    }
    const requests = [
      pressOf(eve, { type: 'button', action_id: 'a0', value: action }, 'C0KLEINAU', nowhere),
      pressOf(
        eve,
        { type: 'static_select', action_id: `a0:${action}`, selected_option: { value: '{"$gt":""}' } },
        'C0KLEINAU',
        nowhere,
      ),
      submissionOf(eve, `{"action":${action},"origin":{"team":"T0RATHAUS","channel":"C0NETZWERK"}}`, values),
      submissionOf(eve, `{"action":${action},"__proto__":{"polluted":1}}`, { title: { value: { $gt: '' } } }),
    ]
    for (const request of requests) {
      const { status } = await knock(rig.url, slack.signingSecret, { payload: JSON.stringify(request) })
      expect(status).toBe(200)
    }
  })
  const header = (await authorised())!
  await each(carried, async ([name, args]) => {
    const ref = `{"name":"${name}","args":${args}}`
    const bodies = [
      [
        'adaptiveCard/action',
        `{"action":{"verb":"${name}","data":{"linkpin":{"args":${args}},"__proto__":{"polluted":1}}}}`,
      ],
      ['task/fetch', `{"data":{"linkpin":{"press":${ref}}}}`],
      [
        'task/submit',
        `{"data":{"f:title":{"$gt":""},"f:__proto__":"x","m:id":"$gt","linkpin":{"submit":${ref},"openedBy":${ref}}}}`,
      ],
    ] as const
    for (const [invoke, value] of bodies) {
      const activity = { ...teams.envelope(rob, 'personal'), type: 'invoke', name: invoke }
      const body = JSON.stringify({ ...activity, value: 0 }).replace('"value":0', `"value":${value}`)
      const headers = { 'content-type': 'application/json', authorization: header }
      const { status } = await fetch(`${rig.url}/api/messages`, { method: 'POST', headers, body })
      expect([200, 400]).toContain(status)
    }
  })
  await rig.idle()
  expect(({} as Json).polluted).toBeUndefined()
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype)
  expect((await ofFirst()).filter((doc) => !before.includes(doc))).toEqual([])
  expect([
    ...new Set(
      logs(50)
        .filter((line) => line.includes('a request failed'))
        .map(whatFailed),
    ),
  ]).toEqual([])
  const shown = [
    ...rig.seen(eve),
    ...rig.whispers(eve),
    ...rig.seen(rob),
    ...slack.modals(eve).map(slack.read),
  ]
  expect(shown.join('\n')).not.toMatch(/Rheinfurt|Aylin|Emeka|Lena|Jugendamt/)

  // The SDK asks for the keys once; a token is good for ten minutes.
  async function authorised(): Promise<string | undefined> {
    let seen: string | undefined
    const real = globalThis.fetch
    const spy = jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      seen ??= (init?.headers as Record<string, string> | undefined)?.authorization
      return real(input, init)
    })
    await teams.post({ ...teams.envelope(rob, 'personal'), type: 'typing' })
    spy.mockRestore()
    return seen
  }
  // Some ten thousand requests.
}, 300_000)

test('the same user id in another tenant is somebody else', async () => {
  rig = await startRig({ files: [example(), ELSEWHERE] })
  const { slack, teams } = rig
  const [aylin, katrin] = [rig.slackUser('city-1'), rig.teamsPerson('police-1')]
  const twin = slack.user(aylin.id, { ...aylin, team: 'T0KLEINAU' })
  await slack.command(twin, undefined, '/linkpin meine daten')
  expect(rig.whispers(twin)).toEqual([expect.stringContaining('um einen Einmalcode')])
  // A workspace without Linkpin that names the message of one with it.
  const nowhere = `${slack.url}/respond/none`
  const button = { type: 'button', action_id: 'a0', value: '{"name":"conversation.leave"}' }
  const payload = { ...pressOf({ ...aylin, team: 'T0EVIL' }, button, 'C0NETZWERK', nowhere) }
  const before = await ofFirst()
  await knock(rig.url, slack.signingSecret, {
    payload: JSON.stringify({ ...payload, message: { ts: '1.1', team: 'T0RATHAUS' } }),
  })
  await rig.idle()
  const membersOf = (docs: string[]): string[] => docs.filter((doc) => doc.includes('Aylin'))
  expect(membersOf(await ofFirst())).toEqual(membersOf(before))

  const double = teams.person('Katrin', { tenant: OTHER_TENANT, aadObjectId: katrin.aadObjectId })
  await teams.install(double)
  await teams.say(double, 'personal', 'meine daten')
  expect(rig.seen(double).at(-1)).toContain('join')
  expect(rig.seen(double).join()).not.toMatch(/Rheinfurt|Polizei/)
})

test('what is too large is refused, or answered kindly', async () => {
  rig = await startRig()
  const { slack, teams } = rig
  const [aylin, katrin] = [rig.slackUser('city-1'), rig.teamsPerson('police-1')]
  const huge = 'x'.repeat(4_000_000)
  expect((await slack.post(JSON.stringify({ text: huge }))).status).toBe(413)
  const typed = { ...teams.envelope(katrin, 'personal'), type: 'message', text: huge }
  const body = JSON.stringify(typed)
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(`${rig.url}/api/messages`, { method: 'POST', headers, body })).status).toBe(413)

  const before = await ofFirst()
  await slack.command(aylin, undefined, '/linkpin hilfe')
  const own = slack.ephemerals(aylin).at(-1)!
  const option = { text: { type: 'plain_text', text: 'Press' }, value: 'x'.repeat(3001) }
  const menu = { type: 'static_select', action_id: 'a0:{"name":"modules.answer"}', options: [option] }
  const withMenu: SlackMessage = { ...own, blocks: [{ type: 'actions', elements: [menu] }] }
  await slack.press(withMenu, 'Press', aylin)
  expect(rig.whispers(aylin).at(-1)).toContain('gehört zu einer älteren Nachricht')
  const fields = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}`, { value: 'x' }]))
  for (const metadata of [
    '{"action":{"name":"goals.propose"}}',
    `{"action":{"name":"${'x'.repeat(3001)}"}}`,
  ]) {
    const payload = JSON.stringify(submissionOf(aylin, metadata, fields))
    expect((await knock(rig.url, slack.signingSecret, { payload })).status).toBe(200)
  }
  await rig.idle()
  expect((await ofFirst()).filter((doc) => !before.includes(doc))).toEqual([])
})

test('what is nested ten thousand deep, or a mebibyte long, harms nobody', async () => {
  rig = await startRig()
  const { slack, teams } = rig
  const [aylin, katrin] = [rig.slackUser('city-1'), rig.teamsPerson('police-1')]
  const deep = '['.repeat(10_000) + ']'.repeat(10_000)
  const long = JSON.stringify('\u0000'.repeat(100) + '\ud800x'.repeat(2 ** 19))
  const event = JSON.stringify({ ...messageOf(aylin, 'ziele', 'Ev0DEEP'), more: 0 })
  const button = { type: 'button', action_id: 'a0', value: 'HERE' }
  const press = JSON.stringify(pressOf(aylin, button, 'C0NETZWERK', `${slack.url}/respond/none`))
  const activity = { ...teams.envelope(katrin, 'personal'), type: 'invoke', name: 'task/submit', value: 0 }
  for (const value of [deep, long]) {
    const { status } = await knock(rig.url, slack.signingSecret, event.replace('"more":0', `"more":${value}`))
    expect([200, 413]).toContain(status)
    const payload = press.replace('"HERE"', value)
    expect([200, 413]).toContain((await knock(rig.url, slack.signingSecret, { payload })).status)
    const answer = await fetch(`${rig.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity).replace('"value":0', `"value":${value}`),
    })
    expect([401, 413]).toContain(answer.status)
  }
  await rig.idle()
  expect((await slack.command(aylin, undefined, '/linkpin hilfe')).status).toBe(200)
})

test('no secret and nothing that people wrote comes out through errors, logs, metrics or health', async () => {
  rig = await startRig()
  const { slack, teams } = rig
  const [aylin, katrin] = [rig.slackUser('city-1'), rig.teamsPerson('police-1')]
  await teams.install(katrin)
  const faults = faultsOf(rig.store)
  const answers: string[] = []
  const look = async (path: string, headers = {}): Promise<void> => {
    answers.push(await (await fetch(rig.url + path, { headers })).text())
  }
  const everything = async (): Promise<void> => {
    await slack.command(aylin, undefined, '/linkpin Antwortkanari eins')
    await slack.dm(aylin, 'Antwortkanari zwei')
    await slack.openHome(aylin)
    await teams.say(katrin, 'personal', 'Antwortkanari drei')
    for (const path of ['/healthz', '/readyz', '/metrics', '/nothing/Antwortkanari']) await look(path)
    await look('/metrics', { authorization: `Bearer ${METRICS_TOKEN}` })
  }
  const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined)
  await everything()
  slack.connect(rig.url, async () => {})
  teams.connect(`${rig.url}/api/messages`)
  // What drivers and libraries have been seen to put into the messages of their errors.
  faults.away(
    'no server at mongodb://linkpin:canary-password@db.internal:27017/linkpin; Bearer canary-bearer',
  )
  await everything()
  faults.back()
  for (const method of ['chat.postMessage', 'chat.postEphemeral', 'views.publish', 'users.info'])
    slack.fail(method, { status: 500 }, { error: 'invalid_auth' }, { reset: true })
  teams.refuse({ status: 500, times: 3 })
  for (let n = 0; n < 3; n++) await everything()
  await rig.idle()
  await slack.post('{"Antwortkanari"')
  await slack.post('{}', 'application/json', { 'x-slack-signature': 'v0=Antwortkanari' })
  await teams.post(
    { ...teams.envelope(katrin, 'personal'), type: 'message', text: 'Antwortkanari' },
    { wrongKey: true },
  )
  const out = [...rig.logged, ...answers, ...printed.mock.calls.flat().map(String)].join('\n')
  printed.mockRestore()
  expect(logs(40).length).toBeGreaterThan(10)
  const { appPassword } = teams.settings
  const secrets = [slack.signingSecret, 'client-secret', 'xoxb-', appPassword, 'canary', METRICS_TOKEN]
  for (const secret of [...secrets, 'Antwortkanari', 'Aylin', 'Katrin', 'Rheinfurt'])
    expect(out.includes(secret) && `${secret} came out`).toBe(false)
  expect(answers.join('\n')).toContain('linkpin_deliveries_due')
})
