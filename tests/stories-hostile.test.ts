import { afterEach, expect, test } from '@jest/globals'
import { example, startRig, type Rig } from './support/rig.ts'
import type { Json } from './support/teams-cards.ts'

// What could mention, link or format.
const HOSTILE = '<!channel> <@U1> [x](http://a.eu) **b** _i_ <at>all</at>'
// And what could be taken for a parameter or a key of ours.
const CUNNING = `${HOSTILE} \`c\` {{title}} $t(goals:button.list) &lt;`

let rig: Rig
afterEach(async () => {
  const complaints = rig.complaints()
  await rig.close()
  expect(complaints).toEqual([])
})

test('hostile text is shown as it was typed, in both products', async () => {
  // Names come from the file: those of the network, a partner, a member and a channel are hostile too.
  const file = example()
    .replace('name: Präventionsnetzwerk Rheinfurt', `name: '${HOSTILE}'`)
    .replace('name: Jugendamt Rheinfurt', `name: 'Jugend ${HOSTILE}'`)
    .replace('name: Lena Fischer', `name: 'Lena ${HOSTILE}'`)
    .replace('name: Emeka Obi', `name: 'Emeka ${HOSTILE}'`)
  rig = await startRig({ files: [file] })
  const { slack, teams } = rig
  const [aylin, emeka, lena] = [rig.slackUser('city-1'), rig.slackUser('fans-2'), rig.slackUser('youth-2')]
  const [priya, team] = [rig.teamsPerson('schools-1'), rig.teamsChannel('Präventionsnetzwerk')]
  const clubs = rig.slackChannel('netzwerk-rheinfurt')
  await teams.install(priya)

  await slack.command(aylin, undefined, '/linkpin einladen')
  const invited = {
    'Neu: Name': HOSTILE,
    'Neu: Partner': 'Fanprojekt Rheinfurt 09',
    'Neu: Sprache': 'English',
  }
  await slack.fill(slack.modals(aylin).at(-1), invited).submit()
  expect(rig.seen(aylin).at(-1)).toContain(HOSTILE)

  await slack.command(emeka, undefined, '/linkpin goal')
  const written = {
    'Short title': `T ${HOSTILE}`,
    'The change': `Change ${CUNNING}`,
    'Why it matters to us': `Why ${CUNNING}`,
    'First sign of progress': `First ${CUNNING}`,
    'What could go wrong for others': `Harm ${CUNNING}`,
  }
  const modal = slack.modals(emeka).at(-1)!
  await slack.fill(modal, { ...written, Lead: optionWith(modal.view, 'Lena') }).submit()
  for (const place of [clubs, team]) {
    for (const text of [...Object.values(written), `Lena ${HOSTILE}`])
      expect(rig.seen(place).at(-1)).toContain(text)
  }
  for (const place of [clubs, team] as const) {
    const shown =
      'kind' in place
        ? JSON.stringify(teams.messages(place).map((message) => message.card()))
        : JSON.stringify(slack.messages(place))
    expect(shown).not.toMatch(/"type":"(mrkdwn|TextBlock|link|user|broadcast)"|"style":\{"code"/)
  }
  await slack.press(
    slack.messages(rig.slackChannel('netzwerk')).at(-1),
    'Unsere Organisation steht dahinter',
    lena,
  )
  await rig.advanceTo('2026-11-26T09:30:00Z')
  await slack.press(slack.direct(lena).at(-1), 'Antworten', lena)
  const review = {
    'Wo stehen wir mit diesem Ziel?': 'In Bewegung',
    'Wie zuversichtlich sind Sie, dass wir es erreichen?': '4',
    'Was haben Sie bemerkt, das für oder gegen einen Fortschritt spricht?': `Sign ${CUNNING}`,
    'Was ist der nächste kleine Schritt, wer geht ihn, bis wann?': `Next ${CUNNING}`,
    'Ist es noch das richtige Ziel?': 'Ja',
  }
  await slack.fill(slack.modals(lena).at(-1), review).submit()
  for (const place of [clubs, team])
    for (const word of ['Sign', 'Next', 'T', 'Jugend'])
      expect(rig.seen(place).at(-1)).toContain(`${word} ${HOSTILE}`)

  await slack.command(emeka, undefined, `/linkpin ask ${CUNNING}`)
  expect(rig.whispers(emeka).at(-1)).toContain(CUNNING)
  await teams.say(priya, 'personal', `ask ${HOSTILE}`)
  expect(rig.seen(priya).at(-1)).toContain('<!channel> <@U1> [x](http://a.eu) **b**')
  for (const typed of ['help', 'who', 'my data', 'goals', 'leave']) {
    await slack.command(emeka, undefined, `/linkpin ${typed}`)
    await teams.say(priya, 'personal', typed)
  }
  expect(rig.whispers(emeka).join()).toContain(`Emeka ${HOSTILE}`)
  for (const { text } of slack.ephemerals(emeka)) expect(text).not.toMatch(/<[!@#h]/)
})

test('what is written in a pulse, in a dialog of Teams and at a goal’s end is shown as it was typed', async () => {
  rig = await startRig()
  const { slack, teams } = rig
  const [aylin, priya, team] = [
    rig.slackUser('city-1'),
    rig.teamsPerson('schools-1'),
    rig.teamsChannel('Präventionsnetzwerk'),
  ]
  const city = rig.slackChannel('netzwerk')
  await teams.install(priya)
  const [offer] = await teams.say(priya, 'personal', 'goal')
  const dialog = await teams.openDialog(offer!, 'Open', priya)
  const written = {
    'Short title': `T ${HOSTILE}`,
    'The change': `Change ${CUNNING}`,
    'Why it matters to us': `Why ${CUNNING}`,
    'First sign of progress': `First ${CUNNING}`,
    'What could go wrong for others': `Harm ${CUNNING}`,
  }
  await dialog.fill({ ...written, 'Thorough review by': '2026-11-01' }).submit()
  expect(dialog.values).toMatchObject(written)
  await dialog.fill({ 'Thorough review by': '2027-06-30' }).submit()
  for (const text of Object.values(written)) expect(rig.seen(city).at(-1)).toContain(text)

  // Agreed, and let go of with a reason.
  await teams.press(teams.messages(team).at(-1)!, 'Unsere Organisation steht dahinter', priya)
  const [list] = await teams.say(priya, 'personal', 'goals')
  const { messages } = await teams.press(list!, `T ${HOSTILE}`, priya)
  const letGo = await teams.openDialog(messages.at(-1)!, 'Let it go', priya)
  await letGo
    .fill({ 'Why, in one sentence': `Why ${CUNNING}`, 'One thing learned': `Learned ${CUNNING}` })
    .submit()
  for (const place of [city, team])
    for (const word of ['Why', 'Learned']) expect(rig.seen(place).at(-1)).toContain(`${word} ${CUNNING}`)

  // Remarks are read by a coordinator first; they need ten answers.
  await rig.advanceTo('2026-11-25T10:00:00Z')
  const ids = [
    'city-1',
    'city-2',
    'exit-2',
    'families-1',
    'families-2',
    'fans-1',
    'fans-2',
    'harbour-1',
    'youth-1',
  ]
  for (const user of [...ids, 'youth-2'].map(rig.slackUser)) {
    for (let nth = 0; nth < 4; nth++) await slack.press(slack.direct(user).at(-1), '4', user, nth)
  }
  await slack.press(slack.direct(aylin).at(-1), 'Noch etwas sagen', aylin)
  const modal = slack.modals(aylin).at(-1)!
  const question = slack.labels(modal).at(-1) ?? ''
  await slack.fill(modal, { [question]: CUNNING }).submit()
  await rig.advanceTo('2026-12-02T12:00:00Z')
  const waiting = slack.direct(aylin).findLast((message) => slack.read(message).includes('Bemerkungen lesen'))
  await slack.press(waiting, 'Bemerkungen lesen', aylin)
  await slack.fill(slack.modals(aylin).at(-1), {}).submit()
  for (const place of [city, team]) expect(rig.seen(place).join()).toContain(CUNNING)
})

/** The label of the option that begins with a word, in any menu of a dialog. */
function optionWith(view: Json, word: string): string {
  const labels = JSON.stringify(view).match(/"text":"(?:[^"\\]|\\.)*"/g) ?? []
  const found = labels
    .map((one) => JSON.parse(`{${one}}`) as { text: string })
    .find(({ text }) => text.startsWith(`${word} `))
  if (!found) throw new Error(`no option that begins with ${word}`)
  return found.text
}
