import type { Translator } from '../../src/i18n/texts.ts'
import type { Logger } from '../../src/kernel/logger.ts'
import type { Block, View } from '../../src/views/view.ts'
import type { Workspace } from './workspaces.ts'

/**
 * Puts the files of a view into a direct chat, and says in their place that they are there. A file that cannot be brought
 * to Slack stays in the view, and its content is shown.
 * @param chat finds the direct chat's id; asked only where there is a file
 */
export async function bringFiles(
  workspace: Workspace,
  view: View,
  chat: () => Promise<string>,
  deps: { t: Translator; log: Logger },
): Promise<View> {
  const { t, log } = deps
  async function bring(block: Block): Promise<Block> {
    if (block.type !== 'file') return block
    try {
      const file = Buffer.from(block.content, 'utf8')
      await workspace.client.filesUploadV2({ channel_id: await chat(), file, filename: block.name })
      return { type: 'text', text: t.t('slack:file', { name: block.name }) }
    } catch (error) {
      log.warn({ team: workspace.team, err: error }, 'a file could not be brought to Slack')
      return block
    }
  }
  return { ...view, blocks: await Promise.all(view.blocks.map(bring)) }
}
