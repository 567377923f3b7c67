import { fingerprint } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Block } from '../views/view.ts'
import { loadArtist } from './drawing.ts'
import { drawingOf } from './layout.ts'
import { altOf, type Positions } from './positions.ts'

export type Picture = Extract<Block, { type: 'image' }>

/** Draws pictures for messages. Whatever they show stands in the words of the message too. */
export interface Pictures {
  /**
   * A picture with its text alternative, as blocks of a view. The same model gives the same bytes.
   * @returns nothing where it cannot be drawn: a message never fails because of its picture
   */
  positions(model: Positions): Promise<Picture[]>
}

// The same result is asked for again and again.
const MOST_REMEMBERED = 50

export function createPictures(log: Logger): Pictures {
  const drawn = new Map<string, Picture>()

  async function draw(model: Positions): Promise<Picture> {
    const artist = await loadArtist()
    const drawing = drawingOf(model)
    const png = Buffer.from(artist.png(artist.svg(drawing), drawing)).toString('base64')
    return { type: 'image', png, alt: altOf(model) }
  }

  return {
    async positions(model) {
      const key = fingerprint(JSON.stringify(model))
      try {
        const picture = drawn.get(key) ?? (await draw(model))
        drawn.set(key, picture)
        for (const oldest of drawn.keys()) if (drawn.size > MOST_REMEMBERED) drawn.delete(oldest)
        return [picture]
      } catch (error) {
        log.warn({ err: error }, 'a picture could not be drawn')
        return []
      }
    },
  }
}
