import { createHmac } from 'node:crypto'
import type { Json } from './slack-blocks.ts'

/**
 * Sends a request to Slack's endpoint at once and without waiting for what follows, signed like Slack's own.
 * @param body a form's fields, or JSON text
 */
export async function knock(
  url: string,
  signingSecret: string,
  body: Record<string, string> | string,
  more: Record<string, string> = {},
): Promise<{ status: number; text: string; milliseconds: number }> {
  const isForm = typeof body !== 'string'
  const sent = isForm ? new URLSearchParams(body).toString() : body
  const timestamp = String(Math.floor(Date.now() / 1000))
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${sent}`).digest('hex')
  const started = performance.now()
  const response = await fetch(`${url}/slack/events`, {
    method: 'POST',
    body: sent,
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hmac}`,
      ...more,
    },
  })
  const text = await response.text()
  return { status: response.status, text, milliseconds: performance.now() - started }
}

let count = 0
const trigger = (): string => `9.9.${(count += 1)}`

/** Somebody in Slack, as requests name them. */
export interface Who {
  id: string
  team: string
}

/** A press, as Slack sends it. `action` is the pressed element. */
export const pressOf = ({ id, team }: Who, action: Json, channel: string, responseUrl: string): Json => ({
  type: 'block_actions',
  team: { id: team },
  user: { id, team_id: team },
  api_app_id: 'A0LINKPIN',
  trigger_id: trigger(),
  container: { type: 'message', message_ts: '1.1', channel_id: channel, is_ephemeral: true },
  channel: { id: channel },
  message: { ts: '1.1', team },
  response_url: responseUrl,
  actions: [action],
})

/** A form sent off. `values` are the fields' inputs by their ids. */
export const submissionOf = ({ id, team }: Who, metadata: string, values: Json): Json => ({
  type: 'view_submission',
  team: { id: team },
  user: { id, team_id: team },
  trigger_id: trigger(),
  view: {
    id: 'V1',
    type: 'modal',
    callback_id: 'form',
    team_id: team,
    app_installed_team_id: team,
    blocks: Object.keys(values).map((field) => ({ type: 'input', block_id: field })),
    private_metadata: metadata,
    state: {
      values: Object.fromEntries(Object.entries(values).map(([field, input]) => [field, { a: input }])),
    },
  },
})

/** A direct message as an event. */
export const messageOf = ({ id, team }: Who, text: string, eventId: string): Json => ({
  type: 'event_callback',
  team_id: team,
  api_app_id: 'A0LINKPIN',
  event_id: eventId,
  authorizations: [{ team_id: team, user_id: `UBOT${team.slice(1)}`, is_bot: true }],
  event: {
    type: 'message',
    channel_type: 'im',
    user: id,
    team,
    ts: '1.1',
    text,
    channel: `D${team.slice(1)}${id.slice(1)}`,
  },
})
