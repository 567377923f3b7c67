import { Temporal } from 'temporal-polyfill'
import type { Ctx } from '../conversation/port.ts'
import type { Translator } from '../i18n/texts.ts'
import type { Partner } from '../networks/types.ts'
import type { Markdown } from '../views/markdown.ts'
import type { Block, Button, Form, Option, View } from '../views/view.ts'
import { contactTypeIds, contactTypeOf, content, type ContactType } from './content.ts'
import type { Cared, Noted } from './room.ts'
import { givesTooLittle, turnOf, weekNumber } from './rules.ts'

/** A button of the care room. */
export const button = (
  t: Translator,
  label: string,
  name: string,
  args: Button['action']['args'],
  more: Pick<Button, 'style' | 'opensForm'> = {},
): Button => ({
  label: t.plain(`care:button.${label}`),
  action: { name: `care.${name}`, args },
  ...more,
})

/** What a way of being in touch is called. */
export const typeName = (t: Translator, id: string): string => t.plain(`care-content:contactTypes.${id}.name`)

/** Ways of being in touch, each with examples. */
export const typeLines = (t: Translator, types: ContactType[]): Markdown =>
  types
    .map(({ id }) =>
      t.t('care:contact.type', {
        name: typeName(t, id),
        examples: t.plain(`care-content:contactTypes.${id}.examples`),
      }),
    )
    .map((line) => `- ${line}`)
    .join('\n')

/** ISO date to "Tuesday, 24 November 2026". */
export const dateText = (t: Translator, iso: string): string => t.date(Temporal.PlainDate.from(iso))

/** Partners to choose from. */
export const optionsOf = (partners: Partner[]): Option[] =>
  partners.map(({ id, name }) => ({ value: id, label: name }))

/** Which partner is meant: several that fit, or all of them. */
export function whichView(t: Translator, action: string, partners: Partner[], intro: Markdown): View {
  const question = t.plain('care:which.question')
  return {
    summary: question,
    blocks: [
      { type: 'text', text: intro },
      { type: 'choice', question, options: optionsOf(partners), action: { name: `care.${action}` } },
    ],
  }
}

/** What happened with a partner: one press notes it for today. */
export function contactView(t: Translator, { id, name }: Partner, noteId: string): View {
  const buttons = contactTypeIds.map((type): Button => ({
    label: typeName(t, type),
    action: { name: 'care.note', args: { id: noteId, partner: id, type } },
  }))
  const otherDay = button(t, 'otherDay', 'form', { partner: id }, { opensForm: true })
  return {
    summary: t.plain('care:contact.title', { organisation: name }),
    blocks: [
      { type: 'heading', text: t.plain('care:contact.title', { organisation: name }) },
      { type: 'text', text: t.t('care:contact.intro') },
      { type: 'text', text: typeLines(t, content.contactTypes) },
      { type: 'buttons', buttons: [...buttons, otherDay] },
      { type: 'context', text: t.t('care:contact.before', { organisation: name }) },
    ],
  }
}

/** A contact of any partner, kind and day. */
export function contactForm(
  { t }: Ctx,
  partners: Partner[],
  noteId: string,
  date: string,
  value?: string,
): Form {
  return {
    title: t.plain('care:form.title'),
    intro: t.t('care:contact.intro'),
    fields: [
      {
        id: 'partner',
        type: 'partner',
        label: t.plain('care:form.partner'),
        required: true,
        options: optionsOf(partners),
        value,
      },
      {
        id: 'type',
        type: 'choice',
        label: t.plain('care:form.type'),
        required: true,
        options: contactTypeIds.map((id) => ({ value: id, label: typeName(t, id) })),
      },
      { id: 'date', type: 'date', label: t.plain('care:form.date'), required: true, value: date },
    ],
    submitLabel: t.plain('care:form.submit'),
    cancelLabel: t.plain('care:form.cancel'),
    action: { name: 'care.save', args: { id: noteId } },
    openedBy: { name: 'care.form', args: value === undefined ? {} : { partner: value } },
  }
}

/**
 * A contact was noted; how it can be taken back, and what would go well with it.
 * @param isAhead the request is still to be made: a clear wording helps then
 */
export function notedView(
  t: Translator,
  { partner, standing }: Cared,
  noted: Noted,
  today: Temporal.PlainDate,
  isAhead: boolean,
): View {
  const text = t.t('care:noted.done', {
    type: typeName(t, noted.type),
    organisation: partner.name,
    date: dateText(t, noted.date),
  })
  const blocks: Block[] = [{ type: 'text', text }]
  if (isAhead) {
    const parts = ['request', 'reason', 'use', 'audience', 'date', 'return']
    const open = Object.fromEntries(parts.map((part) => [part, '[…]']))
    const template = t.t('care-content:request.template', open)
    blocks.push({ type: 'text', text: t.t('care:noted.request', { template }) })
  }
  if (contactTypeOf(noted.type).direction === 'ask' && givesTooLittle(standing, today)) {
    const idea = t.t(`care-content:feed.${turnOf(content.suggestions.asked, weekNumber(today))}`, {
      organisation: partner.name,
    })
    blocks.push({ type: 'text', text: t.t('care:noted.giveSoon', { idea }) })
  }
  blocks.push({ type: 'buttons', buttons: [button(t, 'undo', 'undo', { id: noted.id })] })
  return { summary: text, blocks }
}

/** The care room on the Home tab. */
export function homeBlocks({ t, member }: Ctx): Block[] {
  const buttons = [
    button(t, 'form', 'form', {}, { opensForm: true }),
    button(t, 'whomToAsk', 'which-ask', {}),
    ...(member.coordinator ? [button(t, 'list', 'list', {})] : []),
  ]
  return [{ type: 'divider' }, { type: 'text', text: t.t('care:home.line') }, { type: 'buttons', buttons }]
}
