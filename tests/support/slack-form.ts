import { optionsOf, viewProblems, type Json } from './slack-blocks.ts'
import type { SlackModal, World } from './slack-world.ts'

type Values = Record<string, string | string[]>
type Submit = (modal: SlackModal, state: Json) => Promise<Json | undefined>

const labelOf = (text: unknown): string => String((text as Json | undefined)?.text ?? '')

/** The labels of a dialog's fields. */
export const fieldsOf = ({ view }: SlackModal): string[] =>
  (view.blocks as Json[]).filter(({ type }) => type === 'input').map(({ label }) => labelOf(label))

/**
 * A dialog with some of its fields filled in, by their labels; options by theirs. Does what Slack's own client does:
 * refuses what is required and missing, shows mistakes, and keeps, replaces or closes the dialog.
 */
export function fillModal(world: World, modal: SlackModal, values: Values, submit: Submit) {
  const inputs = (modal.view.blocks as Json[]).filter(({ type }) => type === 'input')
  for (const label of Object.keys(values)) {
    if (!fieldsOf(modal).includes(label)) {
      throw new Error(`no field "${label}" among: ${fieldsOf(modal).join(', ')}`)
    }
  }
  const state: Record<string, Json> = {}
  for (const block of inputs) {
    const element = block.element as Json
    const given = stateOf(element, values[labelOf(block.label)])
    const empty = Object.entries(given).every(
      ([key, value]) => key === 'type' || !value || String(value) === '',
    )
    if (empty && !block.optional)
      throw new Error(`Slack does not send this form: "${labelOf(block.label)}" is required`)
    state[String(block.block_id)] = { [String(element.action_id)]: given }
  }
  return {
    async submit(): Promise<SlackModal> {
      if (!modal.open) throw new Error('this dialog is closed')
      modal.errors = {}
      const answer = await submit(modal, { values: state })
      if (answer?.response_action === 'errors') {
        for (const [id, text] of Object.entries(answer.errors as Record<string, string>)) {
          const block = inputs.find(({ block_id: blockId }) => blockId === id)
          if (block) modal.errors[labelOf(block.label)] = text
          else world.violations.push(`an error for ${id}, which is no field`)
        }
      } else if (answer?.response_action === 'update') {
        const view = answer.view as Json
        world.violations.push(...viewProblems(view))
        Object.assign(modal, { view, hash: world.next('h') })
      } else {
        modal.open = false
      }
      return modal
    },
  }
}

function stateOf(element: Json, given: string | string[] | undefined): Json {
  const type = String(element.type)
  const option = (label: string): Json => {
    const found = optionsOf(element).find(({ text }) => labelOf(text) === label)
    if (found) return found
    throw new Error(
      `no option "${label}" among: ${optionsOf(element)
        .map(({ text }) => labelOf(text))
        .join(', ')}`,
    )
  }
  switch (type) {
    case 'plain_text_input': {
      const value = given ?? element.initial_value ?? null
      if (typeof value === 'string' && value.length > Number(element.max_length ?? 3000))
        throw new Error('too long')
      return { type, value: value === '' ? null : value }
    }
    case 'datepicker':
      return { type, selected_date: given ?? element.initial_date ?? null }
    case 'timepicker':
      return { type, selected_time: given ?? element.initial_time ?? null }
    case 'radio_buttons':
    case 'static_select':
      return {
        type,
        selected_option: typeof given === 'string' ? option(given) : (element.initial_option ?? null),
      }
    default:
      return { type, selected_options: given ? [given].flat().map(option) : (element.initial_options ?? []) }
  }
}
