import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Reply } from '../src/conversation/port.ts'
import { dump, lines, MEMBERS, scales, startStory, type Story } from './support/pulse-story.ts'
import { words, type World } from './support/world.ts'

let story: Story
let world: World
beforeEach(async () => {
  story = await startStory()
  world = story.world
})
afterEach(() => world.close())

const WORDING = { text_de: 'Unsere Treffen beginnen pünktlich.', text_en: 'Our meetings start on time.' }

/** Opens the form of a statement, from 1, and sends it off; every language has a wording. */
async function write(number: number, values: Record<string, string>): Promise<Reply> {
  const { notice } = await world.say('city-1', 'eigene aussagen')
  const button = notice?.blocks
    .flatMap((block) => (block.type === 'buttons' ? block.buttons : []))
    .find(({ action }) => action.args?.place === number - 1)
  const { form } = await world.press('city-1', notice, button?.label ?? '')
  const others = (form?.fields ?? []).map(({ id }) => [id, values[id] ?? values.text_en] as const)
  return world.submit('city-1', form, Object.fromEntries(others))
}

/** Lets a wave pass that nobody answers. */
const pass = () => world.advance({ weeks: 2 })

const own = (reply: Reply) => words(reply.notice)

test('is asked beside four others in the second wave, in everybody’s language, with its own line in the result', async () => {
  expect(own(await write(1, WORDING))).toContain('ab der nächsten Kurzbefragung')
  await world.advance({ hours: 28 })
  expect(scales(await story.sheet('fans-2'))).toHaveLength(4)
  await pass()
  const english = scales(await story.sheet('exit-2'))
  expect(english).toHaveLength(5)
  expect(english[4]?.statement).toBe(WORDING.text_en)
  expect(scales(await story.sheet('police-1'))[4]?.statement).toBe(WORDING.text_de)
  const { form } = await world.say('fans-2', 'pulse')
  expect(form?.fields.map(({ label }) => label)).toContain(WORDING.text_en)
  for (const [index, value] of [2, 2, 1, 2, 3].entries())
    await story.tap(MEMBERS[index] ?? '', [5, 4, 5, 3, value])
  await story.close()
  const shown = lines(await story.result())
  expect(shown).toContainEqual(
    '- **Our own statement: Our meetings start on time.** ●●○○○ Worth a conversation soon',
  )
  expect(lines(await story.result('netzwerk'))[4]).toContain(`Unsere eigene Aussage: ${WORDING.text_de}`)
  // It is low, and still not the one thing to talk about: nothing strengthens it.
  expect(words(await story.result())).not.toContain('One thing to talk about: Our own')
  expect(words((await world.say('fans-2', 'results')).notice)).toContain(WORDING.text_en)
})

test('is withheld like any other where fewer than five have answered it', async () => {
  await write(1, WORDING)
  await world.advance({ hours: 28 })
  await pass()
  for (const member of MEMBERS.slice(0, 4)) await story.tap(member, [3, 3, 3, 3, 5])
  await story.tap('youth-1', [3, 3, 3, 3, 0])
  await story.close()
  expect(lines(await story.result())[4]).toBe(
    '- **Our own statement: Our meetings start on time.** Too few answers to show this one safely',
  )
})

test('keeps its wording for the cycle; the same wording is the same series, another one another', async () => {
  await write(1, WORDING)
  await world.advance({ hours: 28 })
  const other = { text_de: 'Unsere Treffen enden pünktlich.', text_en: 'Our meetings end on time.' }
  expect(own(await write(1, other))).toContain('ab dem nächsten Durchgang')
  const listed = own(await world.say('city-1', 'eigene aussagen'))
  expect(listed.indexOf(WORDING.text_de)).toBeGreaterThan(-1)
  expect(listed.indexOf(other.text_de)).toBeGreaterThan(listed.indexOf(WORDING.text_de))
  const series = async () =>
    (await dump(world)).pulse_own_items!.map(
      ({ places }) => (places as Record<string, { id: string }>)[0]?.id,
    )
  const [first, second] = await series()
  expect(second).not.toBe(first)
  await pass()
  expect(scales(await story.sheet('exit-2'))[4]?.statement).toBe(WORDING.text_en)
  await write(1, WORDING)
  expect(await series()).toEqual([first, first])
})

test('can be taken away, and leaves the others in their places', async () => {
  const second = { text_de: 'Ich komme gern.', text_en: 'I like to come.' }
  await write(1, WORDING)
  await write(2, second)
  expect(own(await write(1, { text_de: '', text_en: '' }))).toContain('Weggenommen')
  await world.advance({ hours: 28 })
  await pass()
  expect(scales(await story.sheet('exit-2'))).toHaveLength(4)
  await pass()
  await pass()
  expect(scales(await story.sheet('exit-2'))[4]?.statement).toBe(second.text_en)
})

test.each([
  [{ ...WORDING, text_en: '' }, 'text_en', 'auch in dieser Sprache'],
  [{ ...WORDING, text_en: 'Do we start on time?' }, 'text_en', 'keine Frage'],
  [{ ...WORDING, text_en: 'We start; we end.' }, 'text_en', 'zwei Gedanken'],
  [{ ...WORDING, text_de: 'Mit Aylin arbeite ich gern.' }, 'text_de', '„Aylin“ ist ein Name'],
  [{ ...WORDING, text_de: 'Fragt nico@example.org nach uns.' }, 'text_de', 'etwas über eine Person'],
  [{ ...WORDING, text_de: 'x'.repeat(71) }, 'text_de', '70 Zeichen'],
])(
  '%#: what cannot be asked is kept out, with the reason beside the field',
  async (values, field, reason) => {
    const { errors } = await write(1, values)
    expect(errors?.[field]).toContain(reason)
    expect((await dump(world)).pulse_own_items).toEqual([])
  },
)

test('two equal statements are one too many', async () => {
  await write(1, WORDING)
  expect(JSON.stringify((await write(2, WORDING)).errors)).toContain('schon eine Ihrer anderen')
})

test('only coordinators write them', async () => {
  expect(own(await world.say('fans-2', 'own statements'))).not.toContain('Our own statements')
})
