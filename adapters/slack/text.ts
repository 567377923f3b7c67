import type { PlainTextElement, RichTextBlock, RichTextSection, RichTextText } from '@slack/types'
import { parseMarkdown, type Markdown, type Span } from '../../src/views/markdown.ts'
import { LIMITS, type Allowance } from './limits.ts'

/** Plain text: Slack shows it as it stands, without mentions, links or emoji codes. */
export const plain = (text: string, limit: number, allowance: Allowance): PlainTextElement => ({
  type: 'plain_text',
  text: allowance.take(text, limit),
  emoji: false,
})

/** The same on one line: for headings, labels and options. */
export const label = (text: string, limit: number, allowance: Allowance): PlainTextElement =>
  plain(text.replace(/\s+/g, ' ').trim(), limit, allowance)

/** For the one field that Slack still reads as markup: a message's notification text. */
export const escapeMarkup = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/**
 * Markdown as rich text. Its text elements are literal on Slack: nothing inside them can mention, link or format.
 * An empty text gives no block.
 */
export function richText(text: Markdown, allowance: Allowance): RichTextBlock[] {
  const parts: RichTextBlock['elements'] = []
  const block: { left: number } = { left: LIMITS.text }
  for (const { kind, spans } of parseMarkdown(text)) {
    if (block.left === 0 || allowance.left === 0) break
    const last = parts.at(-1)
    const elements = spansOf(spans, block, allowance)
    if (kind === 'item') {
      const item: RichTextSection = {
        type: 'rich_text_section',
        elements: elements.length ? elements : [literal(' ')],
      }
      if (last?.type === 'rich_text_list') last.elements.push(item)
      else parts.push({ type: 'rich_text_list', style: 'bullet', elements: [item] })
    } else if (last?.type === 'rich_text_section') {
      last.elements.push(literal('\n'), ...elements)
    } else if (elements.length) {
      parts.push({ type: 'rich_text_section', elements })
    }
  }
  return parts.length ? [{ type: 'rich_text', elements: parts }] : []
}

/** One paragraph in bold: for statements and questions. */
export const boldText = (text: string, allowance: Allowance): RichTextBlock => ({
  type: 'rich_text',
  elements: [
    { type: 'rich_text_section', elements: [literal(allowance.take(text, LIMITS.text), { bold: true })] },
  ],
})

/** "label: value" lines; the label is bold. */
export function factList(facts: { label: string; value: string }[], allowance: Allowance): RichTextBlock[] {
  const block: { left: number } = { left: LIMITS.text }
  const lines = facts.map(({ label, value }) =>
    spansOf([{ text: `${label}: `, bold: true }, { text: value }], block, allowance),
  )
  const elements = lines.flatMap((line, index) => (index && line.length ? [literal('\n'), ...line] : line))
  return elements.length ? [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }] : []
}

/** A file as its name and its content, which Slack shows in letters of one width. */
export function fileText(file: { name: string; content: string }, allowance: Allowance): RichTextBlock[] {
  const blocks = [boldText(file.name, allowance)]
  // Whole lines, as many as one element holds.
  const parts: string[] = []
  for (const line of file.content.split('\n')) {
    const last = parts.at(-1)
    if (last !== undefined && last.length + line.length < LIMITS.text)
      parts[parts.length - 1] = `${last}\n${line}`
    else parts.push(line)
  }
  for (const part of parts) {
    if (allowance.left === 0) break
    const elements = [literal(allowance.take(part, LIMITS.text))]
    blocks.push({ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] })
  }
  return blocks
}

const literal = (text: string, style?: RichTextText['style']): RichTextText => ({
  type: 'text',
  text,
  ...(style && { style }),
})

function spansOf(spans: Span[], block: { left: number }, allowance: Allowance): RichTextText[] {
  const elements: RichTextText[] = []
  for (const { text, bold, italic } of spans) {
    if (block.left === 0 || allowance.left === 0) break
    const shown = allowance.take(text, block.left)
    block.left = Math.max(0, block.left - shown.length)
    elements.push(
      literal(shown, bold || italic ? { ...(bold && { bold }), ...(italic && { italic }) } : undefined),
    )
  }
  return elements
}
