import { stringify } from 'csv-stringify/sync'
import { localDate, toInstant } from '../kernel/clock.ts'
import type { Translator } from '../i18n/texts.ts'
import { isOwn, itemOf } from './content.ts'
import type { WaveDoc } from './model.ts'
import { statementOf } from './wording.ts'

/** Formats in which coordinators take released results with them. */
export const FORMATS = ['csv', 'json'] as const
export type Format = (typeof FORMATS)[number]

/** One statement of one closed wave: what was released of it, and nothing else. */
interface Row {
  /** Local day of the closing, ISO: never the hour. */
  closed: string
  item: string
  element: string
  statement: string
  band?: string
  spread?: string
  mean?: number
}

/**
 * The released results of closed waves, in the reader's language.
 * @param waves closed, in the order in which they are to stand
 * @param zone IANA zone of the network
 */
export function exported(waves: WaveDoc[], format: Format, t: Translator, zone: string): string {
  const rows = waves.flatMap((wave) => rowsOf(wave, t, zone))
  return format === 'csv' ? csvOf(rows, t) : `${JSON.stringify(rows.map(marked), null, 1)}\n`
}

/** The local day on which a wave closed, ISO. */
export function closingDay({ closesAt }: WaveDoc, zone: string): string {
  if (!closesAt) throw new Error('a pause never closes')
  return localDate(toInstant(closesAt), zone).toString()
}

function rowsOf(wave: WaveDoc, t: Translator, zone: string): Row[] {
  const closed = closingDay(wave, zone)
  const { own, result } = wave
  return (result?.items ?? []).map(({ item, band, spread, mean }) => ({
    closed,
    item,
    element: itemOf(item).element,
    statement: statementOf(item, own, t),
    ...(band && { band, spread, mean }),
  }))
}

/** For programs: ids instead of words, and a clear sign where there is nothing. */
const marked = (row: Row) => ({ ...row, result: row.band ? 'released' : 'withheld' })

/** For spreadsheets, as those of the reader's language open them; nothing in it is taken for a formula. */
function csvOf(rows: Row[], t: Translator): string {
  const columns = ['closed', 'element', 'statement', 'band', 'spread', 'mean'] as const
  const body = rows.map(({ closed, item, element, statement, band, spread, mean }) => [
    closed,
    isOwn(item) ? t.plain('pulse-export:own') : t.plain(`pulse-content:elements.${element}.name`),
    statement,
    band ? t.plain(`pulse-content:bands.${band}.name`) : t.plain('pulse-export:withheld'),
    spread ? t.plain(`pulse-content:spread.${spread}`) : '',
    mean === undefined ? '' : t.number(mean),
  ])
  // Where numbers have a comma, spreadsheets expect semicolons between the cells.
  const delimiter = t.number(0.5).includes(',') ? ';' : ','
  return stringify([columns.map((column) => t.plain(`pulse-export:columns.${column}`)), ...body], {
    bom: true,
    delimiter,
    escape_formulas: true,
    quoted: true,
    quoted_empty: true,
  })
}
