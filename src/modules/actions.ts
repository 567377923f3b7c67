import { z } from 'zod'
import { action, notice } from '../conversation/port.ts'
import type { Command, Ctx, Feature, Reply, Who } from '../conversation/port.ts'
import { Refusal } from '../kernel/errors.ts'
import type { Checkins, Recurrence } from '../checkins/kind.ts'
import type { View } from '../views/view.ts'
import { modules, nextScenario, phaseQuestions, phases, scenarios, suggestPhase } from './catalogue.ts'
import { canComeAgain, isOpen } from './journey.ts'
import {
  chooseForm,
  homeBlocks,
  journeyView,
  moduleView,
  phaseForm,
  phaseName,
  phaseView,
  positionForm,
  suggestionView,
} from './journey-views.ts'
import type { Answered, UseCases } from './room.ts'
import { sceneCard, TWISTS } from './scenes.ts'
import { choose, choosePhase } from './steps.ts'
import { exerciseView, moduleName, moduleTitle, nudgeView } from './views.ts'

const NONE = z.strictObject({})
const NUMBER = z.number().int().nonnegative()
const MODULE = z.enum(modules.map(({ id }) => id))
const WHEN = z.enum(['now', 'next'])
const PHASE = z.enum(phases.map(({ id }) => id))
const SCENE = z.strictObject({
  scenario: z.enum(scenarios),
  twists: z.number().int().min(0).max(TWISTS),
})
const ANSWERS = z.object(
  Object.fromEntries(phaseQuestions.map(({ id }) => [id, z.enum(['1', '2', '3', '4']).transform(Number)])),
)

// Every Tuesday at nine: a day and an hour at which most people are at their desks. The schedule form changes it.
const FIRST_RHYTHM: Recurrence = { every: 'week', interval: 1, weekdays: [2] }
const FIRST_TIME = '09:30'

