/** Pulses as members live through them, on top of the world: opening a wave, tapping answers, what stands where. */
import type { Reply } from '../../src/conversation/port.ts'
import type { View } from '../../src/views/view.ts'
import { createWorld, type World } from './world.ts'

/** The members of the example network; the first is a coordinator. */
export const MEMBERS = [
  'city-1 city-2 exit-1 exit-2 families-1 families-2 fans-1 fans-2 harbour-1 mosques-1 mosques-2',
  'police-1 police-2 schools-1 schools-2 youth-1 youth-2',
].flatMap((line) => line.split(' '))

export interface Story {
  world: World
  /** From Tuesday noon, when the wave is open, to Monday noon, when it has closed. */
  close(): Promise<void>
  /** The latest of some messages whose summary fits. */
  find(views: Promise<View[]>, summary: RegExp): Promise<View | undefined>
  /** A member's sheet, as long as it can be answered. */
  sheet(member: string): Promise<View | undefined>
  announcement(channel: string): Promise<View | undefined>
  result(channel?: string): Promise<View | undefined>
  /** Taps one answer after the other, 0 for "cannot say". */
  tap(member: string, values: number[]): Promise<void>
  /** As many members as there are values, each tapping the same value everywhere. */
  tapAll(values: number[]): Promise<void>
  /** Writes through "say something more". */
  write(member: string, text: string): Promise<Reply>
  /** What the coordinator who scheduled the pulse was offered last, or reminded of. */
  offer(): Promise<View | undefined>
  /** That coordinator says that no step follows this time. */
  chooseNone(because?: string): Promise<Reply>
}

/**
 * A Monday morning; a coordinator has scheduled the pulse for every second Tuesday at 10:00. It closes on the Monday after.
 * @param file the network, the example if left out
 * @param coordinator who schedules it
 * @param watch the log and the meter, where they are of interest
 */
export async function startStory(
  file?: string,
  coordinator = 'city-1',
  watch?: Parameters<typeof createWorld>[3],
): Promise<Story> {
  const world = await createWorld('2026-11-23T08:00:00Z', file, ':memory:', watch)
  const { form } = await world.say(coordinator, 'planen')
  const rhythm = { rhythm: 'week-2', weekdays: ['2'], time: '10:00', start: '2026-11-24' }
  await world.submit(coordinator, form, { kind: 'pulse', ...rhythm })

  const translator = async (member: string) =>
    world.texts.in((await world.app.networks.member('rheinfurt', member))?.language, 'de')
  const story: Story = {
    world,
    close: () => world.advance({ days: 6 }),
    find: async (views, summary) => (await views).findLast((view) => summary.test(view.summary)),
    sheet: async (member) => (await world.inbox(member)).find((view) => scales(view).length > 0),
    announcement: (channel) =>
      story.find(world.channel(channel), /^(A short team pulse is open|Eine Kurzbefragung ist offen)/),
    result: (channel = 'netzwerk-rheinfurt') =>
      story.find(world.channel(channel), /^(What we said|Das haben wir)/),
    async tap(member, values) {
      const t = await translator(member)
      for (const [index, value] of values.entries()) {
        const label = t.plain(`pulse-content:scale.${value === 0 ? 'cannotSay' : value}`)
        await world.press(member, await story.sheet(member), label, index)
      }
    },
    async tapAll(values) {
      for (const [index, value] of values.entries())
        await story.tap(MEMBERS[index] ?? '', [value, value, value, value])
    },
    async write(member, text) {
      const t = await translator(member)
      const more = t.plain('pulse:sheet.say')
      const { form: fields } = await world.press(member, await story.sheet(member), more)
      return world.submit(member, fields, { text })
    },
    offer: () => story.find(world.inbox(coordinator), /idea|Idee|waits for one choice|wartet auf eine Wahl/),
    async chooseNone(because = 'Sommerpause') {
      const t = await translator(coordinator)
      const none = t.plain('pulse:step.buttons.none')
      const { form: fields } = await world.press(coordinator, await story.offer(), none)
      return world.submit(coordinator, fields, { text: because })
    },
  }
  return story
}

/** The statements of a sheet. */
export const scales = (view: View | undefined) =>
  (view?.blocks ?? []).filter((block) => block.type === 'scale')

/** The lines of a message's texts. */
export const lines = (view: View | undefined): string[] =>
  (view?.blocks ?? []).flatMap((block) => (block.type === 'text' ? block.text.split('\n') : []))

/** Everything in the store, collection by collection. */
export async function dump({ store }: World): Promise<Record<string, Record<string, unknown>[]>> {
  const models = Object.values(store.db.models)
  const all = models.map(async (model) => [model.collection.name, await model.find({}).lean()] as const)
  return Object.fromEntries(await Promise.all(all))
}
