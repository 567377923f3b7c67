import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { action, notice, type Ctx, type Feature, type Reply } from '../conversation/port.ts'
import { Refusal } from '../kernel/errors.ts'
import { derivedId } from '../kernel/ids.ts'
import { content } from './content.ts'
import type { WaveDoc } from './model.ts'
import { waitsBlocks } from './plan-views.ts'
import { REMARKS_PER_FORM } from './remarks.ts'
import { releasedView, remarkField, remarksForm, resultView } from './result-views.ts'
import type { Posts, PulseRoom } from './room.ts'
import { stepBlocks } from './step-views.ts'
import type { Steps } from './steps.ts'
import { answerButton, answerForm, closesOf, scoreField, sheetView, type Reading } from './views.ts'
import type { Waves } from './waves.ts'
import { remarksAt } from './workdays.ts'

const wave = z.string().max(300)
const waveArgs = z.strictObject({ wave })
const words = z.string().trim().max(content.freeTextMaxChars).optional()
const score = z.enum(['', '0', '1', '2', '3', '4', '5']).optional()
// The longest wave has four statements of the bank and one of the network's own.
const scoreFields = [0, 1, 2, 3, 4].map(scoreField)
const remarkFields = Array.from({ length: REMARKS_PER_FORM }, (_, index) => remarkField(index))
const fields = <T extends z.ZodType>(ids: string[], type: T): Record<string, T> =>
  Object.fromEntries(ids.map((id) => [id, type]))

