import { faultsOf, findAction, inputsOf, inputValue, linesOf, type Json } from './teams-cards.ts'

/** An open dialog of one person; it changes with every submission. */
export interface Dialog {
  readonly open: boolean
  readonly title: string
  readonly card: unknown
  /** What is read in it. */
  readonly text: string
  /** What stands in the fields now, by label: the values as the client would send them. */
  readonly values: Record<string, string>
  /** Fills in fields by their labels; options by their titles. */
  fill(values: Record<string, string | string[]>): Dialog
  /** Presses a button of the dialog; the first (sending it off) if no title is given. */
  submit(title?: string): Promise<Dialog>
}

/** @param body the bot's answer to `task/fetch`; @param send posts a `task/submit` and gives the bot's answer */
export function createDialog(body: Json, violations: string[], send: (value: Json) => Promise<Json>): Dialog {
  let open = true
  let title = ''
  let card: unknown
  const typed = new Map<string, string>()

  function show(answer: Json): void {
    const task = answer.task as Json | undefined
    open = task?.type === 'continue'
    if (!open) return
    const value = task?.value as Json
    title = String(value.title)
    card = (value.card as Json).content
    violations.push(...faultsOf(card, true))
    typed.clear()
    for (const input of inputsOf(card)) if (input.value) typed.set(String(input.id), String(input.value))
  }
  show(body)

  const dialog: Dialog = {
    get open() {
      return open
    },
    get title() {
      return title
    },
    get card() {
      return card
    },
    get text() {
      return open ? linesOf(card).join('\n') : ''
    },
    get values() {
      return Object.fromEntries(
        inputsOf(card).map(({ id, label }) => [String(label), typed.get(String(id)) ?? '']),
      )
    },
    fill(values) {
      for (const [label, value] of Object.entries(values)) {
        const input = inputsOf(card).find((candidate) => candidate.label === label)
        if (!input) throw new Error(`no field "${label}"; there is: ${Object.keys(dialog.values).join(', ')}`)
        typed.set(String(input.id), inputValue(input, value))
      }
      return dialog
    },
    async submit(button) {
      if (!open) throw new Error('the dialog is closed')
      const [first] = (card as { actions?: Json[] }).actions ?? []
      const action = button === undefined ? first : findAction(card, button)
      if (!action) throw new Error('nothing to press')
      const sendsInputs = action.associatedInputs !== 'none'
      const missing = inputsOf(card).find(({ id, isRequired }) => isRequired && !typed.get(String(id)))
      if (sendsInputs && missing) throw new Error(`Teams asks for "${String(missing.label)}" first`)
      const inputs = sendsInputs
        ? Object.fromEntries(inputsOf(card).map(({ id }) => [String(id), typed.get(String(id)) ?? '']))
        : {}
      show(await send({ data: { ...inputs, ...(action.data as Json) }, context: { theme: 'default' } }))
      return dialog
    },
  }
  return dialog
}
