import type { Address } from '../../src/kernel/address.ts'
import { Refused, type MessageRef, type Messenger } from '../../src/delivery/port.ts'
import { inPortWords, inPortWordsBefore } from './client.ts'
import type { DirectChats } from './direct.ts'
import type { Pictures } from './pictures.ts'
import { LITERAL } from './replies.ts'
import type { Workspace, Workspaces } from './workspaces.ts'

/** The outbound port for Slack. */
export function createMessenger(workspaces: Workspaces, pictures: Pictures, direct: DirectChats): Messenger {
  /** Who posts, and into which conversation. A guest is reached through the first workspace that knows them. */
  async function route(address: Address): Promise<{ workspace: Workspace; channel: string }> {
    let refused = new Refused('not_installed')
    for (const workspace of await workspaces.reaching(address)) {
      if (address.kind === 'channel') return { workspace, channel: address.id }
      try {
        return { workspace, channel: await direct.open(workspace, address) }
      } catch (error) {
        refused = inPortWordsBefore(error)
      }
    }
    throw refused
  }

  return {
    serves: async (address) =>
      address.platform === 'slack' && (await workspaces.reaching(address)).length > 0,

    async post(address, view): Promise<MessageRef> {
      const { workspace, channel } = await route(address)
      return inWords(() =>
        pictures.send(workspace, view, async (content) => {
          const posted = await workspace.client.chat.postMessage({ channel, ...content, ...LITERAL })
          if (!posted.ts || !posted.channel) throw new Error('Slack accepted a message without naming it')
          return { team: workspace.team, channel: posted.channel, ts: posted.ts }
        }),
      )
    },

    async update(address, ref, view) {
      const { team = address.tenant, channel, ts } = ref
      const workspace = await workspaces.find(team)
      if (!workspace) throw new Refused('not_installed')
      if (!channel || !ts) throw new Refused('message_not_found')
      await inWords(() =>
        pictures.send(workspace, view, (content) =>
          workspace.client.chat.update({ channel, ts, ...content, link_names: false, parse: 'none' }),
        ),
      )
    },
  }
}

async function inWords<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    // Rendering comes before anything is sent.
    throw error instanceof RangeError ? new Refused('not_renderable') : inPortWords(error)
  }
}
