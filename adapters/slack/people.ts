import type { webApi } from '@slack/bolt'
import type { Clock } from '../../src/kernel/clock.ts'
import { inTime } from '../../src/kernel/in-time.ts'

/** What Slack knows about how somebody reads and when they work. */
export interface Habits {
  locale?: string
  zone?: string
}

const KEPT_MS = 24 * 60 * 60 * 1000
const MOST_REMEMBERED = 5000
const MOST_WAIT_MS = 600

/**
 * Asks Slack for people's language and zone, at most once a day each, and never keeps anybody waiting for it: what
 * is not known in time, or not told, is left out.
 */
export function createPeople(clock: Clock) {
  const known = new Map<string, { habits: Promise<Habits>; until: number }>()

  async function ask(client: webApi.WebClient, user: string): Promise<Habits> {
    try {
      const { user: found } = await client.users.info({ user, include_locale: true })
      return { locale: found?.locale, zone: found?.tz }
    } catch {
      return {}
    }
  }

  return {
    async habits(client: webApi.WebClient, tenant: string, user: string): Promise<Habits> {
      const key = `${tenant}|${user}`
      const now = clock.now().epochMilliseconds
      const found = known.get(key)
      if (found && found.until > now) return inTime(MOST_WAIT_MS, found.habits, {})
      const habits = ask(client, user)
      known.set(key, { habits, until: now + KEPT_MS })
      for (const oldest of known.keys()) if (known.size > MOST_REMEMBERED) known.delete(oldest)
      return inTime(MOST_WAIT_MS, habits, {})
    },
  }
}
