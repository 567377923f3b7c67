import type { Model } from 'mongoose'
import type { Checkins } from '../checkins/kind.ts'
import type { Network } from '../networks/types.ts'
import { content, type Plan } from './content.ts'
import type { SettingsDoc } from './model.ts'
import { isPause } from './rotation.ts'
import type { ComingUp, Waves } from './waves.ts'

/**
 * From when on a chosen plan holds. `now`: at once. `next`: with the next cycle. `rhythm`: its slower rhythm at once, its
 * statements with the next cycle.
 */
export type Begins = 'now' | 'rhythm' | 'next'

/** @throws Error for an id that never was one */
export function planOf(id: string): Plan {
  const plan = content.plans.find((one) => one.id === id)
  if (!plan) throw new Error(`no such plan: ${id}`)
  return plan
}

/** The next slower plan, if there is one. */
export const slowerThan = ({ weeks }: Plan): Plan | undefined =>
  content.plans.find((one) => one.weeks > weeks)

/** Which plan a network follows. Statements change between two cycles only, so that cycles can be compared. */
export function createPlans(deps: {
  model: Model<SettingsDoc>
  waves: Waves
  checkins: Pick<Checkins, 'everyWeeks'>
}) {
  const { model, waves, checkins } = deps

  /** Until somebody chooses: every four weeks where a network consolidates, else every two. */
  async function chosen({ id, phase }: Network): Promise<Plan> {
    const settings = await model.findById(id).lean<SettingsDoc>()
    return planOf(settings?.plan ?? (phase === 'consolidating' ? 'monthly' : 'biweekly'))
  }

  /** The rhythm follows first: repeated after a crash, it finds that it comes so often already. */
  async function setRhythm(network: Network, plan: Plan): Promise<void> {
    await checkins.everyWeeks(network, 'pulse', plan.weeks)
    await model.updateOne({ _id: network.id, plan: plan.id }, { $set: { isPending: false } })
  }

  return {
    chosen,

    /** A coordinator's choice. Choosing the same again changes nothing. */
    async choose(network: Network, plan: Plan): Promise<Begins> {
      const before = await chosen(network)
      const next = await waves.comingUp(network.id, plan.table)
      const asksTheSame = next.index === 0 || next.table === plan.table
      const isNow = asksTheSame || plan.weeks > before.weeks
      const set = { plan: plan.id, isPending: !isNow }
      await model.updateOne({ _id: network.id }, { $set: set }, { upsert: true })
      if (isNow) await setRhythm(network, plan)
      return asksTheSame ? 'now' : isNow ? 'rhythm' : 'next'
    },

    /**
     * Before a turn is taken: what was the plan by default stays it from the first wave on, and a rhythm that waited for
     * the end of a cycle begins.
     */
    async begin(network: Network, next: ComingUp): Promise<void> {
      const plan = await chosen(network)
      const first = { $setOnInsert: { plan: plan.id, isPending: false } }
      await model.updateOne({ _id: network.id }, first, { upsert: true })
      const settings = await model.findById(network.id).lean<SettingsDoc>()
      if (settings?.isPending && (next.index === 0 || isPause(next))) await setRhythm(network, plan)
    },
  }
}

export type Plans = ReturnType<typeof createPlans>
