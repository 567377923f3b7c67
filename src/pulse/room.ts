import type { Room } from '../checkins/room.ts'
import { createPosts as createDrafts } from '../delivery/posts.ts'
import type { Translator } from '../i18n/texts.ts'
import type { Pictures } from '../pictures/pictures.ts'
import type { Member, Network } from '../networks/types.ts'
import type { WaveDoc } from './model.ts'
import type { Proposal } from './step-views.ts'

/** What the pulse room takes from the others. */
export interface PulseRoom extends Room {
  pictures: Pictures
  /** The module a network works on, for the focus slot; without it waves 3 and 6 have one statement less. */
  runningModule?(network: Network): Promise<string | undefined>
  /** The meeting exercise that strengthens an element, to be offered to coordinators. */
  proposeExercise?(network: Network, element: string): Promise<Proposal>
}

/** Who gets what, each in their own language; a wave's in the languages it was frozen in. */
export function createPosts({ networks, texts }: Pick<Room, 'networks' | 'texts'>) {
  return {
    ...createDrafts({ networks, texts }),

    /** The texts of a wave for a member: the member's language, if the statements were frozen in it. */
    wordsFor({ languages }: Pick<WaveDoc, 'languages'>, member: Member, network: Network): Translator {
      const own = texts.in(member.language, ...network.languages)
      return languages.includes(own.language) ? own : texts.in(...languages)
    },

    /** The languages a wave goes out in: the network's first, then those of its people and channels. */
    async languagesFor(network: Network, members: Member[]): Promise<string[]> {
      const spaces = await networks.spaces(network.id, 'team')
      const wanted = [...members, ...spaces].map(({ language }) => [language, ...network.languages])
      return [...new Set([network.languages, ...wanted].map((one) => texts.in(...one).language))]
    },
  }
}

export type Posts = ReturnType<typeof createPosts>
