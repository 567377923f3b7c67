import type { Field, Form, FormValues } from '../../src/views/view.ts'
import { card, choiceSet, firstThatFits, literal, paragraph, paragraphs, titled } from './card.ts'
import type { AdaptiveCard, CardElement } from './card.ts'
import { cancelData, encodeChoice, inputId, submitData } from './codec.ts'
import { cut, limits, type Detail } from './limits.ts'

/** What a form is shown with besides its fields. */
export interface FormState {
  /** Field id to what should be written instead. */
  errors?: Record<string, string>
  /** What was typed before; it takes the place of the fields' own values. */
  values?: FormValues
  /** The sealed id of the message the dialog was opened from. */
  message?: string
}

/** A form as the Adaptive Card of a dialog. Pure; errors stand below their fields, and what was typed is kept. */
export const renderForm = (form: Form, state: FormState = {}): AdaptiveCard =>
  firstThatFits((detail) => formCard(form, state, detail))

function formCard(form: Form, state: FormState, detail: Detail): AdaptiveCard {
  const known = new Set(form.fields.map(({ id }) => id))
  const strayErrors = Object.entries(state.errors ?? {}).filter(([id]) => !known.has(id))
  const body = [
    ...(form.intro ? paragraphs(form.intro, Math.min(detail.chars, 2_000)) : []),
    ...strayErrors.map(([, text]) => mistake(text)),
    ...form.fields.flatMap((field) => [
      ...input(field, state.values ? state.values[field.id] : field.value, detail),
      ...(field.help ? paragraphs(field.help, limits.labelChars, { isSubtle: true, size: 'Small' }) : []),
      ...(state.errors?.[field.id] !== undefined ? [mistake(state.errors[field.id] ?? '')] : []),
    ]),
  ]
  return card(body, undefined, [
    {
      type: 'Action.Submit',
      title: titled(form.submitLabel),
      style: 'positive',
      data: submitData(form.action, form.openedBy, state.message),
    },
    { type: 'Action.Submit', title: titled(form.cancelLabel), data: cancelData(), associatedInputs: 'none' },
  ])
}

const mistake = (text: string): CardElement =>
  paragraph(`→ ${cut(text, limits.labelChars)}`, { weight: 'Bolder', color: 'Accent' }, 'Small')

function input(field: Field, value: string | string[] | undefined, detail: Detail): CardElement[] {
  const label = literal(cut(field.label, limits.labelChars))
  const base = {
    id: inputId(field.id, field.type === 'multi-choice'),
    label,
    // The client's own check comes before ours and knows no language: it points at the field.
    ...(field.required && { isRequired: true, errorMessage: `→ ${label}` }),
  }
  const single = Array.isArray(value) ? value[0] : value
  switch (field.type) {
    case 'text': {
      const { multiline: isMultiline, maxLength } = field
      return [{ type: 'Input.Text', ...base, isMultiline, maxLength, value: single }]
    }
    case 'date':
      return [{ type: 'Input.Date', ...base, value: single }]
    case 'time':
      return [{ type: 'Input.Time', ...base, value: single }]
    case 'multi-choice': {
      const chosen = (Array.isArray(value) ? value : value ? [value] : []).map(encodeChoice).join(',')
      return choiceSet({ ...base, value: chosen || undefined, isMultiSelect: true }, field.options, detail)
    }
    case 'scale': {
      const points = [...field.points, { value: 0, label: field.skipLabel }]
      const options = points.map(({ value: point, label: text }) => ({ value: String(point), label: text }))
      return choiceSet({ ...base, value: single }, options, detail)
    }
    case 'choice':
    case 'member':
    case 'partner':
      return choiceSet({ ...base, value: single }, field.options, detail)
  }
}
