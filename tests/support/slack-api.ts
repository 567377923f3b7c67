import { messageProblems, viewProblems, type Json } from './slack-blocks.ts'
import { directId, knows, type SlackMessage, type SlackWorkspace, type World } from './slack-world.ts'

/** An error in Slack's words: `{ ok: false, error }`. */
export class ApiError extends Error {}

type Method = (world: World, caller: SlackWorkspace, params: Json, origin: string) => Json

const bad = (world: World, code: string, problems: string[]): never => {
  world.violations.push(...problems.map((problem) => `${code}: ${problem}`))
  throw new ApiError(code)
}

const refuse = (world: World, method: string, code: string): never => {
  world.violations.push(`${method}: ${code}`)
  throw new ApiError(code)
}

function checkMessage(world: World, workspace: SlackWorkspace, params: Json): void {
  const problems = messageProblems(params.text, params.blocks)
  if (problems.length) bad(world, 'invalid_blocks', problems)
  for (const block of (params.blocks ?? []) as Json[]) {
    const id = (block.slack_file as Json | undefined)?.id
    const file = world.files.get(String(id))
    if (id && !(file?.complete && file.team === workspace.id))
      bad(world, 'invalid_blocks', ['unknown slack_file'])
  }
}

/** Whether the bot may write into a channel or direct chat. */
function reachable(world: World, workspace: SlackWorkspace, channel: string): boolean {
  if (channel.startsWith('D')) {
    return [...world.users.keys()].some((user) => directId(workspace.id, user) === channel)
  }
  return world.channels.get(channel)?.members.has(workspace.botUserId) ?? false
}

function add(world: World, workspace: SlackWorkspace, params: Json, onlyFor?: string): SlackMessage {
  const message: SlackMessage = {
    channel: String(params.channel),
    ts: world.ts(),
    team: workspace.id,
    text: String(params.text ?? ''),
    blocks: (params.blocks ?? []) as Json[],
    thread: params.thread_ts as string | undefined,
    onlyFor,
    edits: 0,
  }
  world.messages.push(message)
  return message
}

/** What a response_url does: a message for one person, or a replacement of the one that was pressed. */
export function respond(world: World, id: string, body: Json): void {
  const to = world.responses.get(id)
  if (!to || ++to.uses > 5) throw new ApiError('expired_url')
  const workspace = world.workspaces.get(to.team)
  if (!workspace) throw new ApiError('expired_url')
  checkMessage(world, workspace, body)
  const original = world.messages.find(({ ts }) => ts === to.ts)
  if (body.replace_original === true && original) {
    Object.assign(original, { text: body.text, blocks: body.blocks ?? [], edits: original.edits + 1 })
  } else {
    add(
      world,
      workspace,
      { ...body, channel: to.channel },
      body.response_type === 'in_channel' ? undefined : to.user,
    )
  }
}

