import type { Temporal } from 'temporal-polyfill'
import type { Ctx } from '../conversation/port.ts'
import type { Translator } from '../i18n/texts.ts'
import { localDate } from '../kernel/clock.ts'
import type { Partner } from '../networks/types.ts'
import type { Markdown } from '../views/markdown.ts'
import type { Block, Button, View } from '../views/view.ts'
import { content, contactTypeOf } from './content.ts'
import type { Cared, Noted } from './room.ts'
import { isResting, lastAskedByPeople, nextGoodDate, type Reason } from './rules.ts'
import { button, dateText, typeLines, typeName } from './views.ts'

/** How big the request is: a look before it is made. */
export function askView(t: Translator, { id, name }: Partner, noteId: string): View {
  const asks = content.contactTypes.filter(({ direction }) => direction === 'ask')
  return {
    summary: t.plain('care:ask.title', { organisation: name }),
    blocks: [
      { type: 'heading', text: t.plain('care:ask.title', { organisation: name }) },
      { type: 'text', text: t.t('care:ask.intro') },
      { type: 'text', text: typeLines(t, asks) },
      {
        type: 'buttons',
        buttons: asks.map(({ id: type }) => ({
          label: typeName(t, type),
          action: { name: 'care.weigh', args: { id: noteId, partner: id, type } },
        })),
      },
    ],
  }
}

/** The second thought before a request: three questions, what speaks against it, and who else could be asked. */
export function weighView(
  { t, network, now }: Ctx,
  { partner, standing }: Cared,
  noted: Omit<Noted, 'date'>,
  reasons: Reason[],
  others: Cared[],
): View {
  const organisation = partner.name
  const today = localDate(now, network.zone)
  const title = t.plain('care:weigh.title', { type: typeName(t, noted.type), organisation })
  const blocks: Block[] = [{ type: 'heading', text: title }]
  const against = reasons.map((reason) => reasonText(t, reason, { partner, standing }, today))
  if (against.length > 0) {
    const why = t.t(`care-content:categories.${partner.category}.rationale`)
    blocks.push({ type: 'text', text: against.join('\n') }, { type: 'context', text: why })
  }
  if (contactTypeOf(noted.type).weight >= content.confirmFromWeight) {
    const questions = [
      t.t('care-content:beforeAsk.matters'),
      t.t('care-content:beforeAsk.rightPartner', { organisation }),
      t.t('care-content:beforeAsk.smaller'),
    ]
    blocks.push({
      type: 'text',
      text: [t.t('care:weigh.three'), ...questions.map((q) => `- ${q}`)].join('\n'),
    })
  }
  if (against.length > 0 && others.length > 0)
    blocks.push({ type: 'text', text: others.map((other) => otherText(t, other)).join('\n') })
  const ask: Button[] = reasons.includes('newly-met')
    ? []
    : [button(t, against.length > 0 ? 'askAnyway' : 'ask', 'request', { ...noted })]
  blocks.push({ type: 'buttons', buttons: [...ask, button(t, 'later', 'later', {})] })
  blocks.push({ type: 'context', text: t.t('guardrails:lines.human-decides') })
  return { summary: title, blocks }
}

function otherText(t: Translator, { partner, standing }: Cared): Markdown {
  const alternative = partner.name
  const last = lastAskedByPeople(standing.contacts)
  if (!last) return t.t('care:weigh.other', { alternative })
  return t.t('care:weigh.otherAsked', { alternative, date: dateText(t, last) })
}

function reasonText(
  t: Translator,
  reason: Reason,
  { partner, standing }: Cared,
  today: Temporal.PlainDate,
): Markdown {
  const organisation = partner.name
  switch (reason) {
    case 'resting':
      return standing.restUntil && isResting(standing, today)
        ? t.t('care-content:rest.rt-4', { organisation, date: dateText(t, standing.restUntil) })
        : t.t('care-content:statuses.resting.meaning')
    case 'asked-a-lot':
      return t.t('care-content:rest.rt-1', { organisation })
    case 'visible-again':
      return t.t('care-content:rest.rt-3', { organisation })
    case 'too-soon':
      return t.t('care:weigh.tooSoon', {
        organisation,
        date: t.date(nextGoodDate(standing, today) ?? today),
      })
    case 'big':
    case 'newly-met':
      return t.t(`care:weigh.${reason}`, { organisation })
  }
}
