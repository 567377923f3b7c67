import type { Kind } from '../checkins/kind.ts'
import type { Feature } from '../conversation/port.ts'
import type { Translator } from '../i18n/texts.ts'
import type { Network } from '../networks/types.ts'
import type { View } from '../views/view.ts'
import { createFeature } from './actions.ts'
import { moduleFor } from './catalogue.ts'
import { stateOf } from './journey.ts'
import { startButton } from './journey-views.ts'
import { followUpKind, nudgeKind } from './kinds.ts'
import type { Room } from '../checkins/room.ts'
import { createUseCases } from './room.ts'
import { exerciseView } from './views.ts'

/** A module's meeting exercise, proposed to coordinators because of an element. */
interface Proposal {
  module: string
  /** The exercise's title, plain. */
  title(t: Translator): string
  /** Title, steps and safety notes, with a button that takes the module up where it does not run. */
  view(t: Translator): View
}

/** The modules room: a network's journey through eight modules, one nudge a week. */
export function createModules(room: Room): {
  feature: Feature
  kinds: Kind[]
  /**
   * The meeting exercise that strengthens an element.
   * @throws Error where there is no such element
   */
  proposeExercise(network: Network, element: string): Promise<Proposal>
  /** The id of the module a network works on; undefined between two modules. */
  runningModule(network: Network): Promise<string | undefined>
} {
  const useCases = createUseCases(room)
  return {
    feature: createFeature(useCases, room),
    kinds: [nudgeKind(useCases, room), followUpKind(useCases)],
    async proposeExercise(network, element) {
      const { id } = moduleFor(element)
      const running = stateOf(await useCases.journeys.read(network), id) === 'running'
      return {
        module: id,
        title: (t) => t.plain(`modules-content:modules.${id}.exercise.title`),
        view: (t) => exerciseView(t, id, running ? [] : [startButton(t, id, 'next')]),
      }
    },
    runningModule: async (network) => (await useCases.journeys.read(network)).current ?? undefined,
  }
}
