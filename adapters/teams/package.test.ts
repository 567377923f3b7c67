import { expect, test } from '@jest/globals'
import { strFromU8, unzipSync } from 'fflate'
import { teamsPackage } from '../../scripts/teams-package.ts'

const id = '11111111-2222-4333-8444-555555555555'

test('the app package holds what Teams asks for', () => {
  const files = unzipSync(
    teamsPackage({ TEAMS_APP_ID: id, PUBLIC_URL: 'https://linkpin.example.eu/' }, '0.1.0'),
  )
  expect(Object.keys(files).sort()).toEqual(['color.png', 'de.json', 'manifest.json', 'outline.png'])
  const text = strFromU8(files['manifest.json']!)
  const manifest = JSON.parse(text) as {
    bots: { botId: string }[]
    developer: { websiteUrl: string }
  } & Record<'name' | 'description', { short: string; full: string }>
  expect(text).not.toContain('{{')
  expect(manifest.bots[0]?.botId).toBe(id)
  expect(manifest.developer.websiteUrl).toBe('https://linkpin.example.eu')
  const german = JSON.parse(strFromU8(files['de.json']!)) as Record<string, string>
  for (const short of [manifest.name.short, german['name.short']!])
    expect(short.length).toBeLessThanOrEqual(30)
  for (const short of [manifest.description.short, german['description.short']!]) {
    expect(short.length).toBeLessThanOrEqual(80)
  }
  // Width and height stand in a PNG's first chunk.
  const size = (name: string) => Buffer.from(files[name]!).readUInt32BE(16)
  expect([size('color.png'), size('outline.png')]).toEqual([192, 32])
})

test('without an app id or with a plain http address it says what is missing', () => {
  expect(() => teamsPackage({ PUBLIC_URL: 'http://linkpin.example.eu' }, '0.1.0')).toThrow(
    /TEAMS_APP_ID[^]*PUBLIC_URL/,
  )
})
