import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createConversation } from '../src/conversation/handle.ts'
import { promptly } from '../src/conversation/promptly.ts'
import type { Conversation, Incoming } from '../src/conversation/port.ts'
import { directTo } from '../src/kernel/address.ts'
import { createSeal } from '../src/kernel/seal.ts'
import { messageOf } from './support/attacker.ts'
import { faultsOf } from './support/faults.ts'
import { startRig, type Rig } from './support/rig.ts'

// Slack and Teams have their acknowledgement after at most two operations of the store, one after the other, whatever the
// request then takes; and what was acknowledged happens, also where the process dies.

const seal = createSeal(['a secret that all replicas know'], 'requests')
const CHANGE = 'The change'
const WORDS = [
  ...['Short title', CHANGE, 'Why it matters to us', 'First sign of progress'],
  'What could go wrong for others',
]

let rig: Rig
let slack: Rig['slack']
let teams: Rig['teams']
let faults: ReturnType<typeof faultsOf>
// Nothing is late while a test prepares, and everything where it looks.
const NEVER_LATE = 600_000
const promptness = { afterMs: NEVER_LATE, seal }
beforeEach(async () => {
  promptness.afterMs = NEVER_LATE
  rig = await startRig({ promptness })
  ;({ slack, teams } = rig)
  faults = faultsOf(rig.store)
})
afterEach(async () => {
  faults.back()
  const complaints = rig.complaints()
  await rig.close()
  expect(complaints).toEqual([])
})

const underway = async (): Promise<{ sealed: string }[]> =>
  rig.store.db.models.RequestUnderway!.find({}).lean<{ sealed: string }[]>()

/** What is acknowledged within two operations; all else happens afterwards. */
async function inTwoRounds<T>(request: () => Promise<T>): Promise<T> {
  await rig.idle()
  slack.connect(rig.url)
  teams.connect(`${rig.url}/api/messages`)
  promptness.afterMs = 0
  faults.inRounds(2)
  const answer = await request()
  faults.back()
  promptness.afterMs = NEVER_LATE
  slack.connect(rig.url, rig.idle)
  teams.connect(`${rig.url}/api/messages`, rig.idle)
  await rig.idle()
  expect(await underway()).toEqual([])
  return answer
}

describe('acknowledged after two operations of the store', () => {
  test('in Slack: an event, a command, a press, a form', async () => {
    const emeka = rig.slackUser('fans-2')
    await slack.dm(emeka, 'help')
    await inTwoRounds(() => slack.dm(emeka, 'goals'))
    expect(rig.seen(emeka).at(-1)).toContain('goal')

    const { status } = await inTwoRounds(() => slack.command(emeka, undefined, '/linkpin help'))
    expect(status).toBe(200)
    const help = slack.ephemerals(emeka).at(-1)
    expect(slack.read(help)).toContain('What I can do for you')
    await slack.openHome(emeka)
    const before = rig.seen(emeka).length
    await inTwoRounds(() => slack.press(slack.home(emeka), 'What can you do?', emeka))
    expect(rig.seen(emeka)).toHaveLength(before + 1)

    await slack.command(emeka, undefined, '/linkpin goal')
    const modal = slack.modals(emeka).at(-1)!
    const written = WORDS.map((label) => [label, `Words for ${label}`])
    const sheet = slack.fill(modal, { ...Object.fromEntries(written), [CHANGE]: 'Write to a@example.eu' })
    await inTwoRounds(() => sheet.submit())
    // What was typed is there still, with the mistake.
    expect(slack.read(modal)).toContain('⚠')
    expect(JSON.stringify(modal.view)).toContain('a@example.eu')
    await inTwoRounds(() => slack.fill(modal, { [CHANGE]: 'Words for us all' }).submit())
    expect(rig.seen(rig.slackChannel('netzwerk-rheinfurt')).at(-1)).toContain('Words for us all')
  })

  test('in Teams: a message, a press, a dialog and its form', async () => {
    const katrin = rig.teamsPerson('police-1')
    await teams.install(katrin)
    await teams.say(katrin, 'personal', 'hilfe')
    await inTwoRounds(() => teams.say(katrin, 'personal', 'ziele'))
    expect(rig.seen(katrin).at(-1)).toContain('Ziel')

    await teams.say(katrin, 'personal', 'ziel')
    const invitation = teams.messages(katrin).at(-1)!
    const told = await inTwoRounds(() => teams.openDialog(invitation, 'Öffnen', katrin))
    expect(told.text).toContain('Das dauert gerade etwas länger')
    const dialog = await teams.openDialog(teams.messages(katrin).at(-1)!, 'Öffnen', katrin)
    const fields = ['title', 'change', 'why', 'first_sign', 'possible_harm']
    const german = rig.texts.in('de')
    const written = fields.map((id) => [german.plain(`goals-content:fields.${id}.label`), `Wort für ${id}`])
    const [title] = written[0]!
    dialog.fill({ ...Object.fromEntries(written), [title!]: 'mail@example.eu' })
    await inTwoRounds(() => dialog.submit())
    expect(dialog.text).toContain('Das dauert gerade etwas länger')
    // An address is nothing to write down: the form comes back with what was typed.
    const mistakes = teams.messages(katrin).at(-1)!
    expect(mistakes.text()).toContain('konnte noch nicht übernommen werden')
    const again = await teams.openDialog(mistakes, 'Öffnen', katrin)
    expect(again.values).toMatchObject({ ...Object.fromEntries(written), [title!]: 'mail@example.eu' })
  })
})

