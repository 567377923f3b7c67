import type { CustomSeriesOption } from 'echarts'
import type { Drawing } from './drawing.ts'
import { INK, LANE, LINE, MARK, PAPER, SOFT_INK, barAt, font, markAt, noMarkAt, textAt } from './look.ts'
import type { Piece } from './look.ts'
import type { Position, Positions } from './positions.ts'
import { linesOf, widthOf } from './text.ts'

// A small picture can be read on a telephone without opening it; a large one needs more room.
const SMALL = { rows: 6, width: 512, labels: 0.37 }
const LARGE = { width: 720, labels: 0.4 }
const MARGIN = 14
const CHANGE = 40
const LANE_HEIGHT = 26

const TITLE = { size: 17, line: 22, most: 2 }
const HEAD = { size: 11, line: 14, most: 4 }
const LABEL = { size: 13, line: 16, most: 4 }
const NOTE = { size: 11, line: 14, most: 2 }

const SYMBOLS = { higher: '▲', lower: '▼', same: '≈' }

/** A row whose texts are broken into lines. */
interface Row extends Omit<Position, 'label' | 'notes'> {
  label: string[]
  notes: string[]
}

/** The picture as a chart. Pure: what is not in the model is not in the picture. */
export function drawingOf(model: Positions): Drawing {
  const { width, labels } = model.rows.length > SMALL.rows ? LARGE : SMALL
  const isMirrored = model.direction === 'rtl'
  const inner = width - 2 * MARGIN
  const labelWidth = Math.round(width * labels)
  const side = model.rows.some(({ change }) => change) ? CHANGE : MARGIN
  const columnWidth = (width - MARGIN - labelWidth - side) / model.columns.length

  // Words of the other direction keep their place inside a line. And no line is ever just `__proto__`: the library keeps
  // what it has measured in a plain object, by the text.
  const inOrder = (line: string): string => `${isMirrored ? '\u2067' : '\u2066'}${line}\u2069`
  const broken = (text: string, room: number, { size, most }: typeof NOTE, isBold = false): string[] =>
    linesOf(text, room, size, most, isBold).map(inOrder)

  const title = broken(model.title, inner, TITLE, true)
  const headRoom = columnWidth - 10
  const words = model.columns.flatMap((text) => text.split(' '))
  const headSize = Math.min(HEAD.size, ...words.map((word) => headRoom / widthOf(word, 1, true)))
  const head = model.columns.map((text) => broken(text, headRoom, { ...HEAD, size: headSize }, true))
  const foot = broken(model.foot, inner, { ...NOTE, most: 4 })
  const rows = model.rows.map((row): Row => ({
    ...row,
    label: broken(row.label, labelWidth - 10, LABEL, true),
    notes: row.notes.flatMap((note) => broken(note, labelWidth - 10, NOTE)),
  }))

  const top = MARGIN + title.length * TITLE.line + 18 + longest(head) * HEAD.line
  const bottom = foot.length * NOTE.line + MARGIN + 10
  const rowHeight = Math.max(LANE_HEIGHT + 12, ...rows.map((row) => textHeight(row) + 12))
  const start = MARGIN + labelWidth
  const edge = isMirrored ? width - MARGIN : MARGIN
  const align = isMirrored ? 'right' : 'left'

  const renderItem: CustomSeriesOption['renderItem'] = ({ dataIndex }, api) => {
    const row = rows[dataIndex]
    if (!row) return null
    const xOf = (column: number): number => api.coord([column, dataIndex])[0] ?? 0
    const y = api.coord([0, dataIndex])[1] ?? 0
    const across = Math.min(xOf(0), xOf(model.columns.length - 1)) - columnWidth / 2
    const lane: Piece = {
      type: 'rect',
      shape: {
        x: across + 4,
        y: y - LANE_HEIGHT / 2,
        width: columnWidth * model.columns.length - 8,
        height: LANE_HEIGHT,
        r: LANE_HEIGHT / 2,
      },
      style: { fill: LANE },
    }
    const symbol = row.change && SYMBOLS[row.change]
    const children = [
      lane,
      ...labelOf(row, edge, y, align),
      ...(row.column === undefined
        ? [noMarkAt(across + (columnWidth * model.columns.length) / 2, y)]
        : positionOf(row, xOf(row.column), y, columnWidth)),
      ...(symbol
        ? [
            textAt(symbol, isMirrored ? side / 2 : width - side / 2, y, 'center', {
              ...font(16, 'bold'),
              fill: INK,
            }),
          ]
        : []),
    ]
    // The library knows more kinds of pieces than its types can tell apart.
    return { type: 'group', children } as ReturnType<NonNullable<CustomSeriesOption['renderItem']>>
  }

  const caption = { left: edge, textAlign: align, padding: 0 } as const
  const axis = { axisLine: { show: false }, axisTick: { show: false } }
  const splitLine = { show: true, interval: 0, lineStyle: { color: LINE } }
  return {
    width,
    height: top + rows.length * rowHeight + bottom,
    option: {
      animation: false,
      backgroundColor: PAPER,
      title: [
        {
          ...caption,
          text: title.join('\n'),
          top: MARGIN,
          textStyle: { ...font(TITLE.size, 'bold'), color: INK, lineHeight: TITLE.line },
        },
        {
          ...caption,
          text: foot.join('\n'),
          bottom: MARGIN,
          textStyle: { ...font(NOTE.size), color: SOFT_INK, lineHeight: NOTE.line },
        },
      ],
      grid: { left: isMirrored ? side : start, right: isMirrored ? start : side, top, bottom },
      xAxis: {
        ...axis,
        type: 'category',
        position: 'top',
        inverse: isMirrored,
        data: head.map((lines) => lines.join('\n')),
        splitLine,
        axisLabel: {
          ...font(headSize, 'bold'),
          color: INK,
          lineHeight: HEAD.line,
          interval: 0,
          margin: 8,
        },
      },
      yAxis: {
        ...axis,
        type: 'category',
        inverse: true,
        data: rows.map((_, index) => index),
        splitLine,
        axisLabel: { show: false },
      },
      series: [
        { type: 'custom', clip: false, silent: true, data: rows.map((_, index) => [0, index]), renderItem },
      ],
    },
  }
}

const longest = (texts: string[][]): number => Math.max(...texts.map(({ length }) => length))

const textHeight = ({ label, notes }: Row): number => label.length * LABEL.line + notes.length * NOTE.line

function labelOf(row: Row, x: number, middle: number, align: 'left' | 'right'): Piece[] {
  const top = middle - textHeight(row) / 2
  const below = top + row.label.length * LABEL.line
  return [
    ...row.label.map((line, index) =>
      textAt(line, x, top + (index + 0.5) * LABEL.line, align, { ...font(LABEL.size, 'bold'), fill: INK }),
    ),
    ...row.notes.map((line, index) =>
      textAt(line, x, below + (index + 0.5) * NOTE.line, align, { ...font(NOTE.size), fill: SOFT_INK }),
    ),
  ]
}

function positionOf({ column = 0, spread, value }: Row, x: number, y: number, width: number): Piece[] {
  const bar = spread ? barAt(x, y, spread === 'wide' ? width / 2 - 10 : MARK + 7) : []
  const style = { ...font(12, 'bold'), fill: INK }
  // Beside the mark, or below it where the bar is in the way.
  const number = spread
    ? textAt(value ?? '', x, y + LANE_HEIGHT / 2 + 9, 'center', style)
    : textAt(value ?? '', x + MARK + 5, y, 'left', style)
  return [...bar, markAt(column, x, y), ...(value ? [number] : [])]
}
