import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { action, notice } from '../conversation/port.ts'
import type { Ctx, Feature, Reply } from '../conversation/port.ts'
import { FormRefusal } from '../kernel/errors.ts'
import { randomId } from '../kernel/ids.ts'
import type { Networks } from '../networks/types.ts'
import { contactTypeIds, contactTypeOf, content, restWeeks } from './content.ts'
import { askView, weighView } from './asking-views.ts'
import { decidedView, readyTextsView } from './digest-views.ts'
import { findPartners } from './finding.ts'
import type { Introductions } from './introductions.ts'
import type { Noted, UseCases } from './room.ts'
import { reasonsAgainst } from './rules.ts'
import { careView, partnerView } from './status-views.ts'
import { contactForm, contactView, homeBlocks, notedView, whichView } from './views.ts'

const NONE = z.strictObject({})
const ID = z.string().max(200)
const VALUE = z.strictObject({ value: ID })
const TYPE = z.enum(contactTypeIds, 'care:errors.type')
const NOTE = z.strictObject({ id: ID, partner: ID, type: TYPE })
const INTRODUCTION = z.strictObject({ id: ID })
const FORM = z.object({
  partner: z.string('care:errors.partner').min(1, 'care:errors.partner'),
  type: TYPE,
  date: z.string('care:errors.date').pipe(z.iso.date('care:errors.date')),
})

