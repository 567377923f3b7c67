import { describe, expect, test } from '@jest/globals'
import { loadTexts } from '../i18n/texts.ts'
import { exported } from './export.ts'
import type { WaveDoc } from './model.ts'
import type { Result } from './scoring.ts'

const texts = await loadTexts('locales')
const ZONE = 'Europe/Berlin'

const wave = (items: Result['items'], own?: WaveDoc['own']): WaveDoc => ({
  _id: 'w',
  network: 'n',
  turn: 0,
  cycle: 0,
  index: 0,
  table: 'biweekly',
  state: 'closed',
  items: items.map(({ item }) => item),
  languages: ['de', 'en'],
  // In Berlin it is the next day already.
  closesAt: new Date('2026-11-29T23:30:00Z'),
  own,
  result: { items },
})
const plain = [
  wave([
    { item: 'pi-trust-1', band: 'mixed', spread: 'wide', mean: 3.4 },
    { item: 'pi-goals-1', band: 'steady' },
    { item: 'pi-roles-1' },
  ]),
]

test('CSV: one line for each statement, with nothing of what was withheld, as the reader’s spreadsheet opens it', () => {
  const english = exported(plain, 'csv', texts.in('en'), ZONE)
  expect(english.split('\n').slice(1)).toEqual([
    '"2026-11-30","Trust between partners","Partners here keep their promises.","Mixed picture","Opinions differ widely","3.4"',
    '"2026-11-30","Working towards common goals","I know what this team wants to achieve.","Steady for now","",""',
    '"2026-11-30","Clarity of roles and responsibilities","I know what this team expects of me.","withheld","",""',
    '',
  ])
  expect(exported(plain, 'csv', texts.in('de'), ZONE)).toContain(';"3,4"')
  expect(english.startsWith('\uFEFF"closed on"')).toBe(true)
})

test('JSON: ids and numbers for programs', () => {
  expect(JSON.parse(exported(plain, 'json', texts.in('en'), ZONE))).toMatchObject([
    { closed: '2026-11-30', item: 'pi-trust-1', element: 'trust', band: 'mixed', spread: 'wide', mean: 3.4 },
    { item: 'pi-goals-1', result: 'released' },
    { item: 'pi-roles-1', result: 'withheld' },
  ])
  const [, , withheld] = JSON.parse(exported(plain, 'json', texts.in('en'), ZONE)) as object[]
  expect(Object.keys(withheld ?? {})).toEqual(['closed', 'item', 'element', 'statement', 'result'])
})

describe('what looks like a formula stays text', () => {
  const canaries = ['=HYPERLINK("x","y")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1', '－1', '＠1']
  test.each(canaries)('%j', (statement) => {
    for (const language of ['en', 'de']) {
      const own = { id: 'own-1', texts: { [language]: statement } }
      const csv = exported([wave([{ item: own.id, band: 'mixed' }], own)], 'csv', texts.in(language), ZONE)
      expect(csv).toContain(`"'${statement.replaceAll('"', '""')}"`)
      expect(csv.replace('\uFEFF', '')).not.toMatch(/(^|[,;])"[=+\-@\t\r＝＋－＠]/m)
    }
  })
})
