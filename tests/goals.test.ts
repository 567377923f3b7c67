import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Reply } from '../src/conversation/port.ts'
import { randomId } from '../src/kernel/ids.ts'
import type { FormValues, View } from '../src/views/view.ts'
import { createWorld, words, type World } from './support/world.ts'

// A Monday morning in Rheinfurt; goal reviews are every fourth Thursday at 10:00, first in three days.
const MONDAY = '2026-11-23T08:00:00Z'
const CHANNELS = ['netzwerk', 'netzwerk-rheinfurt', 'Präventionsnetzwerk']
const TITLE = 'One number for worries'
const GOAL: FormValues = {
  title: TITLE,
  change: 'By June, staff in schools know one contact point and get an answer within two days.',
  why: 'Worries get lost between us.',
  lead: 'youth-2',
  supporters: ['police', 'schools'],
  first_sign: 'The contact point is named.',
  possible_harm: 'Pupils could feel watched; we tell them what it is for.',
  review_by: '2027-06-30',
}
const REVIEW: FormValues = { status: 'moving', confidence: '4', rightGoal: 'right', sideEffects: undefined }

let world: World
beforeEach(async () => {
  world = await createWorld(MONDAY)
  // Nothing else happens, so that the last message is one about goals.
  for (const kind of ['wochenimpuls', 'kurzbefragung', 'netzwerkpflege', 'vernetzung'])
    await world.say('city-1', `pausieren ${kind}`)
})
afterEach(() => world.close())

const last = async (channel: string): Promise<View | undefined> => (await world.channel(channel)).at(-1)
const lastTo = async (member: string): Promise<View | undefined> => (await world.inbox(member)).at(-1)
const told = async (member: string): Promise<string> => (await world.inbox(member)).map(words).join('\n')
const labels = (view: View | undefined): string[] =>
  (view?.blocks ?? []).flatMap((block) =>
    block.type === 'buttons' ? block.buttons.map(({ label }) => label) : [],
  )
const hour = () => world.advance({ hours: 1 })
/** The latest message of a channel with a button of this label. */
const withButton = async (channel: string, label: string): Promise<View | undefined> =>
  (await world.channel(channel)).findLast((view) => labels(view).includes(label))

/** Presses a button in the channel itself; an hour later everybody sees what came of it. */
async function pressIn(channel: string, member: string, label: string, view?: View): Promise<Reply> {
  const message = view ?? (await withButton(channel, label))
  const space = (await world.app.networks.spaces('rheinfurt')).find(({ name }) => name === channel)
  const account = (await world.app.networks.member('rheinfurt', member))?.accounts[0]
  const pressed = message?.blocks
    .flatMap((block) => (block.type === 'buttons' ? block.buttons : []))
    .find((one) => one.label === label)
  if (!space || !account || !pressed) throw new Error(`nothing called "${label}" to press`)
  const reply = await world.conversation.handle({
    requestId: randomId(),
    account,
    place: space.address,
    what: { kind: 'press', action: pressed.action },
    canOpenForm: true,
  })
  await hour()
  return reply
}

/** Emeka, who speaks English, proposes; Lena, who speaks German, is to lead. */
async function propose(values: FormValues = {}): Promise<Reply> {
  const { form } = await world.say('fans-2', 'goal')
  const reply = await world.submit('fans-2', form, { ...GOAL, ...values })
  await hour()
  return reply
}
const confirm = (member: string) => pressIn('netzwerk-rheinfurt', member, 'Our organisation confirms')

/** A goal that all three organisations stand behind. */
async function agreed(values: FormValues = {}): Promise<void> {
  await propose(values)
  for (const member of ['youth-1', 'police-1', 'schools-1']) await confirm(member)
}
/** It is Thursday noon: the reviews were due at ten. */
const toThursday = () =>
  world.advance({ hours: world.clock.now().until('2026-11-26T11:00:00Z').round('hours').total('hours') })