/** What members and coordinators can do with their network's journey. */
export function createFeature(useCases: UseCases, { checkins }: { checkins: Checkins }): Feature {
  const { journeys } = useCases
  const show = (view: View): Reply => ({ notice: view })
  const nextNudge = (ctx: Ctx) => checkins.next(ctx.network.id, 'nudge')

  async function journey(ctx: Ctx): Promise<Reply> {
    return show(journeyView(ctx, await journeys.read(ctx.network), await nextNudge(ctx)))
  }

  async function start(ctx: Ctx, module: string, when: 'now' | 'next'): Promise<Reply> {
    const { journey: after } = await journeys.change(ctx.network, (before) => ({
      journey: choose(before, module, when),
    }))
    const chosen = after.current === module ? 'now' : 'next'
    return notice(ctx.t.t(`modules:chosen.${chosen}`, { module: moduleName(ctx.t, module) }))
  }

  async function setPhase(ctx: Ctx, phase: string): Promise<Reply> {
    await journeys.change(ctx.network, (before) => ({ journey: choosePhase(before, phase) }))
    return notice(ctx.t.t('modules:phase.chosen', { phase: phaseName(ctx.t, phase) }))
  }

  /** The last nudge again, privately; coordinators may have an answered one brought again. */
  async function current(ctx: Ctx): Promise<Reply> {
    const { t, member } = ctx
    const found = await journeys.read(ctx.network)
    const number = found.posted.length - 1
    const posted = found.posted[number]
    if (!posted) {
      const next = await nextNudge(ctx)
      return notice(
        next
          ? t.t('modules:none.next', { at: t.dateTime(next, member.zone) })
          : t.t('modules:none.notScheduled'),
      )
    }
    const state = posted.outcome ?? (isOpen(found, number) ? 'open' : 'overtaken')
    const view = nudgeView(t, found, number, state)
    if (!member.coordinator || !canComeAgain(found, number)) return show(view)
    const again = {
      label: t.plain('modules:button.again'),
      action: { name: 'modules.again', args: { number } },
    }
    return show({ ...view, blocks: [...view.blocks, { type: 'buttons', buttons: [again] }] })
  }

  /** The nudge as it now stands; a private word to whoever came second. */
  function stands(ctx: Ctx, number: number, { journey: now, counted }: Answered): Reply {
    const posted = now.posted[number]
    if (!posted) throw new Refusal('modules:errors.oldNudge')
    const update = nudgeView(ctx.here, now, number, posted.outcome ?? 'overtaken')
    if (counted) return { update }
    const why = posted.outcome ? 'modules:errors.alreadyAnswered' : 'modules:errors.oldNudge'
    return { update, ...notice(ctx.t.t(why)) }
  }

  const command = (name: string, who: Who, run: Command['run']): Command => ({ name, who, run })

  return {
    name: 'modules',
    actions: {
      'modules.answer': action({
        who: 'member',
        args: z.strictObject({ number: NUMBER, outcome: z.enum(['done', 'later', 'skip']) }),
        run: async (ctx, { number, outcome }) =>
          stands(ctx, number, await useCases.answerNudge(ctx.network, number, outcome, ctx.place)),
      }),
      'modules.again': action({
        who: 'coordinator',
        args: z.strictObject({ number: NUMBER }),
        run: async (ctx, { number }) =>
          stands(ctx, number, await useCases.bringNudgeAgain(ctx.network, number, ctx.place)),
      }),
      'modules.journey': action({ who: 'member', args: NONE, run: journey }),
      'modules.begin': action({
        who: 'coordinator',
        args: NONE,
        async run(ctx) {
          const { t, network, member } = ctx
          await checkins.ensure(network, 'nudge', FIRST_RHYTHM, FIRST_TIME)
          const next = await nextNudge(ctx)
          return notice(
            next
              ? t.t('modules:begin.done', { at: t.dateTime(next, member.zone) })
              : t.t('modules:begin.paused'),
          )
        },
      }),
      'modules.choose': action({
        who: 'coordinator',
        args: NONE,
        run: async (ctx) => ({ form: chooseForm(ctx.t, await journeys.read(ctx.network)) }),
      }),
      'modules.chosen': action({
        who: 'coordinator',
        args: NONE,
        values: z.object({ module: MODULE, when: WHEN }),
        run: (ctx, _args, { module, when }) => start(ctx, module, when),
      }),
      'modules.start': action({
        who: 'coordinator',
        args: z.strictObject({ module: MODULE, when: WHEN }),
        run: (ctx, { module, when }) => start(ctx, module, when),
      }),
      'modules.exercise': action({
        who: 'coordinator',
        args: z.strictObject({ module: MODULE }),
        run: async ({ t }, { module }) => show(exerciseView(t, module)),
      }),
      'modules.phase': action({
        who: 'coordinator',
        args: NONE,
        run: async (ctx) => ({ form: phaseForm(ctx.t, await journeys.read(ctx.network)) }),
      }),
      'modules.phase-chosen': action({
        who: 'coordinator',
        args: NONE,
        values: z.object({ phase: PHASE }),
        run: (ctx, _args, { phase }) => setPhase(ctx, phase),
      }),
      'modules.choose-phase': action({
        who: 'coordinator',
        args: z.strictObject({ phase: PHASE }),
        run: (ctx, { phase }) => setPhase(ctx, phase),
      }),
      'modules.position': action({
        who: 'coordinator',
        args: NONE,
        run: async ({ t }) => ({ form: positionForm(t) }),
      }),
      'modules.positioned': action({
        who: 'coordinator',
        args: NONE,
        values: ANSWERS,
        async run({ t }, _args, answers) {
          const { phase, early } = suggestPhase(answers)
          return show(suggestionView(t, phase, early))
        },
      }),
      'modules.scene': action({
        who: 'coordinator',
        args: SCENE,
        run: async ({ t }, scene) => show(sceneCard(t, scene)),
      }),
      'modules.post-scene': action({
        who: 'coordinator',
        args: SCENE,
        async run({ t, network }, scene) {
          const posted = await useCases.postScene(network, scene)
          return notice(posted ? t.t('modules:scene.posted') : t.t('modules:scene.noChannel'))
        },
      }),
    },
    commands: [
      command('journey', 'member', journey),
      command('nudge', 'member', current),
      command('module', 'coordinator', async (ctx, rest) => {
        const found = await journeys.read(ctx.network)
        if (!rest) return { form: chooseForm(ctx.t, found) }
        return show(moduleView(ctx, found, moduleMeant(ctx, rest)))
      }),
      command('exercise', 'coordinator', async (ctx, rest) => {
        const running = (await journeys.read(ctx.network)).current
        if (!rest && !running) throw new Refusal('modules:errors.whichExercise')
        return show(exerciseView(ctx.t, rest || !running ? moduleMeant(ctx, rest) : running))
      }),
      command('phase', 'coordinator', async (ctx) =>
        show(phaseView(ctx.t, await journeys.read(ctx.network))),
      ),
      command('scenario', 'coordinator', async ({ t }) =>
        show(sceneCard(t, { scenario: nextScenario(), twists: 0 })),
      ),
    ],
    home: async (ctx) => homeBlocks(ctx, await journeys.read(ctx.network), await nextNudge(ctx)),
  }
}

/** The module a coordinator means, by its number or a part of its title. */
function moduleMeant({ t }: Ctx, typed: string): string {
  const wanted = typed.toLocaleLowerCase(t.language)
  const byNumber = modules.find(({ number }) => String(number) === wanted)
  const byTitle = modules.filter(({ id }) =>
    moduleTitle(t, id).toLocaleLowerCase(t.language).includes(wanted),
  )
  const found = byNumber ?? (byTitle.length === 1 ? byTitle[0] : undefined)
  if (!found) throw new Refusal('modules:errors.whichModule')
  return found.id
}
