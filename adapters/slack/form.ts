import type {
  InputBlock,
  InputBlockElement,
  KnownBlock,
  ModalView,
  MultiStaticSelect,
  PlainTextOption,
  StaticSelect,
} from '@slack/types'
import type { Field, Form, Option } from '../../src/views/view.ts'
import { encodeForm, type Origin } from './codec.ts'
import { clean, createAllowance, fit, LIMITS } from './limits.ts'
import { label, plain, richText } from './text.ts'

/** The action id of every input; the ids of blocks are the ids of fields. */
const INPUT = 'value'

// The size of a modal is bounded by the counts below; its texts have no common limit.
const ample = createAllowance(Infinity)

/**
 * A form as a Slack modal within Slack's limits. A title that does not fit is repeated in full as a heading.
 * @param origin where it was opened, for what follows when it is sent off
 * @throws RangeError where the action is too long
 */
export function renderForm(form: Form, origin?: Origin): ModalView {
  const title = label(form.title, LIMITS.modalTitle, ample)
  const blocks: KnownBlock[] = [
    ...(form.title.length > LIMITS.modalTitle
      ? [{ type: 'header' as const, text: label(form.title, LIMITS.heading, ample) }]
      : []),
    ...(form.intro ? richText(form.intro, ample) : []),
    ...form.fields.map(renderField),
  ]
  return {
    type: 'modal',
    callback_id: 'form',
    title,
    submit: label(form.submitLabel, LIMITS.modalTitle, ample),
    close: label(form.cancelLabel, LIMITS.modalTitle, ample),
    private_metadata: encodeForm(form.action, origin),
    blocks: blocks.slice(0, LIMITS.viewBlocks),
  }
}

function renderField(field: Field): KnownBlock {
  const element = renderInput(field)
  // A menu needs something to choose from: without, the field says so and is left out.
  if (!element) {
    return { type: 'section', text: label(`${field.label}: –`, LIMITS.field, ample) }
  }
  const block: InputBlock = {
    type: 'input',
    block_id: field.id,
    label: label(field.label, LIMITS.field, ample),
    element,
    optional: !field.required,
  }
  return field.help ? { ...block, hint: plain(field.help, LIMITS.field, ample) } : block
}

function renderInput(field: Field): InputBlockElement | undefined {
  switch (field.type) {
    case 'text': {
      const longest = Math.min(field.maxLength, LIMITS.inputText)
      return {
        type: 'plain_text_input',
        action_id: INPUT,
        multiline: field.multiline ?? false,
        max_length: longest,
        ...(field.value && { initial_value: fit(clean(field.value), longest) }),
      }
    }
    case 'choice':
      return field.options.length > LIMITS.checkboxes
        ? menu(field.options, field.value)
        : radios(field.options, field.value)
    case 'member':
    case 'partner':
      return menu(field.options, field.value)
    case 'multi-choice':
      return field.options.length > LIMITS.checkboxes
        ? multiMenu(field.options, field.value)
        : checkboxes(field.options, field.value)
    case 'date':
      return { type: 'datepicker', action_id: INPUT, ...(field.value && { initial_date: field.value }) }
    case 'time':
      return { type: 'timepicker', action_id: INPUT, ...(field.value && { initial_time: field.value }) }
    case 'scale':
      return radios(
        [
          ...field.points.map((point) => ({ value: String(point.value), label: point.label })),
          { value: '0', label: field.skipLabel },
        ],
        field.value,
      )
  }
}

const toOption = (option: Option): PlainTextOption => ({
  value: fit(option.value, LIMITS.optionValue),
  text: label(option.label, LIMITS.label, ample),
})

function radios(options: Option[], value: string | undefined): InputBlockElement | undefined {
  const given = options.find((option) => option.value === value)
  return options.length
    ? {
        type: 'radio_buttons',
        action_id: INPUT,
        options: options.map(toOption),
        ...(given && { initial_option: toOption(given) }),
      }
    : undefined
}

function checkboxes(options: Option[], values: string[] = []): InputBlockElement | undefined {
  const given = options.filter(({ value }) => values.includes(value)).map(toOption)
  return options.length
    ? {
        type: 'checkboxes',
        action_id: INPUT,
        options: options.map(toOption),
        ...(given.length && { initial_options: given }),
      }
    : undefined
}

function menu(options: Option[], value: string | undefined): StaticSelect | undefined {
  const given = options.find((option) => option.value === value)
  return options.length
    ? {
        type: 'static_select',
        action_id: INPUT,
        ...choices(options),
        ...(given && { initial_option: toOption(given) }),
      }
    : undefined
}

function multiMenu(options: Option[], values: string[] = []): MultiStaticSelect {
  const given = options.filter(({ value }) => values.includes(value)).map(toOption)
  return {
    type: 'multi_static_select',
    action_id: INPUT,
    ...choices(options),
    ...(given.length && { initial_options: given }),
  }
}

// A menu holds 100 options, or 100 groups of 100: then each group is named after its first and last option.
function choices(options: Option[]): Pick<StaticSelect, 'options' | 'option_groups'> {
  if (options.length <= LIMITS.options) return { options: options.map(toOption) }
  const groups = Array.from({ length: Math.ceil(options.length / LIMITS.options) }, (_, index) =>
    options.slice(index * LIMITS.options, (index + 1) * LIMITS.options),
  )
  const half = Math.floor(LIMITS.label / 2) - 2
  return {
    option_groups: groups.slice(0, LIMITS.options).map((group) => ({
      label: label(
        `${fit(group[0]?.label ?? '', half)} – ${fit(group.at(-1)?.label ?? '', half)}`,
        LIMITS.label,
        ample,
      ),
      options: group.map(toOption),
    })),
  }
}