/** The goal as one member sees it alone. */
async function detail(member: string, title = TITLE): Promise<View | undefined> {
  const { notice } = await world.say(member, 'goals')
  return (await world.press(member, notice, title)).notice
}
/** Presses a button of the goal that opens a form, and sends it off. */
async function decide(member: string, label: string, values: FormValues): Promise<Reply> {
  const { form } = await world.press(member, await detail(member), label)
  return world.submit(member, form, values)
}
const review = (values: FormValues = {}) => decide('youth-2', 'Zwischenstand geben', { ...REVIEW, ...values })

describe('agreeing on a goal', () => {
  test('it is proposed to every team channel, in its language and in the words it was written in', async () => {
    const { notice } = await propose()
    expect(words(notice)).toContain('goes to the team channels')
    expect(words(notice)).toContain('Is it one goal, or two in one sentence?')
    for (const channel of CHANNELS) {
      const text = words(await last(channel))
      expect(text).toContain(TITLE)
      expect(text).toContain('Worries get lost between us.')
      expect(text).toContain('Lena Fischer (Jugendamt Rheinfurt)')
    }
    expect(words(await last('netzwerk'))).toContain('Warum uns das wichtig ist')
    expect(words(await last('netzwerk-rheinfurt'))).toContain('Why it matters to us')
    expect(await world.channel('koordination')).toEqual([])
  })

  test('whoever is named as the lead is told, and may decline; coordinators then look for somebody else', async () => {
    await propose()
    const message = await lastTo('youth-2')
    expect(words(message)).toContain('für die Federführung')
    await world.press('youth-2', message, 'Das passt nicht')
    await hour()
    expect(words(await lastTo('youth-1'))).toContain('zurzeit keine Federführung')
    expect(words(await last('netzwerk-rheinfurt'))).toContain('Somebody is being looked for')
    const { form } = await world.press('youth-1', await lastTo('youth-1'), 'Federführung bestimmen')
    await world.submit('youth-1', form, { lead: 'city-2' })
    await hour()
    expect(words(await lastTo('city-2'))).toContain('für die Federführung')
    expect(words(await last('netzwerk-rheinfurt'))).toContain('Jonas Brandt (Stadt Rheinfurt')
  })

  test('it is agreed once every organisation stands behind it; who pressed is neither shown nor stored', async () => {
    await propose()
    await confirm('youth-1')
    expect(words(await last('netzwerk'))).toContain('Steht dahinter: Jugendamt Rheinfurt')
    expect(words(await last('Präventionsnetzwerk'))).toContain('Noch offen: Polizei Rheinfurt')
    await confirm('police-2')
    const { notice } = await confirm('schools-1')
    expect(words(notice)).toContain('is agreed')
    for (const channel of CHANNELS) {
      const view = await last(channel)
      expect(labels(view)).toEqual([])
      expect(words(view)).toMatch(/Vereinbart von|Agreed by/)
      expect(words(view)).not.toMatch(/Marek|Priya/)
      expect(await world.channel(channel)).toHaveLength(1)
    }
    const stored = JSON.stringify(await world.store.db.model('Goal').find().lean())
    expect(stored).not.toMatch(/fans-2|youth-1|police-2|schools-1/)
  })

  test('an organisation may ask for a change, or take back what it said', async () => {
    await propose()
    const { notice } = await confirm('youth-1')
    await world.press('youth-1', notice, 'Zurücknehmen')
    await hour()
    expect(words(await last('netzwerk'))).toContain('Noch offen: Jugendamt Rheinfurt, Polizei')
    await pressIn('netzwerk', 'police-1', 'Wir brauchen eine Änderung')
    expect(words(await last('netzwerk'))).toContain('Braucht eine Änderung: Polizei')
    const refused = await world.press('city-1', await detail('city-1'), 'Ohne die Übrigen vereinbaren')
    expect(words(refused.notice)).toContain('um eine Änderung gebeten')
  })

  test('organisations that are not named need not confirm; a coordinator can go on without the rest', async () => {
    await propose()
    expect(words((await confirm('harbour-1')).notice)).toContain('muss nichts bestätigen')
    await confirm('youth-1')
    await world.press('city-1', await detail('city-1'), 'Ohne die Übrigen vereinbaren')
    await hour()
    expect(words(await last('netzwerk-rheinfurt'))).toContain('Agreed by')
    expect(words(await last('netzwerk-rheinfurt'))).toContain('Has not said yet')
    await confirm('police-1')
    expect(words(await last('netzwerk-rheinfurt'))).toMatch(/Stands behind it: Jugendamt.* and Polizei/)
  })

  test('mistakes stand beside their fields, and nothing is saved', async () => {
    const { errors } = await propose({ review_by: '2026-11-01', title: ' ', lead: 'nobody' })
    expect(errors).toEqual({ title: 'Please give the goal a short title.' })
    const second = await propose({ review_by: '2026-11-01', lead: 'nobody' })
    expect(second.errors?.review_by).toContain('24 November 2026')
    expect(second.errors?.lead).toBeDefined()
    expect((await propose({ review_by: '2028-01-01' })).errors?.review_by).toContain('2027')
    expect((await propose({ why: 'Call 0170 1234567' })).errors?.why).toContain('not saved')
    expect((await propose({ change: 'x'.repeat(241) })).errors?.change).toContain('shorten')
    expect(words((await world.say('fans-2', 'goals')).notice)).toContain('There is no goal')
  })

  test('a third open goal comes with a hint, a fifth is refused', async () => {
    for (const title of ['A', 'B']) await propose({ title })
    expect(words((await propose({ title: 'C' })).notice)).toContain('two at a time are usually enough')
    const forms = [await world.say('fans-2', 'goal'), await world.say('city-1', 'ziel')]
    const [fourth, fifth] = await Promise.all([
      world.submit('fans-2', forms[0]?.form, { ...GOAL, title: 'D' }),
      world.submit('city-1', forms[1]?.form, { ...GOAL, title: 'E' }),
    ])
    const answers = [words(fourth.notice), words(fifth.notice)]
    expect(answers.filter((text) => /4 open goals, and that|4 offene Ziele, mehr/.test(text))).toHaveLength(1)
    expect(words((await world.say('fans-2', 'goal')).notice)).toContain('as many as can be carried')
  })
})

