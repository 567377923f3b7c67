import type { Temporal } from 'temporal-polyfill'
import type { Translator } from '../i18n/texts.ts'
import type { View } from '../views/view.ts'
import { restWeeks } from './content.ts'
import type { Cared } from './room.ts'
import { careStatus, isResting, lastTouch } from './rules.ts'
import { button, dateText, optionsOf } from './views.ts'

const nameOfStatus = (t: Translator, { standing }: Cared, today: Temporal.PlainDate): string =>
  t.plain(`care-content:statuses.${careStatus(standing, today)}.name`)

/** All partners with their status, for coordinators. */
export function careView(t: Translator, all: Cared[], today: Temporal.PlainDate): View {
  const lines = all.map((cared) =>
    t.t('care:list.line', { organisation: cared.partner.name, status: nameOfStatus(t, cared, today) }),
  )
  return {
    summary: t.plain('care:list.title'),
    blocks: [
      { type: 'heading', text: t.plain('care:list.title') },
      { type: 'text', text: t.t('care:list.intro') },
      { type: 'text', text: lines.map((line) => `- ${line}`).join('\n') },
      {
        type: 'choice',
        question: t.plain('care:list.choose'),
        options: optionsOf(all.map(({ partner }) => partner)),
        action: { name: 'care.partner' },
      },
    ],
  }
}

/** One partner for coordinators: status, why its band is as it is, and what can be done. */
export function partnerView(t: Translator, cared: Cared, today: Temporal.PlainDate): View {
  const { partner, standing } = cared
  const status = careStatus(standing, today)
  const last = lastTouch(standing)
  const facts = [
    { label: t.plain('care:partner.status'), value: nameOfStatus(t, cared, today) },
    {
      label: t.plain('care:partner.category'),
      value: t.plain(`care-content:categories.${partner.category}.name`),
    },
    { label: t.plain('care:partner.last'), value: last ? dateText(t, last) : t.plain('care:partner.never') },
  ]
  if (standing.restUntil && isResting(standing, today))
    facts.push({ label: t.plain('care:partner.rest'), value: dateText(t, standing.restUntil) })
  const buttons = [
    button(t, 'contact', 'contact', { value: partner.id }),
    button(t, 'beforeAsk', 'ask', { value: partner.id }),
  ]
  if (standing.restUntil && isResting(standing, today))
    buttons.push(button(t, 'endRest', 'wake', { partner: partner.id }))
  return {
    summary: partner.name,
    blocks: [
      { type: 'heading', text: partner.name },
      { type: 'text', text: t.t(`care-content:statuses.${status}.meaning`) },
      { type: 'facts', facts },
      { type: 'buttons', buttons },
      {
        type: 'choice',
        question: t.plain('care:partner.giveRest'),
        options: restWeeks.map((count) => ({
          value: String(count),
          label: t.plain('care:weeks', { count }),
        })),
        action: { name: 'care.rest', args: { partner: partner.id } },
      },
      { type: 'context', text: t.t(`care-content:categories.${partner.category}.rationale`) },
    ],
  }
}
