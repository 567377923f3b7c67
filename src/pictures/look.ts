// Dark on nearly white, like a sheet of paper: it reads the same in light and in dark clients.
export const PAPER = '#FBFAF7'
export const INK = '#1F2933'
export const SOFT_INK = '#4A5561'
export const LINE = '#D5D9DE'
export const LANE = '#F0EEE8'

// Okabe and Ito's colours, which colour-blind people tell apart. Place and shape say the same without any colour.
const ORANGE = '#E69F00'
const SKY = '#56B4E9'
const GREEN = '#009E73'

export const MARK = 9

/** A text style of the charting library. Widths in `text.ts` are this family's. */
export const font = (size: number, fontWeight: 'normal' | 'bold' = 'normal') => ({
  fontFamily: 'DejaVu Sans',
  fontSize: size,
  fontWeight,
})

/** A piece of a chart: what the library calls a graphic element. */
export interface Piece {
  type: 'rect' | 'line' | 'polygon' | 'circle' | 'text'
  shape?: Record<string, unknown>
  style: Record<string, unknown>
}

/** The mark of one of three steps, with its middle at x, y: every step has a shape and a colour of its own. */
export function markAt(step: number, x: number, y: number): Piece {
  const style = (fill: string) => ({ fill, stroke: INK, lineWidth: 1.6 })
  const far = MARK + 2
  const corners = [
    [x, y - far],
    [x + far, y],
    [x, y + far],
    [x - far, y],
  ]
  if (step === 0) return { type: 'polygon', shape: { points: corners }, style: style(ORANGE) }
  if (step > 1) return { type: 'circle', shape: { cx: x, cy: y, r: MARK + 0.5 }, style: style(GREEN) }
  const shape = { x: x - MARK, y: y - MARK, width: 2 * MARK, height: 2 * MARK, r: 2 }
  return { type: 'rect', shape, style: style(SKY) }
}

/** A bar with two ends around x, y: how far opinions reach. */
export function barAt(x: number, y: number, reach: number): Piece[] {
  const line = (x1: number, x2: number, y1: number, y2: number): Piece => ({
    type: 'line',
    shape: { x1, x2, y1, y2 },
    style: { stroke: INK, lineWidth: 2 },
  })
  return [
    line(x - reach, x + reach, y, y),
    line(x - reach, x - reach, y - 7, y + 7),
    line(x + reach, x + reach, y - 7, y + 7),
  ]
}

/** What stands where nothing is shown. */
export const noMarkAt = (x: number, y: number): Piece => ({
  type: 'line',
  shape: { x1: x - 10, x2: x + 10, y1: y, y2: y },
  style: { stroke: SOFT_INK, lineWidth: 2, lineDash: [4, 4] },
})

/** A line of text; `x` is where it begins, ends or has its middle, `y` its middle. */
export const textAt = (
  text: string,
  x: number,
  y: number,
  align: 'left' | 'right' | 'center',
  style: Record<string, unknown>,
): Piece => ({ type: 'text', style: { text, x, y, align, verticalAlign: 'middle', ...style } })
