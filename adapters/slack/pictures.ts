import { setTimeout as wait } from 'node:timers/promises'
import { fingerprint } from '../../src/kernel/ids.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import type { View } from '../../src/views/view.ts'
import { refusalCode } from './client.ts'
import { renderMessage, type Content, type Picture } from './render.ts'
import type { Workspace } from './workspaces.ts'

/** Brings a view's pictures to Slack, and the view after them. */
export interface Pictures {
  /**
   * Renders the view and sends it with `send`, which may be called again only where Slack refused a picture.
   * A picture that cannot be brought to Slack is shown as its text alternative.
   */
  send<T>(workspace: Workspace, view: View, send: (content: Content) => Promise<T>): Promise<T>
}

// Slack looks at a picture for a moment after it has arrived, and refuses messages that show it before that.
const LOOKING_MS = 1000
const MOST_REMEMBERED = 500

export function createPictures(log: Logger): Pictures {
  // Updating a message shows its picture again: the same picture is brought there once per process.
  const files = new Map<string, string>()

  async function upload(
    { team, client }: Workspace,
    png: string,
    alt: string,
  ): Promise<[string, string | undefined]> {
    const key = `${team}|${fingerprint(png)}`
    const known = files.get(key)
    if (known) return [png, known]
    try {
      const file = Buffer.from(png, 'base64')
      const { files: done } = await client.filesUploadV2({
        file,
        filename: 'picture.png',
        alt_text: alt.slice(0, 1000),
      })
      const id = done[0]?.files?.[0]?.id
      if (id) files.set(key, id)
      for (const oldest of files.keys()) if (files.size > MOST_REMEMBERED) files.delete(oldest)
      return [png, id]
    } catch (error) {
      log.warn({ team, err: error }, 'a picture could not be brought to Slack')
      return [png, undefined]
    }
  }

  return {
    async send(workspace, view, send) {
      const images = view.blocks.filter((block) => block.type === 'image')
      if (images.length === 0) return send(renderMessage(view))
      const ids = new Map(await Promise.all(images.map(({ png, alt }) => upload(workspace, png, alt))))
      const picture: Picture = (png) => {
        const id = ids.get(png)
        return id ? { slack_file: { id } } : undefined
      }
      const refused = (error: unknown): boolean => refusalCode(error) === 'invalid_blocks'
      try {
        return await send(renderMessage(view, picture))
      } catch (error) {
        if (!refused(error)) throw error
      }
      await wait(LOOKING_MS)
      try {
        return await send(renderMessage(view, picture))
      } catch (error) {
        if (!refused(error)) throw error
      }
      return send(renderMessage(view))
    },
  }
}