describe('the review', () => {
  test('asks the lead privately, and shows the team the picture once the answer is there', async () => {
    await agreed()
    await toThursday()
    const question = await lastTo('youth-2')
    expect(words(question)).toContain('Zwei Minuten für')
    const { form } = await world.press('youth-2', question, 'Antworten')
    expect(form?.fields.map(({ id }) => id)).not.toContain('sideEffects')
    const obstacle = { sign: 'Two schools have called', obstacle: 'unclear-roles', next: 'Name a deputy' }
    const { notice } = await world.submit('youth-2', form, { ...REVIEW, status: 'slow', ...obstacle })
    expect(words(notice)).toContain('kann die Übung')
    await hour()
    expect(labels(await lastTo('youth-2'))).toEqual(['Ziel ansehen'])
    const picture = words(await last('netzwerk-rheinfurt'))
    expect(picture).toContain('Our goals at a glance')
    expect(picture).toContain('▰▰▰▱ Slower than hoped')
    expect(picture).toContain('Noticed: Two schools have called')
    expect(picture).toContain('In the way: Unclear roles')
    expect(picture).toContain('Next step: Name a deputy')
    expect(words(await last('netzwerk'))).toContain('Langsamer als erhofft')
    await world.advance({ days: 5 })
    for (const channel of CHANNELS) {
      const pictures = (await world.channel(channel)).filter(({ summary }) => /glance|Blick/.test(summary))
      expect(pictures).toHaveLength(1)
    }
  })

  test('without an answer the picture comes after three days, kindly and without names', async () => {
    await agreed()
    await toThursday()
    await world.advance({ days: 2 })
    expect(words(await last('netzwerk-rheinfurt'))).not.toContain('glance')
    await world.advance({ days: 2 })
    const picture = words(await last('netzwerk-rheinfurt'))
    expect(picture).toContain('No news yet, and that is fine')
    expect(picture).not.toContain('Lena')
    await review({ status: 'moving' })
    expect(words(await last('netzwerk-rheinfurt'))).toContain('▰▰▰▱ Moving')
  })

  test('waits for all leads of the round', async () => {
    await agreed()
    await agreed({ title: 'Words we share', lead: 'schools-1', supporters: ['police', 'youth'] })
    await toThursday()
    await review()
    await hour()
    expect(words(await last('netzwerk'))).not.toContain('auf einen Blick')
    await world.press('schools-1', await lastTo('schools-1'), 'No news')
    await hour()
    const picture = words(await last('netzwerk'))
    expect(picture).toContain('In Bewegung')
    expect(picture).toContain('Diesmal nichts Neues')
  })

  test('is silent when a review came in recently, and while a goal rests', async () => {
    await agreed()
    await world.advance({ days: 2 })
    await review()
    await toThursday()
    expect(await told('youth-2')).not.toContain('Zwei Minuten')
    expect(words((await world.say('city-1', 'starten zwischenstand')).notice)).toContain('es bleibt ruhig')
    await decide('youth-2', 'Ruhen lassen', { until: '2027-01-04' })
    await hour()
    expect(words(await last('netzwerk-rheinfurt'))).toContain('rests until Monday, 4 January 2027')
    await world.advance({ days: 28 })
    expect(await told('youth-2')).not.toContain('Zwei Minuten')
    await world.advance({ days: 28 })
    expect(await told('youth-2')).toContain('Zwei Minuten')
  })

  test('only the lead and coordinators may answer', async () => {
    await agreed()
    expect(labels(await detail('police-1'))).toEqual([])
    const { form } = await world.press('city-1', await detail('city-1'), 'Zwischenstand geben')
    expect(words((await world.submit('police-1', form, REVIEW)).notice)).toContain('Federführung')
    expect(words((await world.submit('city-1', form, REVIEW)).notice)).toContain('notiert')
  })

  test('stuck offers ways on, and asks once more after three weeks', async () => {
    await agreed()
    await toThursday()
    const { notice } = await review({ status: 'stuck' })
    expect(words(notice)).toContain('steckt fest, und das kommt vor')
    expect(labels(notice)).toEqual(['Kleiner machen', 'Um Hilfe bitten', 'Ändern', 'Ruhen lassen'])
    await world.press('youth-2', notice, 'Um Hilfe bitten')
    await hour()
    expect(words(await lastTo('city-1'))).toContain('würde sich über Hilfe freuen')
    await world.advance({ days: 22 })
    expect(labels(await lastTo('youth-2'))).toContain('Antworten')
    await review({ status: 'stuck' })
    await hour()
    expect(labels(await lastTo('youth-2'))).toEqual(['Ziel ansehen'])
    const before = (await world.inbox('youth-2')).length
    await world.advance({ days: 22 })
    expect((await world.inbox('youth-2')).length).toBe(before)
  })

  test('two "no news" in a row lead to an offer of help, and to nothing else', async () => {
    await agreed()
    await toThursday()
    const first = await world.press('youth-2', await lastTo('youth-2'), 'Nichts Neues')
    expect(first.notice).toBeUndefined()
    await world.advance({ days: 28 })
    const second = await world.press('youth-2', await lastTo('youth-2'), 'Nichts Neues')
    expect(words(second.notice)).toContain('Wäre Hilfe willkommen?')
    await hour()
    expect(await told('city-1')).not.toContain('im nächsten Treffen')
  })

  test('low confidence twice in a row leads coordinators to a talk; the team does not see it', async () => {
    await agreed()
    await review({ confidence: '2' })
    await hour()
    expect(await told('city-1')).not.toContain('im nächsten Treffen')
    await review({ confidence: '1', sideEffects: 'yes' })
    await hour()
    expect(words(await lastTo('city-1'))).toContain('Die Zuversicht war zweimal nacheinander gering')
    expect(words(await lastTo('city-1'))).toContain('unter Verdacht gestellt')
    for (const channel of [...CHANNELS, 'koordination']) {
      const all = (await world.channel(channel)).map(words).join()
      expect(all).not.toMatch(/Zuversicht|onfidence|Verdacht gestellt/)
    }
  })
})

