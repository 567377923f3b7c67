import type { Connection } from 'mongoose'
import type { Checkins } from '../checkins/kind.ts'
import type { Deliveries, Draft } from '../delivery/port.ts'
import type { Texts, Translator } from '../i18n/texts.ts'
import type { Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Member, Network, Networks } from '../networks/types.ts'
import type { View } from '../views/view.ts'
import type { WaveDoc } from './model.ts'
import type { Proposal } from './result-views.ts'

/** What the pulse room takes from the others. */
export interface Room {
  db: Connection
  clock: Clock
  networks: Networks
  checkins: Checkins
  deliveries: Deliveries
  texts: Texts
  events: EventBus
  /** The module a network works on, for the focus slot; without it waves 3 and 6 have one statement less. */
  runningModule?(network: Network): Promise<string | undefined>
  /** The meeting exercise that strengthens an element, to be offered to coordinators. */
  proposeExercise?(network: Network, element: string): Promise<Proposal>
}

interface Owed {
  cause: string
  purpose: string
}

/** Who gets what, each in their own language. */
export function createPosts({ networks, texts }: Pick<Room, 'networks' | 'texts'>) {
  return {
    /** One message to every team channel. */
    async toTeam(network: Network, owed: Owed, view: (t: Translator) => View): Promise<Draft[]> {
      const spaces = await networks.spaces(network.id, 'team')
      return spaces.map((space) => ({
        network: network.id,
        ...owed,
        to: { space: space.address },
        view: view(texts.in(space.language, ...network.languages)),
      }))
    },

    /** One private message to every coordinator. */
    async toCoordinators(network: Network, owed: Owed, view: (t: Translator) => View): Promise<Draft[]> {
      const coordinators = await networks.coordinators(network.id)
      return coordinators.map((member) => ({
        network: network.id,
        ...owed,
        to: { member: member.id },
        view: view(texts.in(member.language, ...network.languages)),
      }))
    },

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
