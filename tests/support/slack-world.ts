import type { Json } from './slack-blocks.ts'

/** A workspace; `token` works while Linkpin is installed in it. */
export interface SlackWorkspace {
  id: string
  token: string
  botId: string
  botUserId: string
  installed: boolean
}

export interface SlackUser {
  id: string
  team: string
  name: string
  locale: string
  zone: string
}

export interface SlackChannel {
  id: string
  /** The workspace that owns it. */
  team: string
  name: string
  /** Ids of users and bots. */
  members: Set<string>
}

/** A message as its readers see it now. */
export interface SlackMessage {
  channel: string
  ts: string
  team: string
  text: string
  blocks: Json[]
  thread?: string
  /** The one person who sees it; undefined where everybody in the channel does. */
  onlyFor?: string
  /** How often it was replaced. */
  edits: number
}

/** A dialog on somebody's screen. */
export interface SlackModal {
  id: string
  team: string
  user: string
  view: Json
  hash: string
  open: boolean
  /** Label of a field to the mistake shown beside it. */
  errors: Record<string, string>
}

export interface SlackHome {
  team: string
  user: string
  view: Json
}

/** How the next calls of a method go wrong. `reset` breaks the connection after the call had its effect. */
export type Fault = {
  status?: number
  retryAfter?: number
  error?: string
  reset?: boolean
  hold?: Promise<void>
}

/** What exists on the test server. */
export interface World {
  workspaces: Map<string, SlackWorkspace>
  users: Map<string, SlackUser>
  channels: Map<string, SlackChannel>
  messages: SlackMessage[]
  modals: SlackModal[]
  homes: Map<string, SlackHome>
  /** Good for three seconds and one use. */
  triggers: Map<string, { team: string; user: string; until: number }>
  /** Five uses in half an hour. */
  responses: Map<string, { channel: string; user: string; team: string; ts?: string; uses: number }>
  files: Map<
    string,
    {
      team: string
      complete: boolean
      bytes: number
      name?: string
      /** What is read out instead of it. */
      alt?: string
      /** Where it was put, if it was put anywhere. */
      channel?: string
      content?: string
    }
  >
  codes: Map<string, string>
  violations: string[]
  calls: { method: string; team?: string; params: Json }[]
  next(prefix: string): string
  ts(): string
}

export function createWorld(): World {
  let count = 0
  return {
    workspaces: new Map(),
    users: new Map(),
    channels: new Map(),
    messages: [],
    modals: [],
    homes: new Map(),
    triggers: new Map(),
    responses: new Map(),
    files: new Map(),
    codes: new Map(),
    violations: [],
    calls: [],
    next: (prefix) => `${prefix}${(++count).toString(36).toUpperCase().padStart(5, '0')}`,
    ts: () => `1790000000.${String(++count).padStart(6, '0')}`,
  }
}

/** The direct chat of a user with the bot of a workspace. */
export const directId = (team: string, user: string): string => `D${team.slice(1)}${user.slice(1)}`

/** True where a workspace's bot may know of a user: same workspace, or a channel in common. */
export const knows = (world: World, workspace: SlackWorkspace, userId: string): boolean =>
  world.users.get(userId)?.team === workspace.id ||
  [...world.channels.values()].some(({ members }) => members.has(userId) && members.has(workspace.botUserId))
