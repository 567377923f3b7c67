// The part of Block Kit that people press or fill in. The library shows it; this page also makes it work.

interface PlainText {
  type: 'plain_text' | 'mrkdwn'
  text: string
}

export interface SlackOption {
  text: PlainText
  value: string
  description?: PlainText
}

export interface SlackElement {
  type: string
  action_id?: string
  text?: PlainText
  value?: string
  style?: 'primary' | 'danger'
  accessibility_label?: string
  placeholder?: PlainText
  options?: SlackOption[]
  option_groups?: { label: PlainText; options: SlackOption[] }[]
  initial_option?: SlackOption
  initial_options?: SlackOption[]
  initial_value?: string
  initial_date?: string
  initial_time?: string
  multiline?: boolean
  max_length?: number
}

export interface SlackBlock {
  type: string
  block_id?: string
  elements?: SlackElement[]
  accessory?: SlackElement
  text?: PlainText
  label?: PlainText
  hint?: PlainText
  element?: SlackElement
  optional?: boolean
  image_url?: string
  alt_text?: string
}

export interface SlackModal {
  title: PlainText
  submit?: PlainText
  close?: PlainText
  blocks: SlackBlock[]
}

/** What Slack sends about one element, in a press and in `view.state.values`. */
export interface SlackState {
  type: string
  value?: string | null
  selected_option?: SlackOption | null
  selected_options?: SlackOption[]
  selected_date?: string | null
  selected_time?: string | null
}

/** `view.state.values`: block id, then action id. */
export type SlackValues = Record<string, Record<string, SlackState>>

/** All options of a select, groups opened. */
export const optionsOf = ({ options, option_groups }: SlackElement): SlackOption[] =>
  options ?? option_groups?.flatMap((group) => group.options) ?? []

/** What an element holds before anybody touches it. */
export function initialState(element: SlackElement): SlackState {
  const { type } = element
  switch (type) {
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null }
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null }
    case 'checkboxes':
    case 'multi_static_select':
      return { type, selected_options: element.initial_options ?? [] }
    case 'static_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null }
    default:
      return { type, value: element.initial_value ?? null }
  }
}

/** True where nothing was filled in. */
export const isEmpty = (state: SlackState | undefined): boolean =>
  !state ||
  !(
    state.value ||
    state.selected_option ||
    state.selected_options?.length ||
    state.selected_date ||
    state.selected_time
  )
