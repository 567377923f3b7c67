import { useId, useState } from 'react'
import {
  initialState,
  isEmpty,
  type SlackModal as Modal,
  type SlackState,
  type SlackValues,
} from '../slack.ts'
import { useTexts } from '../texts.tsx'
import type { Theme } from '../theme.ts'
import { SlackBlockView } from './slack-blocks.tsx'
import { SlackElementView } from './slack-element.tsx'

/** What Slack would send of a modal: the view with what was filled in. */
type SlackSubmission = Modal & { state: { values: SlackValues } }

/** A modal view of Slack. Its values live in `onChange`'s hands, so that the other rendering can take over. */
export function SlackModal({
  modal,
  errors,
  theme,
  onChange,
  onSubmit,
  onClose,
}: {
  modal: Modal
  /** Block id to text. */
  errors: Record<string, string>
  theme: Theme
  onChange(submission: SlackSubmission): void
  onSubmit(submission: SlackSubmission): void
  onClose(): void
}) {
  const { t } = useTexts()
  const id = useId()
  const [values, setValues] = useState(() => initialValues(modal))
  const [missing, setMissing] = useState<string[]>([])
  const submission = (current: SlackValues): SlackSubmission => ({ ...modal, state: { values: current } })
  const set = (block: string, action: string, state: SlackState): void => {
    const next = { ...values, [block]: { ...values[block], [action]: state } }
    setValues(next)
    onChange(submission(next))
  }
  const send = (): void => {
    // Slack itself asks for what is required before anything is sent.
    const empty = modal.blocks.flatMap(({ type, optional, block_id = '', element }) =>
      type === 'input' && !optional && isEmpty(values[block_id]?.[element?.action_id ?? ''])
        ? [block_id]
        : [],
    )
    setMissing(empty)
    if (empty.length === 0) onSubmit(submission(values))
    else
      document
        .getElementById(`${id}-${empty[0]}`)
        ?.querySelector<HTMLElement>('input, select, textarea')
        ?.focus()
  }
  return (
    <form
      className="slack-modal"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {modal.blocks.map((block, index) => {
        const { block_id = '', element, label, hint } = block
        if (block.type !== 'input' || !element)
          return <SlackBlockView key={index} block={block} theme={theme} />
        const error = missing.includes(block_id) ? t('playground:form.required') : errors[block_id]
        const help = `${id}-${block_id}-help`
        return (
          <div key={index} className="slack-field" id={`${id}-${block_id}`}>
            <p className="slack-label">
              {label?.text}
              {block.optional && <small>{t('playground:form.optional')}</small>}
            </p>
            <SlackElementView
              element={element}
              state={values[block_id]?.[element.action_id ?? '']}
              label={label?.text}
              describedBy={hint || error ? help : undefined}
              invalid={error !== undefined}
              onChange={(state) => set(block_id, element.action_id ?? '', state)}
            />
            <div id={help}>
              {error && <p className="error">{error}</p>}
              {hint && <p className="hint">{hint.text}</p>}
            </div>
          </div>
        )
      })}
      <div className="dialog-buttons">
        <button type="button" className="slack-button" onClick={onClose}>
          {modal.close?.text}
        </button>
        {modal.submit && <button className="slack-button primary">{modal.submit.text}</button>}
      </div>
    </form>
  )
}

const initialValues = (modal: Modal): SlackValues =>
  Object.fromEntries(
    modal.blocks.flatMap(({ block_id = '', element }) =>
      element ? [[block_id, { [element.action_id ?? '']: initialState(element) }]] : [],
    ),
  )
