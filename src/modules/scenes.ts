import type { Translator } from '../i18n/texts.ts'
import type { Block, Button, View } from '../views/view.ts'
import { nextScenario } from './catalogue.ts'

/** An invented scene to practise with, and how many of its twists are told (0 to 2). */
export interface Scene {
  scenario: string
  twists: number
}

/** How many twists each scene has. */
export const TWISTS = 2

/** The scene for coordinators, with buttons for the next twist, another scene, and the channel. */
export function sceneCard(t: Translator, scene: Scene): View {
  const { scenario, twists } = scene
  const another = nextScenario(scenario)
  const show = (label: string, args: Scene): Button => ({
    label,
    action: { name: 'modules.scene', args: { ...args } },
  })
  const buttons: Button[] = [
    {
      label: t.plain('modules:scene.post'),
      style: 'primary',
      action: { name: 'modules.post-scene', args: { ...scene } },
    },
    ...(twists < TWISTS ? [show(t.plain('modules:scene.twist'), { scenario, twists: twists + 1 })] : []),
    show(t.plain('modules:scene.another'), { scenario: another, twists: 0 }),
  ]
  const view = sceneView(t, scene)
  return {
    ...view,
    blocks: [
      ...view.blocks,
      { type: 'buttons', buttons },
      { type: 'context', text: t.t('modules:scene.onlyYou') },
    ],
  }
}

/** The scene as the channel sees it. */
export function sceneView(t: Translator, { scenario, twists }: Scene): View {
  const title = t.plain(`modules-content:scenarios.${scenario}.title`)
  const told = Array.from({ length: twists }, (_, index): Block => {
    const twist = t.t(`modules-content:scenarios.${scenario}.twist${index + 1}`)
    return { type: 'text', text: t.t('modules:scene.told', { twist }) }
  })
  return {
    summary: t.plain('modules:scene.summary', { title }),
    blocks: [
      { type: 'heading', text: title },
      { type: 'text', text: t.t('modules:scene.what') },
      { type: 'text', text: t.t(`modules-content:scenarios.${scenario}.text`) },
      ...told,
      { type: 'context', text: t.t('guardrails:lines.invented-only') },
    ],
  }
}