/** What members can do with care: note contacts and think before asking; coordinators see how partners are doing. */
export function createFeature(
  useCases: UseCases,
  introductions: Introductions,
  { networks }: { networks: Networks },
): Feature {
  const partnersOf = async (ctx: Ctx) => (await useCases.all(ctx.network)).map(({ partner }) => partner)

  async function contact(ctx: Ctx, partner: string): Promise<Reply> {
    const { partner: found } = await useCases.one(ctx.network, partner)
    return { notice: contactView(ctx.t, found, randomId()) }
  }

  async function ask(ctx: Ctx, partner: string): Promise<Reply> {
    const { partner: found } = await useCases.one(ctx.network, partner)
    return { notice: askView(ctx.t, found, randomId()) }
  }

  async function show(ctx: Ctx, partner: string): Promise<Reply> {
    const cared = await useCases.one(ctx.network, partner)
    return { notice: partnerView(ctx.t, cared, useCases.today(ctx.network)) }
  }

  async function list({ t, network }: Ctx): Promise<Reply> {
    return { notice: careView(t, await useCases.all(network), useCases.today(network)) }
  }

  async function form(ctx: Ctx, partner?: string): Promise<Reply> {
    const date = useCases.today(ctx.network).toString()
    return { form: contactForm(ctx, await partnersOf(ctx), randomId(), date, partner) }
  }

  async function note(ctx: Ctx, noted: Noted, isAhead = false): Promise<Reply> {
    await useCases.one(ctx.network, noted.partner)
    await useCases.note(ctx.network, noted)
    const cared = await useCases.one(ctx.network, noted.partner)
    return { notice: notedView(ctx.t, cared, noted, useCases.today(ctx.network), isAhead) }
  }

  /** Goes on with the partner that was typed; where it may be several or none, asks which. */
  async function meant(
    ctx: Ctx,
    typed: string,
    next: { action: string; run(ctx: Ctx, partner: string): Promise<Reply> },
  ): Promise<Reply> {
    const all = await partnersOf(ctx)
    const found = findPartners(typed, all)
    if (found.length === 1 && found[0]) return next.run(ctx, found[0].id)
    const intro =
      found.length > 1 ? ctx.t.t('care:which.several', { typed }) : ctx.t.t('care:which.none', { typed })
    return { notice: whichView(ctx.t, next.action, found.length > 1 ? found : all, intro) }
  }

  const whomToAsk = async (ctx: Ctx): Promise<Reply> => ({
    notice: whichView(ctx.t, 'ask', await partnersOf(ctx), ctx.t.t('care:which.ask')),
  })

  /** A small request with room is noted at once; any other gets a second thought. */
  async function weigh(ctx: Ctx, noted: z.output<typeof NOTE>): Promise<Reply> {
    const { network, member } = ctx
    const cared = await useCases.one(network, noted.partner)
    const today = useCases.today(network)
    const reasons = reasonsAgainst(cared.standing, noted.type, today)
    const isSmall = contactTypeOf(noted.type).weight < content.confirmFromWeight
    if (isSmall && reasons.length === 0) return note(ctx, { ...noted, date: today.toString() }, true)
    const others = await useCases.alternatives(network, member, cared.partner, noted.type)
    return { notice: weighView(ctx, cared, noted, reasons, others) }
  }

  async function decide(ctx: Ctx, id: string, wanted: 'introduced' | 'not-now'): Promise<Reply> {
    const { t, network } = ctx
    const { pair, state } = await introductions.decide(network, id, wanted)
    const update = decidedView(t, pair, state)
    return wanted === 'introduced' ? { update, notice: readyTextsView(t, pair, id) } : { update }
  }

  return {
    name: 'care',
    actions: {
      'care.contact': action({ who: 'member', args: VALUE, run: (ctx, { value }) => contact(ctx, value) }),
      'care.form': action({
        who: 'member',
        args: z.strictObject({ partner: ID.optional() }),
        run: (ctx, { partner }) => form(ctx, partner),
      }),
      'care.save': action({
        who: 'member',
        args: z.strictObject({ id: ID }),
        values: FORM,
        async run(ctx, { id }, values) {
          mustBePast(values.date, useCases.today(ctx.network))
          if (!(await networks.partner(ctx.network.id, values.partner)))
            throw new FormRefusal({ partner: { key: 'care:errors.partner' } })
          return note(ctx, { id, ...values })
        },
      }),
      'care.note': action({
        who: 'member',
        args: NOTE,
        run: (ctx, noted) => note(ctx, { ...noted, date: useCases.today(ctx.network).toString() }),
      }),
      'care.undo': action({
        who: 'member',
        args: z.strictObject({ id: ID }),
        async run({ t, network }, { id }) {
          const undone = await useCases.undo(network, id)
          return notice(undone ? t.t('care:undone.done') : t.t('care:undone.nothing'))
        },
      }),
      'care.ask': action({ who: 'member', args: VALUE, run: (ctx, { value }) => ask(ctx, value) }),
      'care.which-ask': action({ who: 'member', args: NONE, run: whomToAsk }),
      'care.weigh': action({ who: 'member', args: NOTE, run: weigh }),
      'care.request': action({
        who: 'member',
        args: NOTE,
        run: (ctx, noted) => note(ctx, { ...noted, date: useCases.today(ctx.network).toString() }, true),
      }),
      'care.later': action({
        who: 'member',
        args: NONE,
        run: async ({ t }) => notice(t.t('care:weigh.later')),
      }),
      'care.list': action({ who: 'coordinator', args: NONE, run: list }),
      'care.partner': action({ who: 'coordinator', args: VALUE, run: (ctx, { value }) => show(ctx, value) }),
      'care.rest': action({
        who: 'coordinator',
        args: z.strictObject({ partner: ID, value: z.enum(restWeeks.map(String)) }),
        async run({ t, network }, { partner, value }) {
          const until = useCases.today(network).add({ weeks: Number(value) })
          await useCases.rest(network, partner, until)
          const { partner: found } = await useCases.one(network, partner)
          return notice(t.t('care-content:rest.rt-4', { organisation: found.name, date: t.date(until) }))
        },
      }),
      'care.wake': action({
        who: 'coordinator',
        args: z.strictObject({ partner: ID }),
        async run(ctx, { partner }) {
          await useCases.rest(ctx.network, partner, null)
          return show(ctx, partner)
        },
      }),
      'care.introduce': action({
        who: 'coordinator',
        args: INTRODUCTION,
        run: (ctx, { id }) => decide(ctx, id, 'introduced'),
      }),
      'care.not-now': action({
        who: 'coordinator',
        args: INTRODUCTION,
        run: (ctx, { id }) => decide(ctx, id, 'not-now'),
      }),
      'care.introduced': action({
        who: 'coordinator',
        args: INTRODUCTION,
        async run({ t, network }, { id }) {
          const [a, b] = await introductions.done(network, id)
          return notice(t.t('care:introduction.noted', { orgA: a.name, orgB: b.name }))
        },
      }),
    },
    commands: [
      {
        name: 'contact',
        who: 'member',
        run: (ctx, rest) => (rest ? meant(ctx, rest, { action: 'contact', run: contact }) : form(ctx)),
      },
      {
        name: 'ask',
        who: 'member',
        run: (ctx, rest) => (rest ? meant(ctx, rest, { action: 'ask', run: ask }) : whomToAsk(ctx)),
      },
      {
        name: 'care',
        who: 'coordinator',
        run: (ctx, rest) => (rest ? meant(ctx, rest, { action: 'partner', run: show }) : list(ctx)),
      },
    ],
    home: async (ctx) => homeBlocks(ctx),
    known: async ({ t }) => [t.t('care:known')],
  }
}

// A contact of tomorrow has not happened; one of last year would be deleted at once.
function mustBePast(date: string, today: Temporal.PlainDate): void {
  const day = Temporal.PlainDate.from(date)
  const earliest = today.subtract({ days: content.keepDays - 1 })
  const isPast = Temporal.PlainDate.compare(day, today) <= 0 && Temporal.PlainDate.compare(day, earliest) >= 0
  if (!isPast) throw new FormRefusal({ date: { key: 'care:errors.date' } })
}
