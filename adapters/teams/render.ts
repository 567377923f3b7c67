import type { ActionRef, Block, Button, View } from '../../src/views/view.ts'
import { byteSize, card, choiceSet, firstThatFits, literal, paragraph, paragraphs, titled } from './card.ts'
import type { AdaptiveCard, CardAction, CardElement } from './card.ts'
import { dialogPressData, executeData, taskFetchData } from './codec.ts'
import { cut, limits, type Detail } from './limits.ts'

export { renderForm } from './render-form.ts'

/** Where a view is shown: in a conversation, or in a dialog (which knows only `Action.Submit`). */
type Surface = { dialog: false } | { dialog: true; message?: string }

interface Making {
  surface: Surface
  detail: Detail
  /** Makes input ids unique within the card. */
  inputs: number
}

/** A view as the Adaptive Card of a message. Pure; what does not fit is cut visibly. */
export const renderMessage = (view: View): AdaptiveCard => fit(view, { dialog: false })

/**
 * A view as the content of a dialog: an answer that only one person sees.
 * @param message the sealed id of the message the dialog was opened from, if there is one
 */
export const renderInDialog = (view: View, message?: string): AdaptiveCard =>
  fit(view, { dialog: true, message })

function fit(view: View, surface: Surface): AdaptiveCard {
  const summary = cut(view.summary, limits.summaryChars)
  const make = (detail: Detail): AdaptiveCard =>
    card(elementsOf(view, { surface, detail, inputs: 0 }), summary)
  const made = firstThatFits(make)
  if (byteSize(made) <= limits.cardBytes) return made
  // Even with short texts it is too much: the end is left out, visibly.
  let left = limits.cardBytes - byteSize(card([paragraph('…')], summary))
  const body = made.body.filter((element) => (left -= byteSize(element) + 1) > 0)
  return card([...body, paragraph('…')], summary)
}

// A divider is the line above what follows it.
function elementsOf(view: View, making: Making): CardElement[] {
  const elements: CardElement[] = []
  let divided = false
  for (const block of view.blocks) {
    if (block.type === 'divider') {
      divided = true
      continue
    }
    const items = elementsOfBlock(block, making)
    if (items.length === 0) continue
    elements.push(...(divided ? [{ type: 'Container' as const, items, separator: true as const }] : items))
    divided = false
  }
  return elements
}

function elementsOfBlock(block: Exclude<Block, { type: 'divider' }>, making: Making): CardElement[] {
  switch (block.type) {
    case 'heading':
      return [paragraph(cut(block.text, limits.labelChars), { weight: 'Bolder', size: 'Large' })]
    case 'text':
      return paragraphs(block.text, making.detail.chars)
    case 'context':
      return paragraphs(block.text, making.detail.chars, { isSubtle: true, size: 'Small' })
    case 'facts':
      return block.facts.map(({ label, value }) => factRow(label, value, making.detail.chars))
    case 'image':
      return block.png.length * 0.75 > limits.pictureBytes
        ? [paragraph(cut(block.alt, making.detail.chars), { italic: true })]
        : [
            {
              type: 'Image',
              url: `data:image/png;base64,${block.png}`,
              altText: literal(cut(block.alt, making.detail.chars)),
              size: 'Stretch',
            },
          ]
    case 'file':
      return [
        paragraph(cut(block.name, limits.labelChars), { weight: 'Bolder' }),
        paragraph(cut(block.content, making.detail.chars * limits.fileFactor), { fontType: 'Monospace' }),
      ]
    case 'buttons':
      return actionRows(block.buttons.map((button) => buttonAction(button, making.surface)))
    case 'scale': {
      const points = block.points.map(({ value, label }) => ({ value, label: String(value), spoken: label }))
      const all = [...points, { value: 0, label: block.skipLabel, spoken: undefined }]
      return [
        paragraph(cut(block.statement, making.detail.chars), { weight: 'Bolder' }),
        ...actionRows(
          all.map(({ value, label, spoken }) => ({
            ...answerAction(label, withValue(block.action, value), value === block.answer, making.surface),
            ...(spoken && { tooltip: cut(spoken, limits.labelChars) }),
          })),
        ),
      ]
    }
    case 'choice':
      return [
        paragraph(cut(block.question, making.detail.chars), { weight: 'Bolder' }),
        ...choice(block, making),
      ]
  }
}

// No FactSet: it formats Markdown.
const factRow = (label: string, value: string, chars: number): CardElement => ({
  type: 'ColumnSet',
  spacing: 'Small',
  columns: [
    { type: 'Column', width: 1, items: [paragraph(cut(label, limits.labelChars), { weight: 'Bolder' })] },
    { type: 'Column', width: 2, items: [paragraph(cut(value, chars))] },
  ],
})

function actionRows(actions: CardAction[]): CardElement[] {
  const rows: CardElement[] = []
  for (let start = 0; start < actions.length; start += limits.buttonsPerRow) {
    rows.push({ type: 'ActionSet', actions: actions.slice(start, start + limits.buttonsPerRow) })
  }
  return rows
}

const withValue = (ref: ActionRef, value: string | number): ActionRef => ({
  name: ref.name,
  args: { ...ref.args, value },
})

function buttonAction(button: Button, surface: Surface): CardAction {
  const title = titled(button.label)
  const style =
    button.style === 'primary' ? 'positive' : button.style === 'danger' ? 'destructive' : undefined
  if (!surface.dialog && button.opensForm) {
    return {
      type: 'Action.Submit',
      title,
      data: taskFetchData(button.action),
      associatedInputs: 'none',
      style,
    }
  }
  return { ...press(title, button.action, surface), style, associatedInputs: 'none' }
}

const answerAction = (label: string, ref: ActionRef, given: boolean, surface: Surface): CardAction => ({
  ...press(titled(given ? `✓ ${label}` : label), ref, surface),
  associatedInputs: 'none',
  ...(given && { style: 'positive' }),
})

const press = (title: string, ref: ActionRef, surface: Surface, input?: string): CardAction =>
  surface.dialog
    ? { type: 'Action.Submit', title, data: dialogPressData(ref, input, surface.message) }
    : { type: 'Action.Execute', title, verb: ref.name, data: executeData(ref, input) }

// Understood in every language; the renderer knows none.
const CHOOSE = 'OK'

function choice(block: Extract<Block, { type: 'choice' }>, making: Making): CardElement[] {
  if (block.options.length <= limits.choiceButtons) {
    return actionRows(
      block.options.map(({ value, label }) =>
        answerAction(label, withValue(block.action, value), value === block.chosen, making.surface),
      ),
    )
  }
  const id = `choice${making.inputs++}`
  // The client's own check knows no language: it points at the question. Nothing is sent before an option is chosen.
  const required = { isRequired: true, errorMessage: `→ ${block.question}` }
  const list = choiceSet({ id, value: block.chosen, ...required }, block.options, making.detail)
  return [...list, { type: 'ActionSet', actions: [press(CHOOSE, block.action, making.surface, id)] }]
}
