import type { Form, View } from '../../src/views/view.ts'
import { plainText } from '../../src/views/markdown.ts'
import { titled, type AdaptiveCard } from './card.ts'
import { resendData, taskFetchData, type Submitted } from './codec.ts'
import { cut, limits } from './limits.ts'
import { renderForm, renderInDialog, renderMessage } from './render.ts'
import type { FormState } from './render-form.ts'

/** What an invoke is answered with: the body of the HTTP response, if it has one. */
export type InvokeBody = object | undefined

const adaptiveCard = 'application/vnd.microsoft.card.adaptive'

/** Takes the place of the card, for the person who pressed. */
export const cardAnswer = (card: AdaptiveCard): InvokeBody => ({
  statusCode: 200,
  type: adaptiveCard,
  value: card,
})

/** A line that only the person who pressed sees; never an empty one, which Teams takes for a failure. */
export const popUp = (text: string): InvokeBody => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.activity.message',
  value: cut(text, limits.popUpChars),
})

/** Opens a dialog with a form, or shows the next one in the open dialog. */
export const formDialog = (form: Form, state: FormState): InvokeBody =>
  dialog(form.title, renderForm(form, state))

/** Shows a view in a dialog: to one person only. */
export const viewDialog = (view: View, message?: string): InvokeBody =>
  dialog(view.summary, renderInDialog(view, message))

/** What went wrong with a form that was sent off, and a button that sends it once more, as it was filled in. */
export const resendDialog = (view: View, label: string, submitted: Submitted): InvokeBody => {
  const data = resendData(submitted)
  const again = { type: 'Action.Submit', title: titled(label), style: 'positive', data } as const
  return dialog(view.summary, { ...renderInDialog(view, submitted.message), actions: [again] })
}

/** The same as a message: with mistakes, and a button that opens the form with what was typed. */
export const reopenMessage = (view: View, label: string, { openedBy, values }: Submitted): AdaptiveCard => {
  const data = taskFetchData(openedBy, values)
  const open = { type: 'Action.Submit', title: titled(label), style: 'positive', data } as const
  return { ...renderMessage(view), actions: [{ ...open, associatedInputs: 'none' }] }
}

/** Closes the dialog. */
export const closed: InvokeBody = undefined

const TITLE_CHARS = 60

const dialog = (title: string, card: AdaptiveCard): InvokeBody => ({
  task: {
    type: 'continue',
    value: {
      title: cut(title, TITLE_CHARS),
      height: 'medium',
      width: 'medium',
      card: { contentType: adaptiveCard, content: card },
    },
  },
})

/** The view as a pop-up's plain text, if it is nothing but a short text. */
export function asLine(view: View): string | undefined {
  const texts: string[] = []
  for (const block of view.blocks) {
    if (block.type !== 'text' && block.type !== 'context') return undefined
    texts.push(plainText(block.text))
  }
  const line = texts.join('\n')
  return line.length <= limits.popUpChars ? line : undefined
}
