import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import {
  action,
  notice,
  type ActionHandler,
  type Command,
  type Ctx,
  type Feature,
} from '../conversation/port.ts'
import type { Reply } from '../conversation/port.ts'
import type { Texts } from '../i18n/texts.ts'
import { Refusal } from '../kernel/errors.ts'
import type { Networks } from '../networks/types.ts'
import { planOf, scheduleForm, scheduleValues } from './form.ts'
import type { Kind } from './kind.ts'
import { moveForm, moveValues, type createMoving } from './moving.ts'
import type { createScheduling, Scheduled } from './scheduling.ts'
import { listView, nextBlocks, outcomeText, scheduledView } from './views.ts'
import { kindMeant, kindName } from './words.ts'

// What is about partners is for coordinators only, even its date.
const FOR_COORDINATORS = ['care-digest']

const kindArgs = z.object({ kind: z.string().max(40), nominal: z.string().max(20).optional() })
const openArgs = z.object({ kind: z.string().max(40).optional() })

/** Does one thing to a check-in and says what it did, as Markdown. */
type Verb = (ctx: Ctx, kind: string, nominal?: string) => Promise<string>

/** The check-ins as coordinators arrange them and members see them. */
export function createCheckinsFeature(deps: {
  scheduling: ReturnType<typeof createScheduling>
  moving: ReturnType<typeof createMoving>
  kinds: Map<string, Kind>
  networks: Networks
  texts: Texts
}): Feature {
  const { scheduling, moving, networks, texts } = deps
  const offered = (): Kind[] => [...deps.kinds.values()].filter(({ schedulable }) => schedulable)
  const kindOf = (ctx: Ctx, typed: string): Kind => kindMeant(typed, offered(), ctx.t, texts)
  const verbs = verbsOf(scheduling)

  const list = async (ctx: Ctx, said?: string): Promise<Reply['notice']> =>
    listView(ctx, await scheduling.list(ctx.network.id), offered(), said)

  async function openForm(ctx: Ctx, typed?: string): Promise<Reply> {
    const kind = typed ? kindOf(ctx, typed).name : undefined
    const current = (await scheduling.list(ctx.network.id)).find((checkin) => checkin.kind === kind)
    return { form: scheduleForm(ctx, offered(), networks, kind ? { kind, current } : undefined) }
  }

  async function openMove(ctx: Ctx, typed: string): Promise<Reply> {
    const { name } = kindOf(ctx, typed)
    const found = (await scheduling.list(ctx.network.id)).find(({ kind }) => kind === name)
    if (!found) throw new Refusal('checkins:errors.notScheduled')
    return { form: moveForm(ctx, found) }
  }

  async function preview(ctx: Ctx, typed: string): Promise<Reply> {
    const kind = kindOf(ctx, typed)
    if (!kind.preview) throw new Refusal('checkins:errors.noPreview', { name: kindName(ctx.t, kind.name) })
    return { notice: await kind.preview(ctx) }
  }

  async function visible(ctx: Ctx): Promise<Scheduled[]> {
    const names = offered().map(({ name }) => name)
    const isVisible = ({ kind }: Scheduled): boolean =>
      names.includes(kind) && (ctx.member.coordinator || !FOR_COORDINATORS.includes(kind))
    return (await scheduling.list(ctx.network.id)).filter(isVisible)
  }

  /** As a button of the list: the list takes its own place, and says what was done. */
  const onPress = (verb: Verb): ActionHandler =>
    action({
      who: 'coordinator',
      args: kindArgs,
      run: async (ctx, { kind, nominal }) => ({
        update: await list(ctx, await verb(ctx, kindOf(ctx, kind).name, nominal)),
      }),
    })

  const onCommand = (name: string, verb: Verb): Command => ({
    name,
    who: 'coordinator',
    run: async (ctx, rest) => notice(await verb(ctx, kindOf(ctx, rest).name)),
  })

  return {
    name: 'checkins',
    actions: {
      'checkins.list': action({
        who: 'coordinator',
        args: z.object({}),
        run: async (ctx) => ({ notice: await list(ctx) }),
      }),
      'checkins.schedule': action({
        who: 'coordinator',
        args: openArgs,
        run: (ctx, { kind }) => openForm(ctx, kind),
      }),
      'checkins.save': action({
        who: 'coordinator',
        args: z.object({}),
        values: scheduleValues,
        async run(ctx, _args, values) {
          const { kind, plan } = planOf(values, ctx, offered(), networks)
          return { notice: scheduledView(ctx, await scheduling.schedule(ctx.network, kind, plan), networks) }
        },
      }),
      'checkins.preview': action({
        who: 'coordinator',
        args: kindArgs,
        run: (ctx, { kind }) => preview(ctx, kind),
      }),
      'checkins.move': action({
        who: 'coordinator',
        args: z.object({ kind: z.string().max(40) }),
        run: (ctx, { kind }) => openMove(ctx, kind),
      }),
      'checkins.moveTo': action({
        who: 'coordinator',
        args: z.object({ kind: z.string().max(40), nominal: z.string().max(20) }),
        values: moveValues,
        async run(ctx, { kind: wanted, nominal }, { date, time }) {
          const kind = kindOf(ctx, wanted).name
          const to = Temporal.PlainDateTime.from(`${date}T${time}`)
          const moved = await moving.move(ctx.network, kind, nominal, to)
          return notice(ctx.t.t('checkins:done.moved', { name: kindName(ctx.t, kind) }) + nextOne(ctx, moved))
        },
      }),
      'checkins.run': onPress(verbs.run),
      'checkins.skip': onPress(verbs.skip),
      'checkins.pause': onPress(verbs.pause),
      'checkins.resume': onPress(verbs.resume),
      'checkins.delete': onPress(verbs.remove),
    },
    commands: [
      {
        name: 'next',
        who: 'member',
        async run(ctx) {
          const blocks = nextBlocks(ctx, await visible(ctx))
          return { notice: { summary: ctx.t.plain('checkins:next.summary'), blocks } }
        },
      },
      { name: 'checkins', who: 'coordinator', run: async (ctx) => ({ notice: await list(ctx) }) },
      { name: 'schedule', who: 'coordinator', run: (ctx, rest) => openForm(ctx, rest) },
      { name: 'preview', who: 'coordinator', run: preview },
      { name: 'move', who: 'coordinator', run: openMove },
      onCommand('run', verbs.run),
      onCommand('skip', verbs.skip),
      onCommand('pause', verbs.pause),
      onCommand('resume', verbs.resume),
    ],
    async home(ctx) {
      const blocks = nextBlocks(ctx, await visible(ctx))
      if (!ctx.member.coordinator) return blocks
      const label = ctx.t.plain('checkins:buttons.list')
      return [...blocks, { type: 'buttons', buttons: [{ label, action: { name: 'checkins.list' } }] }]
    },
  }
}

