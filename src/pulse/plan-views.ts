import type { Translator } from '../i18n/texts.ts'
import type { Block, Button, Form, View } from '../views/view.ts'
import { content, type Plan } from './content.ts'
import type { WaveDoc } from './model.ts'
import { closesOf, plainView } from './views.ts'

const text = (markdown: string): Block => ({ type: 'text', text: markdown })
const small = (markdown: string): Block => ({ type: 'context', text: markdown })
const labelOf = (t: Translator, { id }: Plan): string => t.plain(`pulse:plan.plans.${id}`)

/** Opens the form in which coordinators choose a plan. */
export const planButton = (t: Translator): Button => ({
  label: t.plain('pulse:plan.button'),
  opensForm: true,
  action: { name: 'pulse.plan' },
})

/** How often the team is asked: what each plan is, and from when on a change holds. */
export const planForm = (chosen: Plan, t: Translator): Form => ({
  title: t.plain('pulse:plan.title'),
  intro: [t.t('pulse:plan.intro'), t.t('pulse:plan.caution')].join('\n'),
  fields: [
    {
      id: 'plan',
      type: 'choice',
      label: t.plain('pulse:plan.label'),
      required: true,
      options: content.plans.map((plan) => ({ value: plan.id, label: labelOf(t, plan) })),
      value: chosen.id,
    },
  ],
  submitLabel: t.plain('pulse:plan.save'),
  cancelLabel: t.plain('pulse:answer.cancel'),
  action: { name: 'pulse.save-plan' },
  openedBy: { name: 'pulse.plan' },
})

/** For coordinators only: twice in a row fewer than half have answered, so a slower plan is proposed. */
export const slowerView = ({ id }: Plan, t: Translator): View => {
  const rhythm = t.plain(`pulse:plan.rhythms.${id}`)
  return plainView(
    t.plain('pulse:slower.summary'),
    t.plain('pulse:title'),
    [text(t.t('pulse:slower.text', { rhythm })), small(t.t('guardrails:lines.human-decides'))],
    [
      {
        label: t.plain('pulse:slower.button', { rhythm }),
        action: { name: 'pulse.take-plan', args: { plan: id } },
      },
    ],
  )
}

/**
 * For coordinators only: whether enough had answered when the reminder went out, and never more than that.
 * @param open the open wave, if there is one
 * @param next when the next one comes, as a sentence
 */
export function statusView(
  { open, waits, next, chosen }: { open?: WaveDoc; waits?: WaveDoc; next: string; chosen: Plan },
  { t, zone }: { t: Translator; zone: string },
): View {
  const closes = open && closesOf(open, { t, zone })
  return plainView(
    t.plain('pulse:title'),
    t.plain('pulse:title'),
    [
      ...(open ? [text(t.t('pulse:status.open', { closes })), text(participation(open, t))] : [text(next)]),
      ...(waits ? waitsBlocks(waits, t) : []),
      small(t.t('pulse:status.plan', { plan: labelOf(t, chosen) })),
    ],
    [planButton(t)],
  )
}

/** For coordinators only: a result waits for the one step that follows from it. */
export const waitsBlocks = ({ _id }: WaveDoc, t: Translator): Block[] => [
  text(t.t('pulse:status.waits')),
  {
    type: 'buttons',
    buttons: [
      {
        label: t.plain('pulse:status.choose'),
        style: 'primary',
        action: { name: 'pulse.choices', args: { wave: _id } },
      },
    ],
  },
]

function participation({ enough }: WaveDoc, t: Translator): string {
  if (enough === undefined) return t.t('pulse:status.later')
  return enough ? t.t('pulse:status.enough') : t.t('pulse:status.notYet')
}
