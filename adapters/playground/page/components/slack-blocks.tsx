import { Message, type Block } from 'slack-blocks-to-jsx'
import type { SlackBlock, SlackElement, SlackState } from '../slack.ts'
import type { Theme } from '../theme.ts'
import { SlackElementView } from './slack-element.tsx'

/** Blocks of a Slack message. What can be pressed is drawn here; all else is drawn by slack-blocks-to-jsx. */
export function SlackBlocks({
  blocks,
  theme,
  onPress,
}: {
  blocks: unknown[]
  theme: Theme
  onPress(payload: SlackState & { block_id?: string; action_id?: string }): void
}) {
  return (
    <div className="slack-blocks">
      {(blocks as SlackBlock[]).map((block, index) => {
        const element = (one: SlackElement, key: number) => (
          <SlackElementView
            key={key}
            element={one}
            label={textOf(block) ?? textOf(blocks[index - 1])}
            onChange={(state) => onPress({ ...state, block_id: block.block_id, action_id: one.action_id })}
          />
        )
        if (block.type === 'actions') {
          return (
            <div key={index} className="slack-actions">
              {block.elements?.map(element)}
            </div>
          )
        }
        if (block.accessory && block.accessory.type !== 'image') {
          const { accessory, ...rest } = block
          return (
            <div key={index} className="slack-section">
              <SlackBlockView block={rest} theme={theme} />
              {element(accessory, 0)}
            </div>
          )
        }
        // The library puts a switch for hiding over every picture, and cannot name it.
        if (block.type === 'image') return <img key={index} src={block.image_url} alt={block.alt_text} />
        return <SlackBlockView key={index} block={block} theme={theme} />
      })}
    </div>
  )
}

/** One block that is only read. */
export const SlackBlockView = ({ block, theme }: { block: SlackBlock; theme: Theme }) => (
  <Message withoutWrapper theme={theme} blocks={[block as Block]} logo="" name="Linkpin" />
)

/** The words of a block, to name the menu that belongs to it. */
function textOf(part: unknown): string | undefined {
  if (Array.isArray(part)) return part.map(textOf).join('') || undefined
  if (typeof part !== 'object' || part === null) return undefined
  const { type, text, elements } = part as { type?: string; text?: unknown; elements?: unknown }
  if (type === 'actions') return undefined
  return typeof text === 'string' ? text : (textOf(text) ?? textOf(elements))
}