const nextOne = ({ t, member }: Ctx, { next }: Scheduled): string =>
  next ? ` ${t.t('checkins:done.next', { at: t.dateTime(next.at, member.zone) })}` : ''

function verbsOf(scheduling: ReturnType<typeof createScheduling>) {
  return {
    async run(ctx, kind) {
      return outcomeText(ctx, kind, await scheduling.runNow(ctx.network.id, kind))
    },
    async skip(ctx, kind, nominal) {
      const checkin = await scheduling.skip(ctx.network, kind, nominal)
      return ctx.t.t('checkins:done.skipped', { name: kindName(ctx.t, kind) }) + nextOne(ctx, checkin)
    },
    async pause(ctx, kind) {
      await scheduling.pause(ctx.network.id, kind)
      return ctx.t.t('checkins:done.paused', { name: kindName(ctx.t, kind) })
    },
    async resume(ctx, kind) {
      const checkin = await scheduling.resume(ctx.network, kind)
      return ctx.t.t('checkins:done.resumed', { name: kindName(ctx.t, kind) }) + nextOne(ctx, checkin)
    },
    async remove(ctx, kind) {
      await scheduling.remove(ctx.network.id, kind)
      return ctx.t.t('checkins:done.deleted', { name: kindName(ctx.t, kind) })
    },
  } satisfies Record<string, Verb>
}
