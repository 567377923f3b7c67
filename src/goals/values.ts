import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { Ctx } from '../conversation/port.ts'
import { FormRefusal } from '../kernel/errors.ts'
import { localDate, toDate } from '../kernel/clock.ts'
import type { Member, Networks, Partner } from '../networks/types.ts'
import type { Carriers, Review, Wording } from './agreement.ts'
import { content, maxChars } from './content.ts'

/** A required text; `key` says what to write. */
const text = (most: number, key: string) => z.string(key).trim().min(1, key).max(most, 'goals:errors.long')
const note = (most: number) => z.string().trim().max(most, 'goals:errors.long').default('')
const date = (key: string) => z.string(key).pipe(z.iso.date(key))
// A choice that was left open comes as nothing or as an empty text.
const optional = (values: string[]) =>
  z
    .enum(values)
    .or(z.literal(''))
    .nullish()
    .transform((value) => value || null)

/** The most characters of a one-line answer. */
export const LINE = maxChars('ci-next')

/** What the goal form sends. */
export const goalValues = z.object({
  title: text(maxChars('title'), 'goals:errors.title'),
  change: text(maxChars('change'), 'goals:errors.change'),
  why: text(maxChars('why'), 'goals:errors.why'),
  lead: z.string('goals:errors.lead').min(1, 'goals:errors.lead'),
  supporters: z.array(z.string()).max(500).default([]),
  first_sign: text(maxChars('first_sign'), 'goals:errors.firstSign'),
  possible_harm: text(maxChars('possible_harm'), 'goals:errors.possibleHarm'),
  review_by: date('goals:errors.date'),
})
export const GOAL_TEXTS = ['title', 'change', 'why', 'first_sign', 'possible_harm']

/** What the review form sends. */
export const reviewValues = z.object({
  status: z.enum(content.progress, 'goals:errors.choose'),
  confidence: z.enum(['0', '1', '2', '3', '4', '5'], 'goals:errors.choose').transform(Number),
  sign: note(maxChars('ci-sign')),
  obstacle: optional(content.obstacles.map(({ id }) => id)),
  next: note(maxChars('ci-next')),
  rightGoal: z.enum(content.rightGoal, 'goals:errors.choose'),
  sideEffects: optional(content.sideEffects),
})
export const REVIEW_TEXTS = ['sign', 'next']

export const restValues = z.object({ until: date('goals:errors.date') })
export const letGoValues = z.object({ why: text(LINE, 'goals:errors.letGoWhy'), learned: note(LINE) })
export const LET_GO_TEXTS = ['why', 'learned']
export const reachedValues = z.object({ stays: note(LINE) })
export const REACHED_TEXTS = ['stays']
export const leadValues = z.object({ lead: z.string('goals:errors.lead').min(1, 'goals:errors.lead') })

/** The people and organisations of a network, for menus. */
export interface People {
  members: Member[]
  partners: Partner[]
}

/** The people and organisations that a form of this network may name. */
export async function peopleOf({ network }: Ctx, networks: Networks): Promise<People> {
  const [members, partners] = await Promise.all([networks.members(network.id), networks.partners(network.id)])
  return { members, partners }
}

/** The network's local date. */
export const today = ({ now, network }: Ctx): Temporal.PlainDate => localDate(now, network.zone)

/**
 * The goal that was filled in.
 * @throws FormRefusal with the mistakes beside their fields
 */
export function readGoal(
  ctx: Ctx,
  people: People,
  values: z.output<typeof goalValues>,
): { wording: Wording; carriers: Carriers } {
  const { title, change, why, first_sign: firstSign, possible_harm: possibleHarm, review_by: by } = values
  const lead = people.members.find(({ id }) => id === values.lead)
  const errors: FormRefusal['errors'] = {}
  if (!lead) errors.lead = { key: 'goals:errors.lead' }
  const wrong = dateMistake(ctx, by)
  if (wrong) errors.review_by = wrong
  const known = values.supporters.filter((id) => people.partners.some((partner) => partner.id === id))
  if (known.length < values.supporters.length) errors.supporters = { key: 'goals:errors.supporters' }
  if (!lead || Object.keys(errors).length > 0) throw new FormRefusal(errors)
  const supporters = [...new Set(known)].filter((id) => id !== lead.partner)
  return {
    wording: { title, change, why, firstSign, possibleHarm, by },
    carriers: { lead: lead.id, leadPartner: lead.partner, supporters },
  }
}

/**
 * Who leads a goal from now on.
 * @throws FormRefusal where it is nobody of this network
 */
export function readLead({ members }: People, { lead }: z.output<typeof leadValues>): Member {
  const found = members.find(({ id }) => id === lead)
  if (!found) throw new FormRefusal({ lead: { key: 'goals:errors.lead' } })
  return found
}

/**
 * Until when a goal rests.
 * @throws FormRefusal where the date is over or too far away
 */
export function readRest(ctx: Ctx, { until }: z.output<typeof restValues>): string {
  const wrong = dateMistake(ctx, until)
  if (wrong) throw new FormRefusal({ until: wrong })
  return until
}

function dateMistake(ctx: Ctx, iso: string): { key: string; params: { date: string } } | undefined {
  const date = Temporal.PlainDate.from(iso)
  const earliest = today(ctx).add({ days: 1 })
  const latest = today(ctx).add({ days: content.limits.reviewWithinDays })
  if (Temporal.PlainDate.compare(date, earliest) < 0)
    return { key: 'goals:errors.early', params: { date: ctx.t.date(earliest) } }
  if (Temporal.PlainDate.compare(date, latest) > 0)
    return { key: 'goals:errors.late', params: { date: ctx.t.date(latest) } }
  return undefined
}

/** The review that was filled in. */
export const readReview = (ctx: Ctx, values: z.output<typeof reviewValues>): Review => ({
  at: toDate(ctx.now),
  ...values,
  confidence: values.confidence || null,
})
