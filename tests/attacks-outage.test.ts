import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { knock, messageOf, pressOf } from './support/attacker.ts'
import { faultsOf } from './support/faults.ts'
import { startRig, type Rig } from './support/rig.ts'

// What a person sees, and what Slack and Teams are told, while the store is slow or away, and while somebody presses a
// thousand times.

const TROUBLED = 'Bei mir hat etwas nicht geklappt, und es wurde nichts gespeichert.'
const SLOW = 'Das dauert gerade etwas länger.'

const NAMES = /Aylin|Emeka|Katrin/

let rig: Rig
let slack: Rig['slack']
let teams: Rig['teams']
let faults: ReturnType<typeof faultsOf>
beforeEach(async () => {
  rig = await startRig()
  ;({ slack, teams } = rig)
  faults = faultsOf(rig.store)
})
afterEach(async () => {
  faults.back()
  // What fails here is logged, and without anybody's name.
  const complaints = rig.complaints().filter((line) => !line.startsWith('{') || NAMES.test(line))
  await rig.close()
  expect(complaints).toEqual([])
})

describe('with a slow store', () => {
  test.each([200, 1500])(
    '%i ms an operation: Slack has its answer in time, the person theirs a little later',
    async (milliseconds) => {
      const aylin = rig.slackUser('city-1')
      await slack.command(aylin, undefined, '/linkpin hilfe')
      const before = rig.whispers(aylin).length
      faults.slow(milliseconds)
      const asked = {
        command: '/linkpin',
        text: 'ziele',
        team_id: aylin.team,
        user_id: aylin.id,
        channel_id: 'D0',
        trigger_id: `slow-${milliseconds}`,
        response_url: `${slack.url}/respond/none`,
      }
      const { status, milliseconds: taken } = await knock(rig.url, slack.signingSecret, asked)
      expect(status).toBe(200)
      expect(taken).toBeLessThan(3000)

      slack.connect(rig.url, async () => {})
      await slack.dm(aylin, 'was weißt du über mich')
      faults.back()
      slack.connect(rig.url, rig.idle)
      await rig.idle()
      const seen = rig.seen(aylin)
      if (milliseconds > 1000) expect(seen[0]).toContain(SLOW)
      expect(seen.at(-1)).toContain('Was ich über Sie weiß')
      expect(rig.whispers(aylin)).toHaveLength(before)
    },
  )
})

