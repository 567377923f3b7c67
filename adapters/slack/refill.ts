import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import type { Translator } from '../../src/i18n/texts.ts'
import { createAllowance, LIMITS } from './limits.ts'
import { label, plain } from './text.ts'

const ample = createAllowance(Infinity)

type Given = Record<string, unknown>
type State = { values?: Record<string, Record<string, Given>> }

/** A modal that says something and can only be closed. */
export const saying = (t: Translator, text: string): ModalView => ({
  type: 'modal',
  callback_id: 'form',
  title: label('Linkpin', LIMITS.modalTitle, ample),
  close: label(t.plain('slack:close'), LIMITS.modalTitle, ample),
  blocks: [{ type: 'section', text: plain(text, LIMITS.text, ample) }],
})

/**
 * A form that was sent off, as it was: with what was typed, and each mistake below its field. For answers that came
 * too late for Slack's own way of showing mistakes.
 * @param sent the modal's blocks, its state and its metadata, from Slack's signed request
 */
export function refill(
  sent: { blocks: unknown; state: unknown; metadata: string },
  errors: Record<string, string>,
  t: Translator,
): ModalView {
  const values = (sent.state as State).values ?? {}
  return {
    ...saying(t, ''),
    submit: label(t.plain('slack:sendAgain'), LIMITS.modalTitle, ample),
    private_metadata: sent.metadata,
    blocks: (sent.blocks as KnownBlock[]).flatMap((block): KnownBlock[] => {
      if (block.type !== 'input' || !block.block_id) return [block]
      const mistake = errors[block.block_id]
      const given = Object.values(values[block.block_id] ?? {})[0]
      const filled = { ...block, element: { ...block.element, ...initial(given) } } as InputBlock
      return mistake
        ? [filled, { type: 'context', elements: [plain(`⚠ ${mistake}`, LIMITS.context, ample)] }]
        : [filled]
    }),
  }
}

const INITIAL: Record<string, string> = {
  value: 'initial_value',
  selected_option: 'initial_option',
  selected_options: 'initial_options',
  selected_date: 'initial_date',
  selected_time: 'initial_time',
}

const initial = (given: Given = {}): Given =>
  Object.fromEntries(
    Object.entries(INITIAL).flatMap(([from, to]) => {
      const value = given[from]
      return value && !(Array.isArray(value) && value.length === 0) ? [[to, value]] : []
    }),
  )
