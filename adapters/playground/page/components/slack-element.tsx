import { useId } from 'react'
import { optionsOf, type SlackElement, type SlackOption, type SlackState } from '../slack.ts'

/** One element of Block Kit that can be pressed or filled in, as Slack shows it. */
export function SlackElementView({
  element,
  state,
  label,
  describedBy,
  invalid,
  onChange,
}: {
  element: SlackElement
  /** What it holds; undefined where a press is sent at once. */
  state?: SlackState
  label?: string | undefined
  describedBy?: string | undefined
  invalid?: boolean
  onChange(state: SlackState): void
}) {
  const name = useId()
  const { type } = element
  const common = { 'aria-label': label, 'aria-describedby': describedBy, 'aria-invalid': invalid }
  const options = optionsOf(element)
  switch (type) {
    case 'button':
      return (
        <button
          type="button"
          className={`slack-button ${element.style ?? ''}`}
          aria-label={element.accessibility_label}
          onClick={() => onChange({ type, value: element.value })}
        >
          {element.text?.text}
        </button>
      )
    case 'static_select': {
      const selected = state ? state.selected_option : element.initial_option
      return (
        <select
          {...common}
          className="slack-input"
          value={selected?.value ?? ''}
          onChange={(event) =>
            onChange({
              type,
              selected_option: options.find(({ value }) => value === event.target.value) ?? null,
            })
          }
        >
          <option value="">{element.placeholder?.text ?? '–'}</option>
          {options.map(({ value, text }) => (
            <option key={value} value={value}>
              {text.text}
            </option>
          ))}
        </select>
      )
    }
    case 'radio_buttons': {
      const selected = state ? state.selected_option : element.initial_option
      return (
        <Options
          {...common}
          kind="radio"
          name={name}
          options={options}
          isChosen={({ value }) => value === selected?.value}
          onToggle={(option) => onChange({ type, selected_option: option })}
        />
      )
    }
    case 'checkboxes':
    case 'multi_static_select': {
      const selected = (state ? state.selected_options : element.initial_options) ?? []
      const isChosen = ({ value }: SlackOption): boolean => selected.some((one) => one.value === value)
      return (
        <Options
          {...common}
          kind="checkbox"
          name={name}
          options={options}
          isChosen={isChosen}
          onToggle={(option) =>
            onChange({
              type,
              selected_options: isChosen(option)
                ? selected.filter(({ value }) => value !== option.value)
                : [...selected, option],
            })
          }
        />
      )
    }
    case 'datepicker':
      return (
        <input
          {...common}
          type="date"
          className="slack-input"
          value={state?.selected_date ?? ''}
          onChange={(event) => onChange({ type, selected_date: event.target.value || null })}
        />
      )
    case 'timepicker':
      return (
        <input
          {...common}
          type="time"
          className="slack-input"
          value={state?.selected_time ?? ''}
          onChange={(event) => onChange({ type, selected_time: event.target.value || null })}
        />
      )
    case 'plain_text_input': {
      const text = {
        ...common,
        className: 'slack-input',
        maxLength: element.max_length,
        placeholder: element.placeholder?.text,
        value: state?.value ?? '',
        onChange: (event: { target: { value: string } }) =>
          onChange({ type, value: event.target.value || null }),
      }
      return element.multiline ? <textarea rows={4} {...text} /> : <input type="text" {...text} />
    }
    default:
      // Never silently: what cannot be drawn is named.
      return <code>{type}</code>
  }
}

function Options({
  kind,
  name,
  options,
  isChosen,
  onToggle,
  ...group
}: {
  kind: 'radio' | 'checkbox'
  name: string
  options: SlackOption[]
  isChosen(option: SlackOption): boolean
  onToggle(option: SlackOption): void
  'aria-label': string | undefined
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}) {
  return (
    <div role={kind === 'radio' ? 'radiogroup' : 'group'} className="slack-options" {...group}>
      {options.map((option) => (
        <label key={option.value}>
          <input type={kind} name={name} checked={isChosen(option)} onChange={() => onToggle(option)} />
          <span>
            {option.text.text}
            {option.description && <small>{option.description.text}</small>}
          </span>
        </label>
      ))}
    </div>
  )
}
