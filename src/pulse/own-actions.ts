import { z } from 'zod'
import { action, notice, type Ctx, type Feature, type Reply } from '../conversation/port.ts'
import { FormRefusal, type Text } from '../kernel/errors.ts'
import { MOST_OWN, type OwnItems } from './own-items.ts'
import { problemOf } from './own-rules.ts'
import { ownForm, ownView, textField } from './own-views.ts'
import type { Posts, PulseRoom } from './room.ts'
import type { Waves } from './waves.ts'

const placeArgs = z.strictObject({
  place: z
    .number()
    .int()
    .min(0)
    .max(MOST_OWN - 1),
})

/** What coordinators can do with the network's own statements. */
export function createOwnActions(
  room: PulseRoom,
  waves: Waves,
  posts: Posts,
  own: OwnItems,
): Pick<Feature, 'actions' | 'commands'> {
  const { networks, texts } = room
  const fields = texts.languages.map(({ code }) => textField(code))

  const languagesOf = async ({ network }: Ctx): Promise<string[]> =>
    posts.languagesFor(network, await networks.members(network.id))

  /** The running cycle, if one has begun, and the next one that has not: only that one can still be written. */
  async function cyclesOf(network: string): Promise<{ running?: number; next: number }> {
    const { cycle, index } = await waves.comingUp(network)
    return index === 0 ? { next: cycle } : { running: cycle, next: cycle + 1 }
  }

  async function show({ network, t }: Ctx): Promise<Reply> {
    const { running, next } = await cyclesOf(network.id)
    const now = running === undefined ? undefined : await own.inCycle(network.id, running)
    return { notice: ownView(now, await own.inCycle(network.id, next), t) }
  }

  async function check(ctx: Ctx, written: Map<string, string>, languages: string[]): Promise<void> {
    const [members, partners] = await Promise.all([
      networks.members(ctx.network.id),
      networks.partners(ctx.network.id),
    ])
    const names = { members: members.map(({ name }) => name), partners: partners.map(({ name }) => name) }
    const problems = languages.flatMap((language): [string, Text][] => {
      const text = written.get(language)
      const problem = text ? problemOf(text, texts.in(language), names) : { key: 'pulse-own:errors.missing' }
      return problem ? [[textField(language), problem]] : []
    })
    if (problems.length > 0) throw new FormRefusal(Object.fromEntries(problems))
  }

  return {
    actions: {
      'pulse.own': action({
        who: 'coordinator',
        args: placeArgs,
        async run(ctx, { place }) {
          const { next } = await cyclesOf(ctx.network.id)
          const places = await own.inCycle(ctx.network.id, next)
          return { form: ownForm(place, places[place], await languagesOf(ctx), { texts, t: ctx.t }) }
        },
      }),
      'pulse.own-save': action({
        who: 'coordinator',
        args: placeArgs,
        values: z.object(Object.fromEntries(fields.map((id) => [id, z.string().max(1000).optional()]))),
        freeText: fields,
        async run(ctx, { place }, values) {
          const { network, t } = ctx
          const languages = await languagesOf(ctx)
          const written = new Map(
            languages.flatMap((language): [string, string][] => {
              const text = values[textField(language)]?.normalize('NFC').replace(/\s+/g, ' ').trim()
              return text ? [[language, text]] : []
            }),
          )
          const { running, next } = await cyclesOf(network.id)
          if (written.size === 0) {
            await own.write(network.id, next, place)
            return notice(t.t('pulse-own:removed'))
          }
          await check(ctx, written, languages)
          const others = (await own.inCycle(network.id, next)).toSpliced(place, 1)
          const isTwice = others.some((other) =>
            languages.some((one) => other?.texts[one] === written.get(one)),
          )
          if (isTwice)
            throw new FormRefusal({ [textField(languages[0] ?? '')]: { key: 'pulse-own:errors.twice' } })
          await own.write(network.id, next, place, Object.fromEntries(written))
          return notice(t.t(running === undefined ? 'pulse-own:savedNow' : 'pulse-own:savedNext'))
        },
      }),
    },
    commands: [{ name: 'own', who: 'coordinator', run: show }],
  }
}
