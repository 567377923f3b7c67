import { textsOf, type Json } from './slack-blocks.ts'
import { fieldsOf, fillModal } from './slack-form.ts'
import { directId } from './slack-world.ts'
import type { SlackChannel, SlackHome, SlackMessage, SlackModal, SlackUser, World } from './slack-world.ts'

/** How the app answered a request of Slack's. */
export interface Answer {
  status: number
  body: Json | undefined
}

/** Sends a signed request to the app. */
type Post = (body: string, contentType?: string) => Promise<Answer>

/** What people can do in Slack, as the requests that Slack makes of it. */
export function createPeople(world: World, url: string, post: Post) {
  const form = (fields: Record<string, string>): Promise<Answer> =>
    post(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded')
  const interact = (payload: Json): Promise<Answer> => form({ payload: JSON.stringify(payload) })

  const trigger = (team: string, user: SlackUser): string => {
    const id = world.next('13345224609.')
    world.triggers.set(id, { team, user: user.id, until: Date.now() + 3000 })
    return id
  }
  const responseUrl = (team: string, user: SlackUser, channel: string, ts?: string): string => {
    const id = world.next('R')
    world.responses.set(id, { channel, team, user: user.id, ts, uses: 0 })
    return `${url}/respond/${id}`
  }

  /** An event as Slack wraps it, for the workspace Linkpin is installed in. */
  const event = (team: string, inner: Json, id = world.next('Ev')): Promise<Answer> =>
    post(
      JSON.stringify({
        type: 'event_callback',
        team_id: team,
        api_app_id: 'A0LINKPIN',
        event_id: id,
        event_time: 1_790_000_000,
        authorizations: [{ team_id: team, user_id: world.workspaces.get(team)?.botUserId, is_bot: true }],
        event: inner,
      }),
    )

  const person = (user: SlackUser): Json => ({ id: user.id, team_id: user.team, username: user.name })

  return {
    /** `/linkpin ...` in a channel, or in the direct chat where none is given. */
    command(user: SlackUser, channel: SlackChannel | undefined, typed: string): Promise<Answer> {
      const [command = '', ...rest] = typed.split(' ')
      const at = channel?.id ?? directId(user.team, user.id)
      return form({
        command,
        text: rest.join(' ').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
        team_id: user.team,
        user_id: user.id,
        user_name: user.name,
        channel_id: at,
        channel_name: channel?.name ?? 'directmessage',
        trigger_id: trigger(user.team, user),
        response_url: responseUrl(channel?.team ?? user.team, user, at),
      })
    },
    /** "@Linkpin ..." in a channel. */
    mention(
      user: SlackUser,
      channel: SlackChannel,
      text: string,
      more: Json = {},
      eventId?: string,
    ): Promise<Answer> {
      const bot = world.workspaces.get(channel.team)?.botUserId
      const own = { type: 'app_mention', user: user.id, team: user.team, ts: world.ts(), channel: channel.id }
      return event(channel.team, { ...own, text: `<@${bot}> ${text}`, ...more }, eventId)
    },
    /** A message in the direct chat with Linkpin. */
    dm(user: SlackUser, text: string, more: Json = {}): Promise<Answer> {
      const own = {
        type: 'message',
        channel_type: 'im',
        user: user.id,
        team: user.team,
        ts: world.ts(),
        text,
      }
      return event(user.team, { ...own, channel: directId(user.team, user.id), ...more })
    },
    /** Opens Linkpin's Home tab. */
    openHome: (user: SlackUser): Promise<Answer> =>
      event(user.team, {
        type: 'app_home_opened',
        user: user.id,
        tab: 'home',
        channel: directId(user.team, user.id),
      }),
    event,

    /** Presses what carries a label (its tick aside; the nth, from 0): a button, or an option of a menu. */
    press(
      on: SlackMessage | SlackHome | undefined,
      label: string,
      user: SlackUser,
      nth = 0,
    ): Promise<Answer> {
      if (!on) throw new Error(`there is nothing to press "${label}" on`)
      const home = 'view' in on
      if (!home && on.onlyFor && on.onlyFor !== user.id)
        throw new Error(`${user.id} does not see this message`)
      const blocks = home ? (on.view.blocks as Json[]) : on.blocks
      const action = findAction(blocks, label, nth)
      const at = home ? undefined : on.channel
      return interact({
        type: 'block_actions',
        team: { id: on.team },
        user: person(user),
        api_app_id: 'A0LINKPIN',
        trigger_id: trigger(on.team, user),
        container: home
          ? { type: 'view', view_id: 'V0HOME' }
          : {
              type: 'message',
              message_ts: on.ts,
              channel_id: at,
              is_ephemeral: Boolean(on.onlyFor),
              thread_ts: on.thread,
            },
        ...(home
          ? { view: on.view }
          : {
              channel: { id: at },
              message: { ts: on.ts, team: on.team },
              response_url: responseUrl(on.team, user, on.channel, on.ts),
            }),
        actions: [action],
      })
    },
    /** The labels of a dialog's fields. */
    labels: fieldsOf,
    /** Fills in a dialog by the labels of its fields; `submit()` sends it and gives the dialog as it is then. */
    fill(modal: SlackModal | undefined, values: Record<string, string | string[]>) {
      if (!modal) throw new Error('there is no dialog to fill in')
      return fillModal(world, modal, values, async ({ id, team, user, view, hash }, state) => {
        const who = world.users.get(user)
        if (!who) throw new Error(`there is no ${user}`)
        const sent = { ...view, id, hash, state, team_id: team, app_installed_team_id: team }
        const payload = {
          type: 'view_submission',
          team: { id: who.team },
          user: person(who),
          trigger_id: trigger(team, who),
        }
        const { status, body } = await interact({ ...payload, view: sent })
        if (status !== 200) throw new Error(`Slack shows "trouble connecting": ${status}`)
        return body
      })
    },
  }
}

function findAction(blocks: Json[], label: string, nth: number): Json {
  const same = (text: unknown): boolean => String((text as Json).text).replace(/^✓ /, '') === label
  const elements = blocks
    .filter(({ type }) => type === 'actions')
    .flatMap((block) => block.elements as Json[])
  const found = elements.flatMap(({ type, text, action_id, value, options }): Json[] => {
    if (type === 'button') return same(text) ? [{ type, action_id, value, action_ts: '1' }] : []
    const chosen = ((options ?? []) as Json[]).filter((one) => same(one.text))
    return chosen.map((option) => ({ type, action_id, selected_option: option, action_ts: '1' }))
  })
  if (found[nth]) return found[nth]
  throw new Error(`nothing to press is called "${label}": ${[...textsOf(elements)].join(', ')}`)
}