describe('without a store', () => {
  test('Slack is told to send an event again, and the person hears of it once, in kind words', async () => {
    const aylin = rig.slackUser('city-1')
    await slack.command(aylin, undefined, '/linkpin hilfe')
    const event = JSON.stringify(messageOf(aylin, 'ziele', 'Ev0AWAY'))
    const send = (more = {}) => slack.post(event, 'application/json', more)
    slack.connect(rig.url, async () => {})
    faults.away('no store')
    expect((await send()).status).toBe(503)
    expect((await send({ 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_error' })).status).toBe(503)
    faults.back()
    await rig.idle()
    expect(rig.seen(aylin)).toEqual([expect.stringContaining(TROUBLED)])
    for (let again = 2; again < 4; again++)
      expect((await send({ 'x-slack-retry-num': String(again) })).status).toBe(200)
    await rig.idle()
    expect(rig.seen(aylin)).toHaveLength(2)
    expect(rig.seen(aylin)[1]).toContain('Ziel')
  })

  test('commands, presses and forms are answered kindly; a form keeps what was typed', async () => {
    const emeka = rig.slackUser('fans-2')
    await slack.command(emeka, undefined, '/linkpin goal')
    const modal = slack.modals(emeka).at(-1)!
    slack.connect(rig.url, async () => {})
    faults.away('no store')
    const { status } = await slack.command(emeka, undefined, '/linkpin goals')
    expect(status).toBe(200)
    const words = ['Short title', 'The change', 'Why it matters to us', 'First sign of progress']
    const written = [...words, 'What could go wrong for others'].map((label) => [label, `Words for ${label}`])
    const sheet = slack.fill(modal, Object.fromEntries(written))
    await sheet.submit()
    expect(modal.open).toBe(true)
    expect(modal.errors['Short title']).toContain('nothing was saved')
    faults.back()
    slack.connect(rig.url, rig.idle)
    await rig.idle()
    expect(rig.whispers(emeka).at(-1)).toContain('Something did not work on my side')
    expect((await sheet.submit()).open).toBe(false)
    expect(rig.seen(rig.slackChannel('netzwerk-rheinfurt')).at(-1)).toContain('Words for The change')
  })

  test('Teams shows the same kind words, in a chat, in a channel and after a press', async () => {
    const katrin = rig.teamsPerson('police-1')
    await teams.install(katrin)
    await rig.advanceTo('2026-11-24T09:00:00Z')
    const channel = rig.teamsChannel('Präventionsnetzwerk')
    const nudge = teams.messages(channel).at(-1)!
    teams.connect(`${rig.url}/api/messages`)
    faults.away('no store')
    for (const place of ['personal', channel] as const) {
      const [answer] = await teams.say(katrin, place, '@Linkpin ziele')
      expect(answer?.text(katrin)).toContain(TROUBLED)
    }
    const { popUp } = await teams.press(nudge, 'Erledigt', katrin)
    expect(popUp).toContain(TROUBLED)
    faults.back()
    await rig.idle()
    expect((await teams.press(nudge, 'Erledigt', katrin)).popUp ?? '').not.toContain(TROUBLED)
  })
})

describe('with a form in Teams', () => {
  test('that cannot be saved, a button sends it again as it was filled in', async () => {
    const katrin = rig.teamsPerson('police-1')
    await teams.install(katrin)
    await teams.say(katrin, 'personal', 'ziel')
    const dialog = await teams.openDialog(teams.messages(katrin).at(-1)!, 'Öffnen', katrin)
    const german = rig.texts.in('de')
    const fields = ['title', 'change', 'why', 'first_sign', 'possible_harm']
    const written = fields.map((id) => [german.plain(`goals-content:fields.${id}.label`), `Wort für ${id}`])
    teams.connect(`${rig.url}/api/messages`)
    dialog.fill(Object.fromEntries(written))
    faults.away('no store')
    await dialog.submit()
    await dialog.submit('Erneut senden')
    expect(dialog.text).toContain(TROUBLED)
    faults.back()
    teams.connect(`${rig.url}/api/messages`, rig.idle)
    await dialog.submit('Erneut senden')
    expect(rig.seen(rig.teamsChannel('Präventionsnetzwerk')).at(-1)).toContain('Wort für change')
  })
})

test('people of another workspace hear kind words as well, where the store is away', async () => {
  const netzwerk = rig.slackChannel('netzwerk-rheinfurt')
  const guest = slack.user('U0GUEST', { team: 'T0ELSEWHERE', locale: 'de-DE' })
  netzwerk.members.add(guest.id)
  await slack.mention(guest, netzwerk, 'hilfe')
  slack.connect(rig.url, async () => {})
  faults.away('no store')
  expect((await slack.command(guest, netzwerk, '/linkpin hilfe')).status).toBe(200)
  faults.back()
  await rig.idle()
  expect(rig.whispers(guest).at(-1)).toContain(TROUBLED)
})

test('a thousand presses by one member do not keep anybody else waiting', async () => {
  await rig.close()
  rig = await startRig({ allowance: true })
  ;({ slack, teams } = rig)
  faults = faultsOf(rig.store)
  const [emeka, katrin] = [rig.slackUser('fans-2'), rig.teamsPerson('police-1')]
  await teams.install(katrin)
  const button = { type: 'button', action_id: 'a0', value: '{"name":"conversation.help"}', action_ts: '1' }
  const statuses: number[] = []
  let left = 1000
  const press = async (): Promise<void> => {
    while (left-- > 0) {
      const payload = JSON.stringify(pressOf(emeka, button, 'C0NONE', `${slack.url}/respond/none`))
      statuses.push((await knock(rig.url, slack.signingSecret, { payload })).status)
    }
  }
  teams.connect(`${rig.url}/api/messages`)
  const flood = Promise.all(Array.from({ length: 40 }, press))
  const before = rig.seen(katrin).length
  await teams.say(katrin, 'personal', 'ziele')
  // Answered while the flood still runs.
  expect(statuses.length).toBeLessThan(1000)
  expect(rig.seen(katrin)).toHaveLength(before + 1)
  await flood
  expect(new Set(statuses)).toEqual(new Set([200]))
  await rig.idle()
  // Told once that it is too much; then nothing of it reaches the store.
  const requests = await rig.store.db.models.InboxEntry!.countDocuments({})
  expect(requests).toBeLessThan(200)
})
