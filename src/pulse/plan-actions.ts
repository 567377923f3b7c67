import { z } from 'zod'
import { action, notice, type Ctx, type Feature, type Reply } from '../conversation/port.ts'
import { content, type Plan } from './content.ts'
import { planForm, statusView } from './plan-views.ts'
import { planOf, type Plans } from './plans.ts'
import type { PulseRoom } from './room.ts'
import type { Waves } from './waves.ts'

const id = z.enum(
  content.plans.map((plan) => plan.id),
  'pulse:errors.plan',
)

/** How coordinators choose the plan, and ask how the pulse is doing. */
export function createPlanActions(
  { checkins }: Pick<PulseRoom, 'checkins'>,
  waves: Waves,
  plans: Plans,
): Pick<Feature, 'actions' | 'commands'> {
  const openForm = async ({ network, t }: Ctx): Promise<Reply> => ({
    form: planForm(await plans.chosen(network), t),
  })

  async function take({ network, t }: Ctx, plan: Plan['id']): Promise<Reply> {
    const begins = await plans.choose(network, planOf(plan))
    const isScheduled = (await checkins.next(network.id, 'pulse')) !== undefined
    return notice(
      [
        t.t('pulse:plan.chosen', { plan: t.plain(`pulse:plan.plans.${plan}`) }),
        t.t(`pulse:plan.begins.${begins}`),
        ...(isScheduled ? [] : [t.t('pulse:plan.notScheduled')]),
      ].join(' '),
    )
  }

  return {
    actions: {
      'pulse.plan': action({ who: 'coordinator', args: z.strictObject({}), run: openForm }),
      'pulse.save-plan': action({
        who: 'coordinator',
        args: z.strictObject({}),
        values: z.object({ plan: id }),
        run: (ctx, _args, { plan }) => take(ctx, plan),
      }),
      'pulse.take-plan': action({
        who: 'coordinator',
        args: z.strictObject({ plan: id }),
        run: (ctx, { plan }) => take(ctx, plan),
      }),
    },
    commands: [
      { name: 'plan', who: 'coordinator', run: openForm },
      {
        name: 'status',
        who: 'coordinator',
        async run({ network, member, t }) {
          const [open, waits, at] = await Promise.all([
            waves.openIn(network.id),
            waves.waitingForStep(network.id),
            checkins.next(network.id, 'pulse'),
          ])
          const chosen = await plans.chosen(network)
          const next = at
            ? t.t('pulse:next.at', { when: t.dateTime(at, member.zone) })
            : t.t('pulse:next.none')
          return {
            notice: statusView({ open: open ?? undefined, waits, next, chosen }, { t, zone: member.zone }),
          }
        },
      },
    ],
  }
}
