import { z } from 'zod'
import { directTo, type Account, type Address } from '../../src/kernel/address.ts'
import type { Incoming } from '../../src/conversation/port.ts'
import { LIMITS } from './limits.ts'
import { readPress, readSubmission, type Origin } from './codec.ts'

/** A request from Slack, as the conversation and the answer need it. */
export interface Request {
  incoming: Incoming
  /** The workspace Linkpin is installed in; with Slack Connect the person may belong to another one. */
  team: string
  /** The channel it happened in; undefined where the answer belongs into the direct chat. */
  channel?: string
  thread?: string
  /** The message whose button was pressed. */
  message?: { channel: string; ts: string; ephemeral: boolean }
  /** Opens one dialog, within three seconds. */
  trigger?: string
  /** Answers where it happened, for the person alone, also where Linkpin is no member of the channel. */
  responseUrl?: string
  /** A form that was sent off. */
  view?: { id: string; blocks: { type: string; block_id?: string }[]; state: unknown; metadata: string }
  /** True where Slack sends an event again. */
  repeated?: boolean
}

// Visible characters: what is none could not be stored, and was never Slack's.
const id = z
  .string()
  .max(100)
  .regex(/^\P{C}*$/u)
// Missing, or `null`, where there is none.
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined)
const user = z.object({ id, team_id: optional(id) })
const responseUrl = optional(z.url()).catch(undefined)

const commandBody = z.object({
  team_id: id,
  user_id: id,
  channel_id: id,
  text: optional(z.string()),
  trigger_id: id,
  response_url: responseUrl,
})

const pressBody = z.object({
  user,
  trigger_id: id,
  container: z.object({
    channel_id: optional(id),
    message_ts: optional(id),
    is_ephemeral: optional(z.boolean()),
    thread_ts: optional(id),
  }),
  actions: z.array(z.unknown()).min(1),
  response_url: responseUrl,
})

const submissionBody = z.object({
  user,
  trigger_id: id,
  view: z.object({
    id,
    blocks: z
      .array(z.looseObject({ type: z.string(), block_id: optional(z.string()) }))
      .max(LIMITS.viewBlocks),
    state: z.unknown(),
    private_metadata: z.string().max(LIMITS.metadata),
  }),
})

const eventBody = z.object({
  event_id: id,
  event: z.object({
    user: id,
    text: optional(z.string()),
    channel: optional(id),
    thread_ts: optional(id),
    /** The person's own workspace, where the channel is shared with others. */
    user_team: optional(id),
    team: optional(id),
    tab: optional(z.string()),
    subtype: optional(z.string()),
    bot_id: optional(z.string()),
    edited: optional(z.unknown()),
    channel_type: optional(z.string()),
  }),
})

// A direct chat is with Linkpin or between people; either way the answer to it is a private matter.
const isDirect = (channel: string | undefined): boolean => !channel || channel.startsWith('D')

const accountOf = (team: string, userId: string, own?: string): Account => ({
  platform: 'slack',
  // In an Enterprise Grid an event may name the whole organisation (E...): that is no workspace.
  tenant: own?.startsWith('T') ? own : team,
  userId,
})

const placeOf = (team: string, channel: string | undefined, account: Account): Address =>
  channel && !isDirect(channel)
    ? { platform: 'slack', tenant: team, kind: 'channel', id: channel }
    : directTo(account)

const within = (channel: string | undefined): string | undefined => (isDirect(channel) ? undefined : channel)

/** `/linkpin ...`. All readers here give undefined for what is not meant for us. */
export function readCommand(team: string, body: unknown): Request | undefined {
  const read = commandBody.safeParse(body).data
  if (!read) return undefined
  const account = accountOf(team, read.user_id, read.team_id)
  return {
    team,
    channel: within(read.channel_id),
    trigger: read.trigger_id,
    responseUrl: read.response_url,
    incoming: {
      requestId: read.trigger_id,
      account,
      place: placeOf(team, read.channel_id, account),
      what: { kind: 'command', text: asTyped(read.text ?? '') },
      canOpenForm: true,
    },
  }
}

/** A button or menu of a message or of the Home tab. */
export function readAction(team: string, body: unknown): Request | undefined {
  const read = pressBody.safeParse(body).data
  if (!read) return undefined
  const { channel_id: channel, message_ts: ts, is_ephemeral: ephemeral, thread_ts: thread } = read.container
  const account = accountOf(team, read.user.id, read.user.team_id)
  return {
    team,
    channel: within(channel),
    thread,
    trigger: read.trigger_id,
    responseUrl: read.response_url,
    ...(channel && ts && { message: { channel, ts, ephemeral: ephemeral ?? false } }),
    incoming: {
      requestId: read.trigger_id,
      account,
      place: placeOf(team, channel, account),
      // What cannot be read is no action of this version: the conversation says so kindly.
      what: { kind: 'press', action: readPress(read.actions[0]) ?? { name: '' } },
      canOpenForm: true,
    },
  }
}

/** A form sent off. Slack never repeats this request, so each sending counts: with mistakes corrected, and without. */
export function readForm(team: string, body: unknown): Request | undefined {
  const read = submissionBody.safeParse(body).data
  if (!read) return undefined
  // As with a press: what cannot be read is answered kindly.
  const form: NonNullable<ReturnType<typeof readSubmission>> = readSubmission(read.view) ?? {
    action: { name: '' },
    values: {},
  }
  const account = accountOf(team, read.user.id, read.user.team_id)
  const { channel, message }: Partial<Origin> = form.origin?.team === team ? form.origin : {}
  return {
    team,
    channel: within(channel),
    ...(channel && message && { message: { channel, ts: message, ephemeral: false } }),
    view: {
      id: read.view.id,
      blocks: read.view.blocks,
      state: read.view.state,
      metadata: read.view.private_metadata,
    },
    incoming: {
      requestId: read.trigger_id,
      account,
      place: placeOf(team, channel, account),
      what: { kind: 'submit', action: form.action, values: form.values },
      canOpenForm: true,
    },
  }
}

/** Somebody mentioned Linkpin in a channel, wrote to it directly, or opened its Home tab. */
export function readEvent(
  kind: 'app_mention' | 'message' | 'app_home_opened',
  team: string,
  botUserId: string | undefined,
  body: unknown,
): Request | undefined {
  const read = eventBody.safeParse(body).data
  if (!read) return undefined
  const { event } = read
  // Bots, edits, joins and whatever else is not somebody writing something new.
  if (event.bot_id || event.subtype || event.edited) return undefined
  if (kind === 'message' && event.channel_type !== 'im') return undefined
  if (kind === 'app_home_opened' && event.tab !== 'home') return undefined
  const account = accountOf(team, event.user, event.user_team ?? event.team)
  const home = kind === 'app_home_opened'
  const channel = home ? undefined : event.channel
  return {
    team,
    channel: within(channel),
    thread: event.thread_ts,
    incoming: {
      requestId: read.event_id,
      account,
      place: placeOf(team, channel, account),
      what: home
        ? { kind: 'home' }
        : { kind: 'command', text: asTyped((event.text ?? '').replaceAll(`<@${botUserId}>`, ' ')) },
      canOpenForm: false,
    },
  }
}

/** Slack's markup back to what was typed: `<mailto:a@b.eu|a@b.eu>` and `&amp;`. */
const asTyped = (text: string): string =>
  text
    .replace(/<[^<>|@#!][^<>|]*\|([^<>]*)>/g, '$1')
    .replace(/<([^<>|@#!][^<>|]*)>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .trim()
