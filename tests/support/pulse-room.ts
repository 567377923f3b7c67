/**
 * The pulse room alone, on an in-memory store, with as many networks as one likes: members, a clock and nothing else
 * around it. What it would send is kept as it would be seen.
 */
import { Temporal } from 'temporal-polyfill'
import type { Checkins, Kind } from '../../src/checkins/kind.ts'
import type { Ctx, Reply } from '../../src/conversation/port.ts'
import type { Deliveries, Draft } from '../../src/delivery/port.ts'
import { loadTexts, type Texts, type Translator } from '../../src/i18n/texts.ts'
import { directTo, type Account } from '../../src/kernel/address.ts'
import { movableClock } from '../../src/kernel/clock.ts'
import { createEvents } from '../../src/kernel/events.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import type { Member, Network, Networks } from '../../src/networks/types.ts'
import type { WaveDoc } from '../../src/pulse/model.ts'
import { createPulse } from '../../src/pulse/pulse.ts'
import { openStore } from '../../src/store/connect.ts'

const texts = remembering(await loadTexts('locales'))
const START = '2026-11-24T09:00:00Z'
const quietHours = { from: '18:00', to: '08:00' }

/** A member by a number that is never given twice in a network; the first two coordinate. */
const memberOf = (network: string, number: number): Member => ({
  id: `m${number}`,
  network,
  name: `Person ${number}`,
  partner: 'city',
  language: number % 3 === 2 ? 'en' : 'de',
  zone: 'Europe/Berlin',
  quietHours,
  coordinator: number < 2,
  accounts: [{ platform: 'slack', tenant: 'T0', userId: `U${number}` }],
})
const accountOf = (member: Member): Account => member.accounts[0] as Account

/** Somebody's answers: a score for each statement in their order, perhaps some words. */
export interface Sheet {
  scores: number[]
  text?: string
}

export type PulseRoom = Awaited<ReturnType<typeof openPulseRoom>>

