import type {
  ActionsBlock,
  Button as SlackButton,
  HomeView,
  ImageBlock,
  KnownBlock,
  PlainTextOption,
} from '@slack/types'
import { plainText } from '../../src/views/markdown.ts'
import type { ActionRef, Block, Button, View } from '../../src/views/view.ts'
import { encodeAction, menuId } from './codec.ts'
import { createAllowance, fit, clean, LIMITS, type Allowance } from './limits.ts'
import { boldText, escapeMarkup, factList, fileText, label, plain, richText } from './text.ts'

export { renderForm } from './form.ts'

/** Where Slack finds a picture; undefined where it could not be brought there: then its text alternative is shown. */
export type Picture = (png: string) => { slack_file: { id: string } } | { image_url: string } | undefined

/** A message as `chat.postMessage`, `chat.update` and a `response_url` take it. */
export interface Content {
  text: string
  blocks: KnownBlock[]
}

/**
 * A view as a Slack message within Slack's limits. What is too long is cut with an ellipsis.
 * @param picture says where each picture is; without it, all are shown as their text alternatives
 * @throws RangeError where an action is too long for a button
 */
export function renderMessage(view: View, picture: Picture = () => undefined): Content {
  const allowance = createAllowance(LIMITS.messageText)
  const blocks = renderBlocks(view.blocks, LIMITS.messageBlocks, allowance, picture)
  const summary = fit(clean(view.summary), LIMITS.summary) || '–'
  return { text: escapeMarkup(summary), blocks: blocks.length ? blocks : [boldText(summary, allowance)] }
}

/** A view as the Home tab. Errors as for `renderMessage`. */
export function renderHome(view: View, picture: Picture = () => undefined): HomeView {
  return {
    type: 'home',
    blocks: renderBlocks(view.blocks, LIMITS.viewBlocks, createAllowance(Infinity), picture),
  }
}

function renderBlocks(blocks: Block[], most: number, allowance: Allowance, picture: Picture): KnownBlock[] {
  const rendered: KnownBlock[] = []
  const ids = { next: 0 }
  for (const block of blocks) {
    const more = allowance.left > 0 ? renderBlock(block, allowance, ids, picture) : undefined
    // One place is kept for the sign that something is missing.
    if (!more || rendered.length + more.length > most - 1) {
      return [...rendered, { type: 'context', elements: [{ type: 'plain_text', text: '…' }] }]
    }
    rendered.push(...more)
  }
  return rendered
}

function renderBlock(
  block: Block,
  allowance: Allowance,
  ids: { next: number },
  picture: Picture,
): KnownBlock[] {
  switch (block.type) {
    case 'heading':
      return block.text ? [{ type: 'header', text: label(block.text, LIMITS.heading, allowance) }] : []
    case 'text':
      return richText(block.text, allowance)
    case 'facts':
      return factList(block.facts, allowance)
    case 'scale': {
      const { answer } = block
      const points = block.points.map(({ value, label }) => ({ value, label: String(value), spoken: label }))
      const buttons = [...points, { value: 0, label: block.skipLabel, spoken: undefined }].map((point) => {
        const button = { ...point, action: withValue(block.action, point.value) }
        return point.value === answer ? chosen(button) : button
      })
      return [boldText(block.statement, allowance), ...rows(buttons, allowance, ids)]
    }
    case 'choice':
      return [boldText(block.question, allowance), ...renderChoice(block, allowance, ids)]
    case 'buttons':
      return rows(block.buttons, allowance, ids)
    case 'image': {
      const alt = allowance.take(block.alt, LIMITS.alt)
      const source = picture(block.png)
      return source
        ? [{ type: 'image', alt_text: alt, ...source } satisfies ImageBlock]
        : [{ type: 'context', elements: [{ type: 'plain_text', text: alt, emoji: false }] }]
    }
    case 'file':
      return fileText(block, allowance)
    case 'context':
      return block.text
        ? [{ type: 'context', elements: [plain(plainText(block.text), LIMITS.context, allowance)] }]
        : []
    case 'divider':
      return [{ type: 'divider' }]
  }
}

// Up to five options are buttons, one tap away; more are a menu.
const MOST_BUTTONS = 5

function renderChoice(
  block: Extract<Block, { type: 'choice' }>,
  allowance: Allowance,
  ids: { next: number },
): KnownBlock[] {
  const id = block.options.length > MOST_BUTTONS ? menuId(ids.next++, block.action) : undefined
  if (!id) {
    const buttons = block.options.map((option) => {
      const button: Button = { label: option.label, action: withValue(block.action, option.value) }
      return option.value === block.chosen ? chosen(button) : button
    })
    return rows(buttons, allowance, ids)
  }
  const options = block.options.slice(0, LIMITS.options).map((option): PlainTextOption => ({
    value: fit(option.value, LIMITS.optionValue),
    text: label(option.label, LIMITS.label, allowance),
  }))
  const initial = options[block.options.findIndex(({ value }) => value === block.chosen)]
  return [
    {
      type: 'actions',
      elements: [
        { type: 'static_select', action_id: id, options, ...(initial && { initial_option: initial }) },
      ],
    },
  ]
}

const withValue = (action: ActionRef, value: string | number): ActionRef => ({
  ...action,
  args: { ...action.args, value },
})

const chosen = <B extends Button & { spoken?: string }>(button: B): B => ({
  ...button,
  label: `✓ ${button.label}`,
  ...(button.spoken && { spoken: `✓ ${button.spoken}` }),
  style: 'primary',
})

function rows(
  buttons: (Button & { spoken?: string })[],
  allowance: Allowance,
  ids: { next: number },
): ActionsBlock[] {
  const elements = buttons.map((button): SlackButton => ({
    type: 'button',
    action_id: `a${ids.next++}`,
    text: label(button.label, LIMITS.label, allowance),
    value: encodeAction(button.action),
    ...(button.style && { style: button.style }),
    ...(button.spoken && { accessibility_label: fit(button.spoken, LIMITS.label) }),
  }))
  return Array.from({ length: Math.ceil(elements.length / LIMITS.buttonsInRow) }, (_, row) => ({
    type: 'actions',
    elements: elements.slice(row * LIMITS.buttonsInRow, (row + 1) * LIMITS.buttonsInRow),
  }))
}
