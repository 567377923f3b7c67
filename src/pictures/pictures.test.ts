import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createLogger } from '../kernel/logger.ts'
import { loadArtist } from './drawing.ts'
import { drawingOf } from './layout.ts'
import { createPictures } from './pictures.ts'
import { altOf, type Positions } from './positions.ts'

const model: Positions = {
  title: 'What we said together',
  direction: 'ltr',
  columns: ['Worth a conversation soon', 'Mixed picture', 'Steady for now'],
  rows: [
    { label: 'Trust', column: 2, spread: 'close', value: '3.9', notes: ['Most agree'] },
    { label: 'Common goals', column: 0, spread: 'wide', notes: ['Opinions differ widely'] },
    { label: 'Clear roles', notes: ['Too few answers'] },
  ],
  foot: 'Answers: 5 or more',
}
const arabic: Positions = {
  ...model,
  title: 'ما قلناه معًا',
  direction: 'rtl',
  columns: ['يستحق حديثًا قريبًا', 'صورة مختلطة', 'مستقر حاليًا'],
  rows: [{ label: 'الثقة بين الشركاء', column: 0, spread: 'wide', notes: ['الآراء مختلفة جدًا'] }],
}

const artist = await loadArtist()
const svgOf = (one: Positions): string => artist.svg(drawingOf(one))
const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text.replace(/[\u2066-\u2069]/g, ''),
  )
/** Width and height, as a PNG says them. */
const sizeOf = (png: Uint8Array): [number, number] => {
  const view = new DataView(png.buffer, png.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}
const pngOf = (one: Positions): Uint8Array => {
  const drawing = drawingOf(one)
  return artist.png(artist.svg(drawing), drawing)
}

describe('a picture', () => {
  test('is a PNG of at most 1024 pixels and one megabyte, the same every time', async () => {
    const pictures = createPictures(createLogger('silent'))
    const [picture] = await pictures.positions(model)
    const [again] = await createPictures(createLogger('silent')).positions(model)
    expect(again).toEqual(picture)
    expect(svgOf(model)).toBe(svgOf(model))
    const png = Buffer.from(picture!.png, 'base64')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(Math.max(...sizeOf(png))).toBe(1024)
    expect(png.length).toBeLessThan(1_000_000)
  })

  test('says everything in its alternative too, and nothing more', () => {
    const alt = altOf(model)
    expect(alt).toBe(
      'What we said together. Trust: Steady for now, 3.9, Most agree. ' +
        'Common goals: Worth a conversation soon, Opinions differ widely. Clear roles: Too few answers. Answers: 5 or more.',
    )
    for (const word of texts(svgOf(model)).flatMap((text) => text.split(' ')))
      expect(alt + model.columns.join()).toContain(word)
  })

  test('tells its steps apart by place and shape, not by colour alone', () => {
    const shapes = model.columns.map((_, column) => {
      const svg = svgOf({ ...model, rows: [{ label: 'Trust', column, notes: [] }] })
      const [mark = ''] = [...svg.matchAll(/<[^>]*stroke-width="1.6"[^>]*>/g)].map(([found]) => found)
      return /^<path/.test(mark) ? 'square' : /^<(\w+)/.exec(mark)?.[1]
    })
    expect(shapes).toEqual(['polygon', 'square', 'circle'])
  })

  test('can be read in light and dark: text has 4.5 to 1 on its own paper, outlines 3 to 1', () => {
    const svg = svgOf(model)
    const paper = /<rect[^>]*fill="(#[0-9A-F]{6})"/i.exec(svg)![1]!
    const inks = [...svg.matchAll(/<text[^>]*fill="(#[0-9A-F]{6})"/gi)].map(([, ink = '']) => ink)
    expect(inks.length).toBeGreaterThan(5)
    for (const ink of new Set(inks)) expect(contrast(ink, paper)).toBeGreaterThan(4.5)
    expect(contrast('#1F2933', '#F0EEE8')).toBeGreaterThan(3)
  })

  test('is mirrored for languages that are read from right to left', () => {
    const xOf = (svg: string, text: string): number => {
      const [, x] =
        new RegExp(
          `translate\\(([\\d.]+) [\\d.]+\\)"[^>]*>[^<]*${text}|x="([\\d.]+)"[^>]*>[^<]*${text}`,
        ).exec(svg) ?? []
      return Number(x)
    }
    const [left, right] = [
      svgOf({ ...model, columns: ['A1', 'B2', 'C3'] }),
      svgOf({ ...arabic, columns: ['A1', 'B2', 'C3'] }),
    ]
    expect(xOf(left, 'A1')).toBeLessThan(xOf(left, 'C3'))
    expect(xOf(right, 'A1')).toBeGreaterThan(xOf(right, 'C3'))
    expect(right).toContain('text-anchor="end"')
    expect(left).not.toContain('text-anchor="end"')
  })

  test('breaks long texts, and cuts what has no end', () => {
    const label =
      'Donaudampfschifffahrtsgesellschaft und noch viel mehr, was niemand in eine Zeile bringt, '.repeat(3)
    const lines = texts(svgOf({ ...model, rows: [{ label, notes: [] }] }))
    expect(lines.some((line) => line.endsWith('…'))).toBe(true)
    expect(Math.max(...lines.slice(0, -3).map((line) => line.length))).toBeLessThan(30)
  })

  test('whatever people write, it is a picture and nothing else', () => {
    const text = fc.string({ unit: 'binary', maxLength: 120 })
    const row = fc.record({
      label: text,
      column: fc.integer({ min: 0, max: 2 }),
      notes: fc.array(text, { maxLength: 2 }),
    })
    const property = fc.property(text, fc.array(row, { minLength: 1, maxLength: 12 }), (title, rows) => {
      const svg = svgOf({ ...model, title, rows })
      expect(svg.match(/<\w+/g)).toEqual(svg.match(/<(svg|rect|g|path|text|polygon|circle|defs)\b/g))
      const png = pngOf({ ...model, title, rows })
      expect(Math.max(...sizeOf(png))).toBeLessThanOrEqual(1024)
    })
    const nasty = [
      '</text><script>',
      '{a|b}',
      '&amp;"\'',
      '\u0000\u0007\ud800',
      '{value}',
      '\u202e\u2067',
      '__proto__',
    ]
    for (const title of nasty) expect(pngOf({ ...model, title }).length).toBeGreaterThan(1000)
    fc.assert(property, { numRuns: 15 })
    expect(pngOf({ ...model, rows: [{ label: '__proto__', notes: ['__proto__'] }] }).length).toBeGreaterThan(
      1000,
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  test('that cannot be drawn is left out', async () => {
    const broken = { ...model, rows: [{ label: null as unknown as string, notes: [] }] }
    expect(await createPictures(createLogger('silent')).positions(broken)).toEqual([])
  })
})

function contrast(one: string, other: string): number {
  const [a, b] = [one, other].map((colour) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    }) as [number, number, number]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }) as [number, number]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}
