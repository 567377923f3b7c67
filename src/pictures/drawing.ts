import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { EChartsOption } from 'echarts'

/** A chart, and the size it is laid out for (pixels). */
export interface Drawing {
  width: number
  height: number
  option: EChartsOption
}

/** No platform takes more than that a side. */
const MOST_PIXELS = 1024

export interface Artist {
  /** The same drawing gives the same text. */
  svg(drawing: Drawing): string
  /** The same SVG gives the same bytes, at most 1024 pixels a side. */
  png(svg: string, size: Pick<Drawing, 'width' | 'height'>): Uint8Array
}

let artist: Promise<Artist> | undefined

/** Loads the charting library, the rasteriser and the fonts when the first picture is drawn. */
export function loadArtist(): Promise<Artist> {
  // What failed to load is tried again with the next picture.
  artist ??= load().catch((error: unknown) => {
    artist = undefined
    throw error
  })
  return artist
}

async function load(): Promise<Artist> {
  const require = createRequire(import.meta.url)
  const [echarts, resvg, wasm, ...fontBuffers] = await Promise.all([
    import('echarts/dist/echarts.esm.min.mjs'),
    import('@resvg/resvg-wasm'),
    readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
    readFile(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
    readFile(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
  ])
  await resvg.initWasm(wasm)
  return {
    svg({ width, height, option }) {
      const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
      try {
        chart.setOption(option)
        // What happens under a pointer is of no use here, and is numbered through the life of the process.
        return chart
          .renderToSVGString()
          .replace(/<style[^]*?<\/style>/g, '')
          .replace(/ class="[^"]*"/g, '')
          .replace(/zr\d+-/g, 'zr-')
      } finally {
        chart.dispose()
      }
    },
    png(svg, { width, height }) {
      const zoom = { mode: 'zoom' as const, value: MOST_PIXELS / Math.max(width, height) }
      const picture = new resvg.Resvg(svg, {
        fitTo: zoom,
        font: { fontBuffers, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
      })
      try {
        const rendered = picture.render()
        try {
          return rendered.asPng()
        } finally {
          rendered.free()
        }
      } finally {
        picture.free()
      }
    },
  }
}