describe('still the right goal?', () => {
  test('a change needs fresh confirmations; the old wording stays readable, its buttons do nothing', async () => {
    await propose()
    await confirm('youth-1')
    const old = await withButton('netzwerk-rheinfurt', 'Our organisation confirms')
    await decide('youth-2', 'Ändern', { change: 'By May, two schools know one contact point.' })
    await hour()
    const [first, second] = await world.channel('netzwerk-rheinfurt')
    expect(words(first)).toContain('has a new wording')
    expect(labels(first)).toEqual([])
    expect(words(second)).toContain('By May, two schools')
    expect(words(second)).toContain('Has not said yet: Jugendamt')
    const late = await pressIn('netzwerk-rheinfurt', 'police-1', 'Our organisation confirms', old)
    expect(words(late.notice)).toContain('neue Fassung')
    expect(words(await detail('schools-1'))).toMatch(/Earlier wordings.*By June, staff/)
  })

  test('making it smaller proposes a date within three months', async () => {
    await agreed()
    const { notice } = await review({ rightGoal: 'adjust' })
    const { form } = await world.press('youth-2', notice, 'Kleiner machen')
    expect(form?.fields.find(({ id }) => id === 'review_by')?.value).toBe('2027-02-22')
  })

  test('letting go says why and what was learned, and makes room', async () => {
    await agreed()
    const { notice } = await review({ rightGoal: 'wrong' })
    const { form } = await world.press('youth-2', notice, 'Loslassen')
    await world.submit('youth-2', form, { why: 'The city has done it', learned: 'Ask earlier' })
    await hour()
    const text = words(await last('netzwerk-rheinfurt'))
    expect(text).toContain('Why: The city has done it')
    expect(text).toContain('What we learned: Ask earlier')
    expect(words(await lastTo('city-1'))).toContain('Zweifel, ob es noch das richtige Ziel ist')
    expect(words((await world.say('fans-2', 'goals')).notice)).toContain(`Let go: ${TITLE}`)
  })

  test('reaching it thanks the organisations and asks what should stay', async () => {
    await agreed()
    const { notice } = await review({ status: 'reached' })
    const { form } = await world.press('youth-2', notice, 'Wir haben es erreicht')
    await world.submit('youth-2', form, {})
    await hour()
    const text = words(await last('netzwerk-rheinfurt'))
    expect(text).toContain('It has happened. Thank you to Jugendamt Rheinfurt, Polizei Rheinfurt')
    expect(text).toContain('what should stay')
    expect(await told('youth-2')).not.toContain('Zwei Minuten')
  })
})

describe('the lead', () => {
  test('sees on the Home tab and in "about me" what waits; who leaves is forgotten and replaced', async () => {
    await agreed()
    expect(words((await world.say('youth-2', 'meine daten')).notice)).toContain(TITLE)
    const { notice } = await world.say('youth-2', 'verlassen')
    await world.press('youth-2', notice, labels(notice)[0] ?? '')
    await hour()
    expect(words(await lastTo('city-1'))).toContain('zurzeit keine Federführung')
    for (const channel of CHANNELS) expect(words(await last(channel))).not.toContain('Lena')
    expect(JSON.stringify(await world.store.db.model('Goal').find().lean())).not.toContain('youth-2')
    const { form } = await world.press('city-1', await lastTo('city-1'), 'Federführung bestimmen')
    await world.submit('city-1', form, { lead: 'youth-1' })
    await toThursday()
    expect(await told('youth-1')).toContain('Zwei Minuten')
  })
})
