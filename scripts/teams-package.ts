/** Builds the app package that is uploaded to Teams: `TEAMS_APP_ID=… PUBLIC_URL=https://… npm run teams:package`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { zipSync } from 'fflate'
import { z } from 'zod'

const folder = join(import.meta.dirname, '../adapters/teams/package')

const settingsSchema = z.object({
  TEAMS_APP_ID: z.guid('TEAMS_APP_ID: expected the application (client) id of the bot'),
  PUBLIC_URL: z.url({
    protocol: /^https$/,
    error: 'PUBLIC_URL: expected the https address of your Linkpin server',
  }),
})

/**
 * The package as the bytes of a zip file.
 * @param environment `TEAMS_APP_ID` and `PUBLIC_URL`; others are not looked at
 * @param version of Linkpin, such as `0.1.0`
 * @throws ZodError that says what is missing
 */
export function teamsPackage(environment: Record<string, string | undefined>, version: string): Uint8Array {
  const settings = settingsSchema.parse(environment)
  const values: Record<string, string> = {
    appId: settings.TEAMS_APP_ID,
    publicUrl: settings.PUBLIC_URL.replace(/\/+$/, ''),
    version,
  }
  const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (_, name: string) => values[name] ?? '',
  )
  return zipSync({
    'manifest.json': new TextEncoder().encode(manifest),
    ...Object.fromEntries(
      ['de.json', 'color.png', 'outline.png'].map((name) => [
        name,
        new Uint8Array(readFileSync(join(folder, name))),
      ]),
    ),
  })
}

if (process.argv[1] === import.meta.filename) {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    version: string
  }
  try {
    const target = 'dist/teams-app.zip'
    const bytes = teamsPackage(process.env, version)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, bytes)
    console.log(`${target} is ready to be uploaded to Teams.`)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    for (const { message } of error.issues) console.error(message)
    process.exitCode = 1
  }
}
