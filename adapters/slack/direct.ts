import type { Address } from '../../src/kernel/address.ts'
import type { Workspace } from './workspaces.ts'

/** The direct chats with people, by their ids on Slack. */
export interface DirectChats {
  /** @returns the id of the chat (D...); errors are the Web API's */
  open(workspace: Workspace, address: Address): Promise<string>
}

const MOST_REMEMBERED = 20_000

export function createDirectChats(): DirectChats {
  const known = new Map<string, string>()
  return {
    async open({ team, client }, { id }) {
      const key = `${team}|${id}`
      const chat = known.get(key) ?? (await client.conversations.open({ users: id })).channel?.id
      if (!chat) throw new Error('Slack opened a direct chat without an id')
      known.set(key, chat)
      for (const oldest of known.keys()) if (known.size > MOST_REMEMBERED) known.delete(oldest)
      return chat
    },
  }
}
