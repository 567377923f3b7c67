import { z } from 'zod'
import { directTo, type Account, type Address } from '../../src/kernel/address.ts'
import type { Incoming } from '../../src/conversation/port.ts'
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
  view?: { id: string; blocks: unknown; state: unknown; metadata: string }
}

const id = z.string().max(100)
const user = z.object({ id, team_id: id.optional() })

const commandBody = z.object({
  team_id: id,
  user_id: id,
  channel_id: id,
  text: z.string().optional(),
  trigger_id: id,
  response_url: z.url(),
})

const pressBody = z.object({
  user,
  trigger_id: id,
  container: z.object({
    channel_id: id.optional(),
    message_ts: id.optional(),
    is_ephemeral: z.boolean().optional(),
    thread_ts: id.optional(),
  }),
  actions: z.array(z.unknown()).min(1),
  response_url: z.url().optional(),
})

const submissionBody = z.object({
  user,
  trigger_id: id,
  view: z.object({ id, blocks: z.unknown(), state: z.unknown(), private_metadata: z.string() }),
})

const eventBody = z.object({
  event_id: id,
  event: z.object({
    user: id,
    text: z.string().optional(),
    channel: id.optional(),
    thread_ts: id.optional(),
    /** The person's own workspace, where the channel is shared with others. */
    user_team: id.optional(),
    team: id.optional(),
    tab: z.string().optional(),
    subtype: z.string().optional(),
    bot_id: z.string().optional(),
    edited: z.unknown().optional(),
    channel_type: z.string().optional(),
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
  const form = read && readSubmission(read.view)
  if (!read || !form) return undefined
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
