import type { Option } from '../../src/views/view.ts'
import { parseMarkdown, type Line, type Markdown } from '../../src/views/markdown.ts'
import { encodeChoice } from './codec.ts'
import { cut, limits, type Detail } from './limits.ts'

/** The part of Adaptive Cards 1.5 that Linkpin uses. */
export interface AdaptiveCard {
  type: 'AdaptiveCard'
  $schema: string
  version: '1.5'
  fallbackText?: string
  speak?: string
  body: CardElement[]
  actions?: CardAction[]
  msteams: { width: 'Full' }
}

export interface TextRun {
  type: 'TextRun'
  text: string
  weight?: 'Bolder'
  italic?: true
  fontType?: 'Monospace'
  size?: 'Small' | 'Large'
  isSubtle?: true
  color?: 'Accent'
}

export type CardElement =
  | { type: 'RichTextBlock'; inlines: TextRun[]; spacing?: Spacing; separator?: true }
  | { type: 'Container'; items: CardElement[]; spacing?: Spacing; separator?: true }
  | { type: 'ColumnSet'; columns: Column[]; spacing?: Spacing }
  | { type: 'ActionSet'; actions: CardAction[]; spacing?: Spacing }
  | { type: 'Image'; url: string; altText: string; size: 'Stretch' }
  | CardInput

interface Column {
  type: 'Column'
  width: number
  items: CardElement[]
}

type Spacing = 'None' | 'Small' | 'Medium' | 'Large'

interface InputBase {
  id: string
  label?: string
  isRequired?: boolean
  errorMessage?: string
  value?: string
  spacing?: Spacing
}

export type CardInput =
  | (InputBase & { type: 'Input.Text'; isMultiline?: boolean; maxLength?: number })
  | (InputBase & {
      type: 'Input.ChoiceSet'
      choices: { title: string; value: string }[]
      style: 'compact' | 'expanded' | 'filtered'
      isMultiSelect?: boolean
      wrap: true
    })
  | (InputBase & { type: 'Input.Date' })
  | (InputBase & { type: 'Input.Time' })

export type CardAction =
  | {
      type: 'Action.Execute'
      title: string
      verb: string
      data: object
      style?: ActionStyle
      associatedInputs?: 'none'
      /** Read out, and shown where the pointer rests. */
      tooltip?: string
    }
  | {
      type: 'Action.Submit'
      title: string
      data: object
      style?: ActionStyle
      associatedInputs?: 'none'
      tooltip?: string
    }

type ActionStyle = 'positive' | 'destructive'

/**
 * Text that a client shows as it stands. Text runs, labels and titles know no Markdown, no mentions and no links; the
 * one thing clients still replace in them is `{{DATE(…)}}` and `{{TIME(…)}}`: an invisible word joiner between the
 * braces keeps those literal too.
 */
export const literal = (text: string): string => text.replace(/\{(?=\{(?:DATE|TIME)\()/gi, '{\u2060')

/** A card with its body. `summary` is read aloud and shown where cards cannot be. */
export const card = (body: CardElement[], summary?: string, actions?: CardAction[]): AdaptiveCard => ({
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  // `speak` may be SSML; without angle brackets and ampersands it is plain words.
  ...(summary !== undefined && { fallbackText: literal(summary), speak: summary.replace(/[<>&]/g, ' ') }),
  body,
  ...(actions && { actions }),
  msteams: { width: 'Full' },
})

type Look = Omit<TextRun, 'type' | 'text'>

/** One paragraph of literal text. */
export const paragraph = (text: string, look: Look = {}, spacing?: Spacing): CardElement => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text: literal(text), ...look }],
  ...(spacing && { spacing }),
})

/** A text of the Markdown subset as paragraphs; longer than `chars` it is cut visibly. */
export function paragraphs(text: Markdown, chars: number, look: Look = {}): CardElement[] {
  const elements: CardElement[] = []
  let left = chars
  let blank = false
  for (const line of parseMarkdown(text)) {
    if (line.spans.length === 0) {
      blank = true
      continue
    }
    if (left <= 0) {
      elements.push(paragraph('…', look, 'None'))
      break
    }
    const spacing = elements.length === 0 || blank ? undefined : line.kind === 'item' ? 'Small' : 'None'
    elements.push({
      type: 'RichTextBlock',
      inlines: inlines(line, left, look),
      ...(spacing && { spacing }),
    })
    left -= line.spans.reduce((sum, span) => sum + span.text.length, 0)
    blank = false
  }
  return elements
}

function inlines(line: Line, chars: number, look: Look): TextRun[] {
  const runs: TextRun[] = line.kind === 'item' ? [{ type: 'TextRun', text: '• ', ...look }] : []
  let left = chars
  for (const span of line.spans) {
    if (left <= 0) break
    const text = literal(cut(span.text, left))
    runs.push({
      type: 'TextRun',
      text,
      ...look,
      ...(span.bold && { weight: 'Bolder' }),
      ...(span.italic && { italic: true }),
    })
    left -= span.text.length
  }
  return runs
}

/** The title of a button or an option. */
export const titled = (text: string): string => literal(cut(text, limits.titleChars))

type ChoiceBase = Pick<CardInput, 'id' | 'label' | 'isRequired' | 'errorMessage' | 'value'>

/** A list to choose from; what is more than the detail allows is counted below it. */
export function choiceSet(
  base: ChoiceBase & { isMultiSelect?: boolean },
  options: Option[],
  detail: Detail,
): CardElement[] {
  const shown = options.slice(0, detail.options)
  const open = shown.length <= limits.choiceButtons || base.isMultiSelect
  const set: CardElement = {
    type: 'Input.ChoiceSet',
    ...base,
    choices: shown.map(({ value, label }) => ({
      title: titled(label),
      value: base.isMultiSelect ? encodeChoice(value) : value,
    })),
    style: open ? 'expanded' : shown.length > limits.searchableOptions ? 'filtered' : 'compact',
    wrap: true,
  }
  const left = options.length - shown.length
  return left > 0 ? [set, paragraph(`… +${left}`, { isSubtle: true, size: 'Small' })] : [set]
}

/** Bytes of a card or a part of it that count against the platform's limit: pictures in data URIs do not. */
export function byteSize(part: object): number {
  const text = JSON.stringify(part, (key, value) =>
    key === 'url' && String(value).startsWith('data:') ? '' : (value as unknown),
  )
  return new TextEncoder().encode(text).length
}

/** The card in the greatest detail that the platform takes; if none fits, the one in the least. */
export function firstThatFits(make: (detail: Detail) => AdaptiveCard): AdaptiveCard {
  const [most, ...less] = limits.detail
  let made = make(most)
  for (const detail of less) {
    if (byteSize(made) <= limits.cardBytes) break
    made = make(detail)
  }
  return made
}