/** @param dataFolder where to keep it; nowhere if left out */
export async function openPulseRoom(dataFolder = ':memory:') {
  const store = await openStore({ dataFolder })
  const clock = movableClock(START)
  const people = new Map<string, Set<number>>()
  const seen = new Map<string, string[]>()

  const networkOf = (id: string): Network => ({
    ...{ id, name: 'Netzwerk', zone: 'Europe/Berlin', languages: ['de', 'en'] },
    ...{ quietHours, weekend: [6, 7], phase: 'first-steps' },
  })
  const membersOf = (id: string): Member[] => [...(people.get(id) ?? [])].map((n) => memberOf(id, n))
  const see = (network: string, what: unknown): void => {
    seen.set(network, [...(seen.get(network) ?? []), JSON.stringify(what)])
  }
  const space = (network: string, id: string, language: string) => ({
    ...{ network, kind: 'team' as const, name: id, language },
    address: { platform: 'slack' as const, tenant: 'T0', kind: 'channel' as const, id },
  })
  const networks: Partial<Networks> = {
    members: async (id) => membersOf(id),
    partners: async () => [],
    coordinators: async (id) => membersOf(id).filter(({ coordinator }) => coordinator),
    spaces: async (id) => [space(id, 'C0DE', 'de'), space(id, 'C0EN', 'en')],
    isDayOff: (_network, date) => date.dayOfWeek > 5,
  }
  const deliveries: Partial<Deliveries> = {
    owe: async (drafts) => drafts.forEach((draft) => see(draft.network, draft)),
    revise: async ({ cause, ...to }, view) => see(cause.split('|')[0] ?? '', { ...to, cause, view }),
  }
  const checkins: Partial<Checkins> = {
    once: async () => undefined,
    everyWeeks: async () => undefined,
    next: async () => undefined,
  }
  const { feature, kinds } = createPulse({
    ...{ db: store.db, clock, texts, events: createEvents(createLogger('silent')) },
    networks: networks as Networks,
    deliveries: deliveries as Deliveries,
    checkins: checkins as Checkins,
    // A picture is drawn from its model and nothing else: whoever sees the model sees more than the picture.
    pictures: { positions: async (model) => [{ type: 'image', png: '', alt: JSON.stringify(model) }] },
    runningModule: async () => 'm1-walk-a-mile',
  })
  await store.ready()

  const ctxOf = (network: string, number: number): Ctx => {
    const member = memberOf(network, number)
    const t = texts.in(member.language)
    const place = directTo(accountOf(member))
    return { network: networkOf(network), member, t, here: t, place, now: clock.now() }
  }
  const kind = (name: string): Kind => {
    const found = kinds.find((one) => one.name === name)
    if (!found) throw new Error(`no kind ${name}`)
    return found
  }

  const room = {
    store,
    clock,
    /** Whoever is in a network now. */
    setMembers: (network: string, numbers: number[]) => people.set(network, new Set(numbers)),
    /** Everything that anybody in a network has been sent or shown, in order, except what answers tell their own author. */
    seen: (network: string): string[] => seen.get(network) ?? [],
    /** Adds to it. */
    see,
    openWave: (network: string): Promise<WaveDoc | null> =>
      store.db.model<WaveDoc>('PulseWave').findOne({ network, state: 'open' }).lean<WaveDoc>(),
    /** The coordinators choose nothing, so that the next wave may open. */
    async decide(network: string, wave: string): Promise<void> {
      const decided = room.act(network, 0, 'pulse.decide', { wave, step: 'none' }, { text: 'Später' })
      // Where nothing was shown there is nothing to choose.
      await decided.catch((error: unknown) => see(network, String(error)))
    },

    /** An occurrence of a kind, and what follows. Its drafts, or the reason for silence. */
    async occur(network: string, name: string, subject?: string): Promise<Draft[] | string> {
      const now = clock.now()
      const composed = await kind(name).compose({
        id: `${network}|${now.toString()}`,
        ...{ checkin: network, network: networkOf(network), subject, dueAt: now, now, byHand: false },
        nominal: now.toZonedDateTimeISO('Europe/Berlin').toPlainDateTime(),
      })
      if ('silent' in composed) {
        see(network, composed)
        return composed.silent
      }
      composed.drafts.forEach((draft) => see(network, draft))
      return composed.drafts
    },

    async act(network: string, number: number, name: string, args: object, values?: object): Promise<Reply> {
      return (await feature.actions[name]?.run(ctxOf(network, number), args, values)) ?? {}
    },

    /** What a member is told by every command there is. */
    async ask(network: string, number: number): Promise<Reply[]> {
      const { coordinator } = memberOf(network, number)
      const allowed = feature.commands.filter(({ who }) => who === 'member' || coordinator)
      const told = allowed.map(async ({ run }) => run(ctxOf(network, number), ''))
      return (await Promise.allSettled(told)).map((one) =>
        one.status === 'fulfilled' ? one.value : { failed: true, notice: String(one.reason) as never },
      )
    },

    /** Sends off the sheet of a member. */
    async answer(network: string, number: number, wave: string, { scores, text }: Sheet): Promise<void> {
      const values = Object.fromEntries(scores.map((score, index) => [`score${index}`, String(score)]))
      await room.act(network, number, 'pulse.submit', { wave }, { ...values, text })
    },

    leave: async (network: string, number: number): Promise<void> => {
      await feature.forget?.(memberOf(network, number))
      people.get(network)?.delete(number)
    },

    /** Everything the store holds, collection by collection. */
    async dump(): Promise<Record<string, Record<string, unknown>[]>> {
      const all = Object.values(store.db.models).map(
        async (model) => [model.collection.name, await model.find({}).lean()] as const,
      )
      return Object.fromEntries(await Promise.all(all))
    },
    pass: (duration: Temporal.DurationLike) => clock.moveTo(clock.now().add(duration)),
    close: () => store.close(),
  }
  return room
}

/** The same texts, each looked up once: thousands of networks read them. */
function remembering(real: Texts): Texts {
  const known = new Map<string, string>()
  const once = (key: string, look: () => string): string => {
    const text = known.get(key) ?? look()
    known.set(key, text)
    return text
  }
  const translators = new Map(
    real.languages.map(({ code }): [string, Translator] => {
      const t = real.in(code)
      const own: Translator = {
        ...t,
        t: (key, params) => once(`${code} t ${key} ${JSON.stringify(params)}`, () => t.t(key, params)),
        plain: (key, params) =>
          once(`${code} p ${key} ${JSON.stringify(params)}`, () => t.plain(key, params)),
        dateTime: (at, zone) => once(`${code} ${at.epochMilliseconds} ${zone}`, () => t.dateTime(at, zone)),
      }
      return [code, own]
    }),
  )
  const inOne = (...wanted: (string | undefined)[]): Translator =>
    translators.get(real.in(...wanted).language) ?? real.in(...wanted)
  return { ...real, in: inOne }
}
