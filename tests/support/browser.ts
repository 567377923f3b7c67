import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * Where a Chromium is: `CHROMIUM_PATH`, or where distributions put it. Undefined where there is none: then tests of
 * pages are left out, and say so, except in CI.
 * @throws Error in CI (`CI=true`) where there is none, so that nothing is left out unnoticed
 */
export function findChromium(): string | undefined {
  const found = [process.env.CHROMIUM_PATH, ...USUAL_PLACES].find((path) => path && existsSync(path))
  if (found) return found
  const reason = `no Chromium at CHROMIUM_PATH, ${USUAL_PLACES.join(', ')}`
  if (process.env.CI === 'true') throw new Error(reason)
  process.stderr.write(
    `\nTests in a browser are LEFT OUT: ${reason}. Install it with "apt-get install chromium".\n\n`,
  )
  return undefined
}

/** Starts the Chromium without anything that would speak to the outside. The caller closes it. */
export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
