/** What a pulse result looks like: pictures in Slack, in Teams and in the playground, and where there is none. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { drawMessage } from '../adapters/playground/renderings.ts'
import { itemOf } from '../src/pulse/content.ts'
import type { Block, View } from '../src/views/view.ts'
import { dump, lines, startStory, type Story } from './support/pulse-story.ts'
import { startRig, type Rig } from './support/rig.ts'
import { smallNetwork } from './support/small-network.ts'
import { partsOf } from './support/teams-cards.ts'
import { words } from './support/world.ts'

type Image = Extract<Block, { type: 'image' }>
const imagesOf = (view: View | undefined): Image[] =>
  (view?.blocks ?? []).filter((block) => block.type === 'image')
const isPng = (base64: string): boolean => Buffer.from(base64, 'base64').subarray(1, 4).toString() === 'PNG'

describe('over the wire', () => {
  const RESULT = /gemeinsam gesagt|What we said/
  let rig: Rig
  beforeEach(async () => {
    rig = await startRig()
    await rig.advanceTo('2026-11-25T10:00:00Z')
  })
  afterEach(async () => {
    const complaints = rig.complaints()
    await rig.close()
    expect(complaints).toEqual([])
  })

  const answer = async (members: string[]): Promise<void> => {
    for (const member of members) {
      const user = rig.slackUser(member)
      const sheet = rig.slack.direct(user).findLast((message) => /Kurzbefragung|pulse/.test(message.text))
      for (const [nth, value] of [2, 3, 4, 1].entries())
        await rig.slack.press(sheet, String(value), user, nth)
    }
  }
  const five = ['fans-2', 'families-2', 'city-2', 'city-1', 'youth-1']
  const inSlack = (name: string) =>
    rig.slack.messages(rig.slackChannel(name)).findLast((message) => RESULT.test(message.text))
  const inTeams = () =>
    rig.teams
      .messages(rig.teamsChannel('Präventionsnetzwerk'))
      .findLast(({ summary }) => RESULT.test(summary))

  test('Slack gets a file and a message that shows it, Teams the picture itself; both with words for it', async () => {
    await answer(five)
    await rig.advanceTo('2026-12-01T12:00:00Z')
    for (const [channel, words] of [
      [
        'netzwerk',
        /^Das haben wir gemeinsam gesagt\. .+: (Bald ein Gespräch wert|Gemischtes Bild|Vorerst stabil)/,
      ],
      [
        'netzwerk-rheinfurt',
        /^What we said together\. .+: (Worth a conversation soon|Mixed picture|Steady for now)/,
      ],
    ] as const) {
      const message = inSlack(channel)
      const image = (message?.blocks as Record<string, unknown>[]).find(({ type }) => type === 'image')
      expect(image).toMatchObject({
        alt_text: expect.stringMatching(words),
        slack_file: { id: expect.any(String) },
      })
      expect(rig.slack.files()).toContainEqual(
        expect.objectContaining({ complete: true, alt: image?.alt_text, name: 'picture.png' }),
      )
    }
    for (const { bytes } of rig.slack.files()) {
      expect(bytes).toBeGreaterThan(10_000)
      expect(bytes).toBeLessThan(1_000_000)
    }
    const [picture, ...more] = partsOf(inTeams()?.card()).filter(({ type }) => type === 'Image')
    expect(more).toEqual([])
    expect(picture).toMatchObject({ altText: expect.stringMatching(/Das haben wir gemeinsam gesagt/) })
    expect(isPng(String(picture?.url).replace('data:image/png;base64,', ''))).toBe(true)
    // The words stand beside it.
    expect(inTeams()?.text()).toContain('●')
  })

  test('a result that is withheld has no picture, and says why without a hint', async () => {
    await answer(five.slice(0, 4))
    await rig.advanceTo('2026-12-01T12:00:00Z')
    expect(rig.slack.files()).toEqual([])
    expect(partsOf(inTeams()?.card()).filter(({ type }) => type === 'Image')).toEqual([])
    expect(inTeams()?.text()).toContain('weniger als fünf')
    expect(inTeams()?.text()).not.toMatch(/\d/)
  })

  test('where Slack takes no picture, its words are shown', async () => {
    await answer(five)
    for (let time = 0; time < 4; time++)
      rig.slack.fail('files.getUploadURLExternal', { error: 'missing_scope' })
    await rig.advanceTo('2026-12-01T12:00:00Z')
    for (const channel of ['netzwerk', 'netzwerk-rheinfurt'])
      expect(inSlack(channel)?.blocks).toContainEqual(
        expect.objectContaining({
          type: 'context',
          elements: [
            expect.objectContaining({ text: expect.stringMatching(/^(Das haben wir|What we said)/) }),
          ],
        }),
      )
    expect(rig.complaints().every((line) => line.includes('a picture could not be brought to Slack'))).toBe(
      true,
    )
    rig.logged.length = 0
  })
})

describe('a picture', () => {
  let story: Story
  beforeEach(async () => {
    story = await startStory()
    await story.world.advance({ hours: 28 })
  })
  afterEach(() => story.world.close())

  test('follows from what was released alone, in the language of its place; the playground shows it twice', async () => {
    const { world } = story
    await story.tapAll([1, 2, 2, 3, 3, 3])
    await story.close()
    const german = await story.result('netzwerk')
    const [here] = imagesOf(german)
    const [there] = imagesOf(await story.result('netzwerk-rheinfurt'))
    expect(here?.alt).toContain('Antworten zu dem, was gezeigt wird: 5 oder mehr')
    expect(there?.alt).toContain('Answers to what is shown: 5 or more')
    for (const image of [here, there]) expect(image?.alt).not.toMatch(/6 |\d\.\d|\d,\d/)

    const drawn = drawMessage({ _id: 'm', at: new Date(0), by: 'linkpin', view: german } as never)
    expect(JSON.stringify(drawn.slack)).toContain(`data:image/png;base64,${here?.png}`)
    expect(JSON.stringify(drawn.teams)).toContain(`data:image/png;base64,${here?.png}`)

    // Other answers, the same result: the same picture.
    const other = await startStory()
    await other.world.advance({ hours: 28 })
    await other.tapAll([1, 2, 2, 2, 3, 3, 3])
    await other.close()
    expect(lines(await other.result('netzwerk'))[0]).toBe(lines(german)[0])
    expect(imagesOf(await other.result('netzwerk'))).toEqual([here])
    await other.world.close()
    expect(imagesOf((await world.say('fans-2', 'results')).notice)).toEqual([there])
  })

  test('comes with the question to talk about and an exercise that fits', async () => {
    await story.tapAll([2, 2, 3, 1, 2])
    await story.close()
    const said = words(await story.result())
    expect(said).toContain('One thing to talk about')
    expect(said).toContain('An exercise that would fit')
    expect(said).toContain('We decide together whether to do it.')
  })
})

describe('a cycle', () => {
  const LOW = [1, 2, 2, 3, 3, 3, 2, 2, 3, 1, 2, 3]
  const HIGH = LOW.map((value) => 6 - value)
  const PATIENCE = 240_000
  let story: Story
  beforeEach(async () => {
    story = await startStory(smallNetwork(14), 'm-1')
    await story.world.advance({ hours: 28 })
  })
  afterEach(() => story.world.close())

  const glances = async () =>
    (await story.world.channel('team')).filter(({ summary }) => /whole cycle/.test(summary))

  /** A whole cycle in which the first twelve members find everything as good as their value says. */
  async function live(values: number[]): Promise<void> {
    const { world } = story
    const before = (await glances()).length
    for (let turn = 0; turn < 8 && (await glances()).length === before; turn++) {
      const open = (await dump(world)).pulse_waves?.find(({ state }) => state === 'open')
      for (const [index, value] of open ? values.entries() : []) {
        const member = `m-${index + 1}`
        const { form } = await world.say(member, 'pulse')
        const scores = (open?.items as string[]).map((item, nth) => {
          const score = item.startsWith('own-') || !itemOf(item).reverse ? value : 6 - value
          return [`score${nth}`, String(score)]
        })
        await world.submit(member, form, Object.fromEntries(scores))
      }
      await world.advance({ days: 6 })
      if (open) await story.chooseNone()
      if ((await glances()).length === before) await world.advance({ days: 8 })
    }
    await world.advance({ days: 8 })
  }

  test(
    'shows all elements; the next one says beside each what has changed',
    async () => {
      await live(LOW)
      const [first] = await glances()
      expect(imagesOf(first)).toHaveLength(1)
      expect(lines(first)).toHaveLength(11)
      expect(words(first)).not.toMatch(/one cycle ago|clearly/)

      // A rest, and the other cycle.
      await story.world.advance({ days: 14 })
      await live(HIGH)
      const [, second] = await glances()
      expect(lines(second)).toHaveLength(11)
      for (const line of lines(second))
        expect(line).toMatch(/· 3\.8 of 5 · one cycle ago: 2\.3 · clearly higher$/)
      const [picture] = imagesOf(second)
      expect(picture?.alt.match(/: Steady for now, 3\.8, clearly higher\./g)).toHaveLength(11)
      expect(words(second)).toContain('chance alone')

      // How many answered and how far apart they were is kept nowhere.
      const waves = JSON.stringify((await dump(story.world)).pulse_waves)
      expect(waves).not.toMatch(/deviation|answers|answered/)
    },
    PATIENCE,
  )
})
