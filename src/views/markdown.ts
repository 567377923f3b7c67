/**
 * The text of views: a small subset of Markdown.
 * `**bold**`, `_italic_`, line breaks, and lines that begin with `- ` as list items. No links, no mentions, no
 * headings: what is not in the subset is shown as it stands. User text enters through `escapeMarkdown` only.
 */
export type Markdown = string

export interface Span {
  text: string
  bold?: boolean
  italic?: boolean
}

/** One paragraph or list item; an empty paragraph is a blank line. */
export interface Line {
  kind: 'paragraph' | 'item'
  spans: Span[]
}

/** Makes any text safe to stand inside Markdown: it is shown literally, on one or several lines. */
export function escapeMarkdown(text: string): Markdown {
  // Blanks of one line only: looking across empty lines would take time by the square of their number.
  return text.replace(/[\\*_]/g, '\\$&').replace(/^([^\S\r\n\u2028\u2029]*)- /gm, '$1\\- ')
}

/** Takes apart a text of the subset. Never throws: unmatched marks are literal characters. */
export function parseMarkdown(text: Markdown): Line[] {
  return text.split('\n').map((raw) => {
    const item = raw.startsWith('- ')
    return { kind: item ? 'item' : 'paragraph', spans: parseSpans(item ? raw.slice(2) : raw) }
  })
}

/** The text without its marks: for notifications and text alternatives. */
export const plainText = (text: Markdown): string =>
  parseMarkdown(text)
    .map((line) => (line.kind === 'item' ? '• ' : '') + line.spans.map((span) => span.text).join(''))
    .join('\n')

// One pass, no regular expression over the whole text: linear for any input.
function parseSpans(text: string): Span[] {
  const spans: Span[] = []
  let current = ''
  let bold = false
  let italic = false
  const flush = (): void => {
    if (current) spans.push({ text: current, ...(bold && { bold }), ...(italic && { italic }) })
    current = ''
  }
  // Where the last mark of each kind stands; a mark with no partner after it is literal.
  const lastBold = lastMark(text, '**')
  const lastItalic = lastMark(text, '_')
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '\\' && i + 1 < text.length) {
      current += text[++i]
    } else if (char === '*' && text[i + 1] === '*' && (bold || i < lastBold)) {
      flush()
      bold = !bold
      i++
    } else if (char === '_' && (italic || i < lastItalic)) {
      flush()
      italic = !italic
    } else {
      current += char
    }
  }
  flush()
  return spans
}

function lastMark(text: string, mark: string): number {
  let last = -1
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text.startsWith(mark, i)) {
      last = i
      i += mark.length - 1
    }
  }
  return last
}
