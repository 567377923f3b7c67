/**
 * What Slack refuses to show: written from Slack's documentation, apart from the adapter's own limits, so that the
 * one checks the other. Each function gives a list of complaints; an empty list is a yes.
 */

export type Json = Record<string, unknown>

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0)

/** Slack refuses a message whose texts together are longer. */
const MESSAGE_SUM = 13_200

/** A message's `text` and `blocks`. */
export function messageProblems(text: unknown, blocks: unknown): string[] {
  const sum = [...textsOf(blocks)].reduce((total, part) => total + part.length, 0)
  return [
    ...(lengthOf(text) > 40_000 ? ['msg_too_long'] : []),
    ...(!text && list(blocks).length === 0 ? ['no_text'] : []),
    ...(/<[@!#]|<https?:/.test(String(text ?? '')) ? ['the text holds a mention or a link'] : []),
    ...(sum > MESSAGE_SUM ? [`all texts together: ${sum} characters`] : []),
    ...blockProblems(blocks, 50, false),
  ]
}

/** A modal or a Home tab. */
export function viewProblems(view: Json): string[] {
  const blocks = list(view.blocks)
  const inputs = blocks.some(({ type }) => type === 'input')
  const home = view.type === 'home'
  return [
    ...(home || view.type === 'modal' ? [] : [`a view of type ${String(view.type)}`]),
    ...(home ? [] : textProblems('title', view.title, 24)),
    ...(view.submit
      ? textProblems('submit', view.submit, 24)
      : inputs && !home
        ? ['inputs without submit']
        : []),
    ...(view.close ? textProblems('close', view.close, 24) : []),
    ...(lengthOf(view.private_metadata) > 3000 ? ['private_metadata too long'] : []),
    ...(lengthOf(view.callback_id) > 255 ? ['callback_id too long'] : []),
    ...blockProblems(blocks, 100, true),
  ]
}

function blockProblems(value: unknown, most: number, inView: boolean): string[] {
  const blocks = list(value)
  const ids = blocks.flatMap(({ block_id: id }) => (id ? [id] : []))
  const actions = blocks
    .flatMap((block) => list(block.elements).map((element) => element.action_id))
    .filter(Boolean)
  return [
    ...(blocks.length > most ? [`${blocks.length} blocks`] : []),
    ...(new Set(ids).size < ids.length ? ['a block_id twice'] : []),
    ...(new Set(actions).size < actions.length ? ['an action_id twice'] : []),
    ...blocks.flatMap((block, index) =>
      problemsOf(block, inView).map((problem) => `blocks[${index}]: ${problem}`),
    ),
  ]
}

function problemsOf(block: Json, inView: boolean): string[] {
  const elements = list(block.elements)
  const long = lengthOf(block.block_id) > 255 ? ['block_id too long'] : []
  switch (block.type) {
    case 'divider':
      return long
    case 'header':
      return [...long, ...textProblems('header', block.text, 150)]
    case 'section':
      return [...long, ...textProblems('section', block.text, 3000)]
    case 'context':
      return [
        ...(elements.length < 1 || elements.length > 10 ? [`${elements.length} context elements`] : []),
        ...elements.flatMap((element) => textProblems('context', element, 2000)),
      ]
    case 'image': {
      const file = block.slack_file as Json | undefined
      return [
        ...(lengthOf(block.alt_text) < 1 || lengthOf(block.alt_text) > 2000 ? ['alt_text'] : []),
        ...(lengthOf(file?.id) > 0 === lengthOf(block.image_url) > 0 ? ['image without one source'] : []),
      ]
    }
    case 'rich_text':
      return [...(elements.length ? [] : ['empty rich_text']), ...elements.flatMap(richProblems)]
    case 'actions':
      return [
        ...(elements.length < 1 || elements.length > 25 ? [`${elements.length} actions`] : []),
        ...elements.flatMap((element) =>
          ['button', 'static_select'].includes(String(element.type))
            ? elementProblems(element)
            : ['unknown action'],
        ),
      ]
    case 'input':
      return [
        ...(inView ? [] : ['input in a message']),
        ...long,
        ...textProblems('label', block.label, 2000),
        ...(block.hint ? textProblems('hint', block.hint, 2000) : []),
        ...elementProblems((block.element ?? {}) as Json),
      ]
    default:
      return [`unknown block type ${String(block.type)}`]
  }
}

function richProblems(part: Json): string[] {
  const elements = list(part.elements)
  switch (part.type) {
    case 'rich_text_list':
      return elements.length ? elements.flatMap(richProblems) : ['empty list']
    case 'rich_text_preformatted':
    case 'rich_text_section':
      return elements.flatMap(({ type, text }) => [
        // Links and mentions exist in rich text; this bot never sends any.
        ...(type === 'text' ? [] : [`rich text element ${String(type)}`]),
        ...(lengthOf(text) < 1 || lengthOf(text) > 3000 ? ['rich text of a wrong length'] : []),
      ])
    default:
      return [`unknown rich text ${String(part.type)}`]
  }
}

function elementProblems(element: Json): string[] {
  const id = lengthOf(element.action_id)
  const common = id < 1 || id > 255 ? ['action_id'] : []
  switch (element.type) {
    case 'button':
      return [
        ...common,
        ...textProblems('button', element.text, 75),
        ...(lengthOf(element.value) > 2000 ? ['value too long'] : []),
        ...([undefined, 'primary', 'danger'].includes(element.style as never) ? [] : ['style']),
      ]
    case 'plain_text_input': {
      const longest = Number(element.max_length ?? 3000)
      const fits = longest >= 1 && longest <= 3000 && lengthOf(element.initial_value) <= longest
      return [...common, ...(fits ? [] : ['max_length'])]
    }
    case 'datepicker':
      return [...common, ...matches('initial_date', element.initial_date, /^\d{4}-\d\d-\d\d$/)]
    case 'timepicker':
      return [...common, ...matches('initial_time', element.initial_time, /^\d\d:\d\d$/)]
    case 'radio_buttons':
    case 'checkboxes':
      return [...common, ...optionProblems(element, 10)]
    case 'static_select':
    case 'multi_static_select':
      return [...common, ...optionProblems(element, 100)]
    default:
      return [`unknown element ${String(element.type)}`]
  }
}

const matches = (name: string, value: unknown, pattern: RegExp): string[] =>
  value === undefined || pattern.test(String(value)) ? [] : [name]

/** All options of an element, in groups or not. */
export const optionsOf = (element: Json): Json[] => [
  ...list(element.options),
  ...list(element.option_groups).flatMap((group) => list(group.options)),
]

function optionProblems(element: Json, most: number): string[] {
  const groups = element.option_groups ? list(element.option_groups) : [{ options: element.options }]
  const all = optionsOf(element).map((option) => JSON.stringify(option))
  const initial = [
    ...list(element.initial_options),
    ...(element.initial_option ? [element.initial_option] : []),
  ]
  return [
    ...(element.options && element.option_groups ? ['options and groups'] : []),
    ...(groups.length > 100 ? ['too many groups'] : []),
    ...groups.flatMap((group: Json) => [
      ...(list(group.options).length < 1 || list(group.options).length > most ? ['number of options'] : []),
      ...(group.label ? textProblems('group', group.label, 75) : []),
    ]),
    ...optionsOf(element).flatMap(({ text, value }) => [
      ...textProblems('option', text, 75),
      ...(lengthOf(value) < 1 || lengthOf(value) > 150 ? ['option value'] : []),
    ]),
    ...(initial.every((option) => all.includes(JSON.stringify(option)))
      ? []
      : ['initial option is not an option']),
  ]
}

function textProblems(name: string, value: unknown, most: number): string[] {
  const text = value as Json | undefined
  if (!text) return [`${name} is missing`]
  return [
    ...(text.type === 'plain_text' ? [] : [`${name} is read as markup`]),
    ...(lengthOf(text.text) < 1 || lengthOf(text.text) > most
      ? [`${name} of ${lengthOf(text.text)} characters`]
      : []),
  ]
}

/** Every text that blocks show, in order. */
export function* textsOf(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const part of value) yield* textsOf(part)
  else if (value && typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) {
      if (typeof part === 'string') {
        if (key === 'text' || key === 'alt_text') yield part
      } else yield* textsOf(part)
    }
  }
}
