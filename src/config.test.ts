import { describe, expect, test } from '@jest/globals'
import { ConfigError, readConfig } from './config.ts'

const mistakes = (env: Record<string, string>): string[] => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
}

describe('the configuration', () => {
  test('nothing set: an embedded store and the playground, on this machine only', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      store: { dataFolder: 'data' },
      playground: { networkFile: 'examples/rheinfurt.yaml' },
      slack: undefined,
      teams: undefined,
    })
  })

  test('a real platform switches the playground off, unless asked for', () => {
    const teams = { TEAMS_APP_ID: 'app', TEAMS_APP_PASSWORD: 'secret' }
    expect(readConfig(teams)).toMatchObject({ host: '0.0.0.0', playground: undefined })
    expect(readConfig({ ...teams, PLAYGROUND: 'on' })).toMatchObject({
      host: '127.0.0.1',
      playground: { networkFile: 'examples/rheinfurt.yaml' },
    })
  })

  test('an empty value counts as not set', () => {
    expect(readConfig({ MONGODB_URI: '', SLACK_BOT_TOKEN: '' })).toEqual(readConfig({}))
  })

  test('every mistake has its line, with the variable and what is expected', () => {
    expect(
      mistakes({
        PORT: 'eighty',
        MONGODB_URI: 'postgres://x',
        REDIS_URL: 'localhost:6379',
        PLAYGROUND: 'yes',
      }),
    ).toEqual([
      'PORT: expected a port number from 0 to 65535',
      'MONGODB_URI: expected an address that begins with mongodb:// or mongodb+srv://',
      'REDIS_URL: expected an address that begins with redis:// or rediss://',
      'PLAYGROUND: expected on or off',
    ])
  })

  test.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_SIGNING_SECRET'],
    [{ SLACK_SIGNING_SECRET: 's' }, 'SLACK_BOT_TOKEN'],
    [{ SLACK_SIGNING_SECRET: 's', SLACK_CLIENT_ID: '1' }, 'SLACK_CLIENT_SECRET'],
    [{ TEAMS_APP_ID: 'app' }, 'TEAMS_APP_PASSWORD'],
    [{ TEAMS_APP_PASSWORD: 'secret' }, 'TEAMS_APP_ID'],
    [{ TEAMS_APP_ID: 'a', TEAMS_APP_PASSWORD: 's', TEAMS_EMULATOR: 'on' }, 'TEAMS_EMULATOR'],
  ])('half a platform is refused: %j', (env, variable) => {
    expect(mistakes(env)[0]).toMatch(new RegExp(`^${variable}: expected`))
  })

  test('what was written is not repeated', () => {
    expect(mistakes({ MONGODB_URI: 'mysql://root:hunter2@db' }).join()).not.toContain('hunter2')
  })
})