describe('a process that dies after it has acknowledged', () => {
  const forever: Conversation = { handle: () => new Promise(() => {}) }
  const asked = (text: string, requestId: string): Incoming => {
    const aylin = rig.slackUser('city-1')
    const account = { platform: 'slack', tenant: aylin.team, userId: aylin.id } as const
    const what = { kind: 'command', text } as const
    return { requestId, account, place: directTo(account), locale: 'de', what, canOpenForm: false }
  }
  const dying = (conversation: Conversation): Conversation =>
    promptly(conversation, { afterMs: 0, seal }, rig)

  test('another one does it, once, and tells the person', async () => {
    const incoming = asked('ziele', 'Ev0DEAD')
    const { later } = await dying(forever).handle(incoming)
    expect(later).toBeDefined()
    const [kept] = await underway()
    expect(kept!.sealed).not.toContain('ziele')
    await rig.app.reconcile()
    await rig.idle()
    expect(rig.seen(rig.slackUser('city-1'))).toEqual([])
    await rig.advance({ minutes: 1 })
    for (let again = 0; again < 2; again++) {
      await rig.app.reconcile()
      await rig.idle()
      expect(rig.seen(rig.slackUser('city-1'))).toEqual([expect.stringContaining('Ziel')])
    }
    expect(await underway()).toEqual([])
    rig.logged.splice(0)
  })

  test('what had its effect already is not done again', async () => {
    const incoming = asked('ziele', 'Ev0DONE')
    await rig.app.conversation.handle(incoming)
    await rig.idle()
    await dying(forever).handle(incoming)
    await rig.advance({ minutes: 1 })
    await rig.app.reconcile()
    await rig.idle()
    expect(rig.seen(rig.slackUser('city-1'))).toEqual([])
    expect(await underway()).toEqual([])
    rig.logged.splice(0)
  })

  test('after an hour it is not done, and the person is told so', async () => {
    await dying(forever).handle(asked('ziele', 'Ev0LATE'))
    await rig.advance({ hours: 2 })
    await rig.app.reconcile()
    await rig.idle()
    expect(rig.seen(rig.slackUser('city-1')).at(-1)).toContain('es wurde nichts gespeichert')
    rig.logged.splice(0)
  })

  test('an event that was not acknowledged is done when Slack sends it again', async () => {
    const aylin = rig.slackUser('city-1')
    const send = () => slack.post(JSON.stringify(messageOf(aylin, 'ziele', 'Ev0AGAIN')))
    // One that dies between the first write and the effect.
    const networks = { ...rig.app.networks, memberByAccount: () => new Promise<never>(() => {}) }
    const deps = { networks, db: rig.db, clock: rig.clock, texts: rig.texts, log: rig.log, features: [] }
    void createConversation(deps).handle(asked('ziele', 'Ev0AGAIN'))
    const inbox = rig.store.db.models.InboxEntry!
    while ((await inbox.countDocuments({})) === 0) await new Promise(setImmediate)
    expect((await send()).status).toBe(503)
    expect(rig.seen(aylin)).toEqual([])
    await rig.advance({ minutes: 1 })
    expect((await send()).status).toBe(200)
    expect((await send()).status).toBe(200)
    expect(rig.seen(aylin)).toEqual([expect.stringContaining('Ziel')])
    rig.logged.splice(0)
  })
})
