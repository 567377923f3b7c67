import { readFile, rm } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

// Within the project, so that its packages are found.
const FOLDER = `node_modules/.cache/linkpin-chaos-${process.pid}`

let building: Promise<unknown> | undefined

/** The replica's program in one file, which starts in half the time: there are many starts. Packages stay what they are. */
export async function program(): Promise<{ replica: string; killedAtCommit: string }> {
  building ??= build({
    entryPoints: ['tests/chaos/replica.ts', 'tests/chaos/killed-at-commit.ts'],
    outdir: FOLDER,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
    plugins: [{ name: 'files are where they were', setup: (to) => to.onLoad({ filter: /\.ts$/ }, inPlace) }],
  })
  await building
  return { replica: `${FOLDER}/replica.mjs`, killedAtCommit: `./${FOLDER}/killed-at-commit.mjs` }
}

async function inPlace({ path }: { path: string }) {
  const own = JSON.stringify(pathToFileURL(path).href)
  return {
    contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', own),
    loader: 'ts' as const,
  }
}

export const removeProgram = (): Promise<void> => rm(FOLDER, { recursive: true, force: true })
