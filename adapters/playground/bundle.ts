import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** A file of the page, held in memory. */
interface Asset {
  body: Buffer
  type: string
  etag: string
}

const page = (name: string): string => fileURLToPath(new URL(`page/${name}`, import.meta.url))

const asset = (body: Buffer, type: string): Asset => ({
  body,
  type,
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
})

let bundled: Promise<Record<string, Asset>> | undefined

/**
 * The page as three files: `index.html`, `main.js`, `style.css`. Built once per process, nothing is written to disk.
 * @throws Error where the page does not compile
 */
export function bundle(): Promise<Record<string, Asset>> {
  bundled ??= buildPage()
  return bundled
}

async function buildPage(): Promise<Record<string, Asset>> {
  const result = await build({
    entryPoints: [page('main.tsx'), page('style.css')],
    outdir: page('.'),
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  })
  const built = (name: string): Buffer => {
    const file = result.outputFiles.find(({ path }) => path === page(name))
    if (!file) throw new Error(`the page has no ${name}`)
    return Buffer.from(file.contents)
  }
  return {
    'index.html': asset(await readFile(page('index.html')), 'text/html; charset=utf-8'),
    'main.js': asset(built('main.js'), 'text/javascript; charset=utf-8'),
    'style.css': asset(built('style.css'), 'text/css; charset=utf-8'),
  }
}