export const METHODS: Record<string, Method> = {
  'auth.test': (_world, { id, botId, botUserId }) => ({
    team_id: id,
    bot_id: botId,
    user_id: botUserId,
    url: 'https://x',
  }),

  'chat.postMessage': (world, workspace, params) => {
    if (!reachable(world, workspace, String(params.channel)))
      refuse(world, 'chat.postMessage', 'channel_not_found')
    checkMessage(world, workspace, params)
    const { channel, ts } = add(world, workspace, params)
    return { channel, ts }
  },

  'chat.update': (world, workspace, params) => {
    checkMessage(world, workspace, params)
    const message = world.messages.find(({ ts, channel }) => ts === params.ts && channel === params.channel)
    if (!message || message.onlyFor) return refuse(world, 'chat.update', 'message_not_found')
    if (message.team !== workspace.id) return refuse(world, 'chat.update', 'cant_update_message')
    Object.assign(message, { text: params.text, blocks: params.blocks ?? [], edits: message.edits + 1 })
    return { channel: message.channel, ts: message.ts }
  },

  'chat.postEphemeral': (world, workspace, params) => {
    const channel = String(params.channel)
    if (!reachable(world, workspace, channel)) throw new ApiError('channel_not_found')
    const members = world.channels.get(channel)?.members
    if (members && !members.has(String(params.user)))
      refuse(world, 'chat.postEphemeral', 'user_not_in_channel')
    checkMessage(world, workspace, params)
    return { message_ts: add(world, workspace, params, String(params.user)).ts }
  },

  'conversations.open': (world, workspace, params) => {
    const user = String(params.users)
    if (!world.users.has(user) || !knows(world, workspace, user)) throw new ApiError('user_not_found')
    return { channel: { id: directId(workspace.id, user) } }
  },

  'users.info': (world, workspace, params) => {
    const user = world.users.get(String(params.user))
    if (!user || !knows(world, workspace, user.id)) throw new ApiError('user_not_found')
    const locale = String(params.include_locale) === 'true' ? user.locale : undefined
    return { user: { id: user.id, team_id: user.team, tz: user.zone, locale } }
  },

  'views.open': (world, workspace, params) => {
    const view = params.view as Json
    const trigger = world.triggers.get(String(params.trigger_id))
    world.triggers.delete(String(params.trigger_id))
    if (!trigger || trigger.team !== workspace.id) return refuse(world, 'views.open', 'invalid_trigger_id')
    if (trigger.until < Date.now()) throw new ApiError('expired_trigger_id')
    const problems = viewProblems(view)
    if (problems.length) bad(world, 'invalid_arguments', problems)
    const modal = {
      team: workspace.id,
      user: trigger.user,
      view,
      hash: world.next('h'),
      open: true,
      errors: {},
    }
    const id = world.next('V')
    world.modals.push({ id, ...modal })
    return { view: { id, hash: modal.hash } }
  },

  'views.update': (world, workspace, params) => {
    const modal = world.modals.find(({ id, open }) => id === params.view_id && open)
    if (!modal || modal.team !== workspace.id) throw new ApiError('not_found')
    const problems = viewProblems(params.view as Json)
    if (problems.length) bad(world, 'invalid_arguments', problems)
    Object.assign(modal, { view: params.view, hash: world.next('h'), errors: {} })
    return { view: { id: modal.id } }
  },

  'views.publish': (world, workspace, params) => {
    const user = String(params.user_id)
    const problems = viewProblems(params.view as Json)
    if (problems.length) bad(world, 'invalid_arguments', problems)
    if (world.users.get(user)?.team !== workspace.id) throw new ApiError('user_not_found')
    world.homes.set(user, { team: workspace.id, user, view: params.view as Json })
    return {}
  },

  'files.getUploadURLExternal': (world, workspace, params, origin) => {
    const id = world.next('F')
    world.files.set(id, {
      team: workspace.id,
      complete: false,
      bytes: Number(params.length),
      name: String(params.filename),
      ...(params.alt_text ? { alt: String(params.alt_text) } : {}),
    })
    return { file_id: id, upload_url: `${origin}/upload/${id}` }
  },

  'files.completeUploadExternal': (world, _workspace, params) => {
    const files = params.files as { id: string }[]
    for (const { id } of files) {
      const file = world.files.get(id)
      if (!file) refuse(world, 'files.completeUploadExternal', 'file_not_found')
      else {
        file.complete = true
        if (params.channel_id) file.channel = String(params.channel_id)
      }
    }
    return { files: files.map(({ id }) => ({ id })) }
  },
}

/** Exchanges a code of the installation for the token of the workspace's bot. */
export function exchangeCode(world: World, params: Json): Json {
  const workspace = world.workspaces.get(world.codes.get(String(params.code)) ?? '')
  world.codes.delete(String(params.code))
  if (!workspace || !params.client_id || !params.client_secret) throw new ApiError('invalid_code')
  workspace.installed = true
  return {
    access_token: workspace.token,
    token_type: 'bot',
    scope: 'chat:write,commands',
    bot_user_id: workspace.botUserId,
    app_id: 'A0LINKPIN',
    team: { id: workspace.id, name: 'A city' },
    enterprise: null,
    is_enterprise_install: false,
    authed_user: { id: 'U0INSTALLER' },
  }
}
