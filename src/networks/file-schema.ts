import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Account, Address } from '../kernel/address.ts'
import {
  either,
  expected,
  holidays,
  id,
  language,
  list,
  oneOf,
  quietHours,
  text,
  zone,
} from './file-fields.ts'

const MOST = { partners: 500, members: 10_000, spaces: 200, accounts: 10, languages: 20 }

const idsOf = (path: string, list: string): string[] => {
  const content = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<
    string,
    unknown[]
  >
  return (content[list] ?? []).map((entry) =>
    typeof entry === 'string' ? entry : (entry as { id: string }).id,
  )
}

const SLACK = { account: /^[TE][A-Z0-9]+\/[UW][A-Z0-9]+$/, channel: /^[TE][A-Z0-9]+\/[CG][A-Z0-9]+$/ }
const TEAMS = /^[^\s/|]+\/[^\s|]+$/

const onPlatform = (example: { slack: string; teams: string }, slack: RegExp) => ({
  slack: text(60).regex(slack, `must be workspace/id, such as ${example.slack}`).optional(),
  teams: text(250).regex(TEAMS, `must be tenant/id, such as ${example.teams}`).optional(),
})
const onePlatform = ({ slack, teams }: { slack?: string; teams?: string }): boolean =>
  (slack === undefined) !== (teams === undefined)

function platformOf({
  slack,
  teams,
}: {
  slack?: string
  teams?: string
}): [platform: Account['platform'], tenant: string, id: string] {
  const [platform, joined] =
    slack === undefined ? (['teams', teams ?? ''] as const) : (['slack', slack] as const)
  const end = joined.indexOf('/')
  return [platform, joined.slice(0, end), joined.slice(end + 1)]
}

const account = z
  .strictObject(
    onPlatform({ slack: 'T0TOWN/U0AYLIN', teams: '5a1c...-tenant/8e2f...-user' }, SLACK.account),
    expected('slack: workspace/user or teams: tenant/user'),
  )
  .refine(onePlatform, 'must name either slack or teams')
  .transform((value): Account => {
    const [platform, tenant, userId] = platformOf(value)
    return { platform, tenant, userId }
  })

const space = z
  .strictObject(
    {
      kind: either('team', 'coordinators'),
      name: text(80),
      language: language.optional(),
      ...onPlatform({ slack: 'T0TOWN/C0TEAM', teams: '5a1c...-tenant/19:...@thread.tacv2' }, SLACK.channel),
    },
    expected('a space with kind, name, and slack or teams'),
  )
  .refine(onePlatform, 'must name either slack or teams')
  .transform(({ kind, name, language, ...where }) => {
    const [platform, tenant, channel] = platformOf(where)
    const address: Address = { platform, tenant, kind: 'channel', id: channel }
    return { kind, name, language, address }
  })

const partner = z.strictObject(
  {
    id,
    name: text(120),
    type: either('formal', 'informal'),
    sector: oneOf('a sector', idsOf('../care/rules.json', 'sectors')),
    level: either('strategic', 'operational'),
    category: oneOf('a care category', idsOf('../care/rules.json', 'categories')),
  },
  expected('a partner with id, name, type, sector, level and category'),
)

const member = z.strictObject(
  {
    id,
    name: text(80),
    partner: text(40),
    language: language.optional(),
    coordinator: z.boolean(expected('true or false')).optional(),
    zone: zone.optional(),
    quietHours: quietHours.optional(),
    accounts: list(account, MOST.accounts, 'accounts').optional(),
  },
  expected('a member with id, name and partner'),
)

/** The file of a network as it stands in YAML. Cross-references are checked by `file.ts`. */
export const networkFile = z.strictObject(
  {
    id,
    name: text(80),
    zone,
    languages: list(language, MOST.languages, 'languages').min(1, 'must name at least one language'),
    quietHours: quietHours.default({ from: '18:00', to: '08:00' }),
    weekend: list(
      z
        .int('must be whole numbers from 1 (Monday) to 7')
        .min(1, 'begins with 1 (Monday)')
        .max(7, 'ends with 7 (Sunday)'),
      6,
      'days',
    )
      .transform((days) => [...new Set(days)].sort())
      .default([6, 7]),
    holidays: holidays.optional(),
    phase: oneOf('a phase', idsOf('../modules/phases.json', 'phases')),
    partners: list(partner, MOST.partners, 'partners').min(1, 'must name at least one partner'),
    members: list(member, MOST.members, 'members').min(1, 'must name at least one member'),
    spaces: list(space, MOST.spaces, 'spaces').default([]),
  },
  expected('a network with id, name, zone, languages, phase, partners and members'),
)

/** A network's file, parsed. */
export type NetworkFile = z.output<typeof networkFile>