/** What members and coordinators can do with pulses. */
export function createFeature(room: PulseRoom, waves: Waves, steps: Steps, posts: Posts): Feature {
  const { networks, checkins, deliveries, texts } = room

  const readingOf = ({ member, network }: Ctx, open: WaveDoc): Reading => ({
    texts,
    t: posts.wordsFor(open, member, network),
    zone: member.zone,
  })

  async function openForm(ctx: Ctx, open: WaveDoc, which: 'all' | 'text'): Promise<Reply> {
    const answers = await waves.read(open, ctx.member.id)
    if (which === 'all') waves.begins(open, ctx.member.id)
    return { form: answerForm(open, answers, readingOf(ctx, open), which) }
  }

  /** A closed wave of this network. */
  async function closedOne({ network }: Ctx, id: string): Promise<WaveDoc> {
    const found = await waves.find(id)
    if (found?.network !== network.id || found.state !== 'closed') throw new Refusal('conversation:oldButton')
    return found
  }

  async function readable(ctx: Ctx, id: string): Promise<WaveDoc> {
    const closed = await closedOne(ctx, id)
    const from = remarksAt(networks, ctx.network, closed)
    if (Temporal.Instant.compare(ctx.now, from) < 0)
      throw new Refusal('pulse:errors.remarksTooEarly', { when: ctx.t.dateTime(from, ctx.member.zone) })
    return closed
  }

  async function nextText({ network, member, t }: Ctx, key: string): Promise<string | undefined> {
    const next = await checkins.next(network.id, 'pulse')
    return next && t.t(key, { when: t.dateTime(next, member.zone) })
  }

  return {
    name: 'pulse',
    actions: {
      'pulse.answer': action({
        who: 'member',
        args: z.strictObject({
          wave,
          item: z.string().max(60),
          value: z.coerce.number().int().min(0).max(5),
        }),
        async run(ctx, args) {
          const open = await waves.openOne(ctx.network, args.wave)
          const scores = { [args.item]: args.value }
          const answers = await waves.answer(open, ctx.member.id, { scores })
          const view = sheetView(open, answers, readingOf(ctx, open))
          // Never takes the place of anything in a channel, whatever was pressed there.
          return ctx.place.kind === 'direct' ? { update: view } : { notice: view }
        },
      }),
      'pulse.open': action({
        who: 'member',
        args: waveArgs,
        run: async (ctx, args) => openForm(ctx, await waves.openOne(ctx.network, args.wave), 'all'),
      }),
      'pulse.say': action({
        who: 'member',
        args: waveArgs,
        run: async (ctx, args) => openForm(ctx, await waves.openOne(ctx.network, args.wave), 'text'),
      }),
      'pulse.submit': action({
        who: 'member',
        args: waveArgs,
        values: z.object({ ...fields(scoreFields, score), text: words }),
        freeText: ['text'],
        async run(ctx, args, values) {
          const open = await waves.openOne(ctx.network, args.wave)
          const given: Record<string, string | undefined> = values
          const scores = Object.fromEntries(
            open.items.flatMap((item, index) => {
              const value = given[scoreField(index)]
              return value ? [[item, Number(value)]] : []
            }),
          )
          await waves.answer(open, ctx.member.id, { scores, text: values.text ?? '' })
          const closes = closesOf(open, readingOf(ctx, open))
          // Only said, not shown: answers stand in the one message that is cleared at closing, and nowhere else.
          return notice(ctx.t.t('pulse:answer.saved', { closes }))
        },
      }),
      'pulse.look': action({
        who: 'member',
        args: z.looseObject({}),
        run: async ({ t }) => notice(t.t('pulse:preview.tapped')),
      }),
      'pulse.remarks': action({
        who: 'coordinator',
        args: waveArgs,
        async run(ctx, args) {
          const { _id } = await readable(ctx, args.wave)
          const remarks = await waves.remarks.next(_id)
          if (remarks.length === 0) throw new Refusal('pulse:errors.remarksDone')
          return { form: remarksForm(_id, remarks, ctx.t) }
        },
      }),
      'pulse.release': action({
        who: 'coordinator',
        args: z.strictObject({ wave, ids: z.string().max(1000) }),
        values: z.object(fields(remarkFields, words)),
        freeText: remarkFields,
        async run(ctx, args, values) {
          const closed = await readable(ctx, args.wave)
          const ids = args.ids.split(',')
          const waiting = await waves.remarks.waiting(closed._id, ids)
          if (waiting.length === 0) throw new Refusal('pulse:errors.remarksDone')
          const released = ids.flatMap((id, index) => {
            const text = values[remarkField(index)]
            return text && waiting.includes(id) ? [text] : []
          })
          // The id of the first makes it one message, however often this is sent off.
          const owed = { cause: derivedId(closed._id, ids[0] ?? ''), purpose: 'remarks' }
          const drafts = await posts.toTeam(ctx.network, owed, (t) => releasedView(closed, released, t))
          if (drafts.length === 0) throw new Refusal('pulse:errors.noChannel')
          if (released.length > 0) await deliveries.owe(drafts)
          await waves.remarks.remove(closed._id, ids)
          const rest = await waves.remarks.next(closed._id)
          return rest.length > 0
            ? { form: remarksForm(closed._id, rest, ctx.t) }
            : notice(ctx.t.t('pulse:remarks.done'))
        },
      }),
    },
    commands: [
      {
        name: 'pulse',
        who: 'member',
        async run(ctx) {
          const open = await waves.openIn(ctx.network.id)
          if (open) return openForm(ctx, open, 'all')
          return notice((await nextText(ctx, 'pulse:next.at')) ?? ctx.t.t('pulse:next.none'))
        },
      },
      {
        name: 'results',
        who: 'member',
        async run({ network, t }) {
          const [last] = await waves.closedIn(network.id)
          if (!last?.result) throw new Refusal('pulse:errors.noResult')
          const view = await resultView({ result: last.result, own: last.own }, t, room.pictures)
          const step = stepBlocks(await steps.choicesOf(network, last), t)
          return { notice: { ...view, blocks: [...view.blocks, ...step] } }
        },
      },
    ],
    async home(ctx) {
      const open = await waves.openIn(ctx.network.id)
      if (open && (await waves.isInvited(open, ctx.member.id))) {
        const closes = closesOf(open, { t: ctx.t, zone: ctx.member.zone })
        return [
          { type: 'text', text: ctx.t.t('pulse:next.open', { closes }) },
          { type: 'buttons', buttons: [answerButton(ctx.t, open._id)] },
        ]
      }
      const next = await nextText(ctx, 'pulse:next.home')
      const waits = ctx.member.coordinator ? await waves.waitingForStep(ctx.network.id) : undefined
      return [
        ...(next ? [{ type: 'text' as const, text: next }] : []),
        ...(waits ? waitsBlocks(waits, ctx.t) : []),
      ]
    },
    known: async ({ t }) => [t.t('pulse:known')],
    forget: ({ network, id }) => waves.forget(network, id),
  }
}
