import type { Temporal } from 'temporal-polyfill'
import type { Translator } from '../i18n/texts.ts'
import { derivedId } from '../kernel/ids.ts'
import type { Network, Partner } from '../networks/types.ts'
import type { Block, Button, View } from '../views/view.ts'
import { content } from './content.ts'
import { isQuiet, type Digest } from './digest.ts'
import type { Cared } from './room.ts'
import { turnOf, weekNumber } from './rules.ts'
import { button } from './views.ts'

// More in one message would be a list of failings; the others have their turn next week.
const SHOWN = 5

/**
 * The weekly look at care, for coordinators.
 * @param id of the occurrence: pressing a button of two coordinators' copies notes one contact
 */
export function digestView(t: Translator, digest: Digest, id: string, today: Temporal.PlainDate): View {
  const summary = t.plain('care:digest.summary')
  const blocks: Block[] = [{ type: 'heading', text: t.plain('care:digest.title') }]
  if (isQuiet(digest)) blocks.push({ type: 'text', text: t.t('care:digest.allWell') })
  else blocks.push({ type: 'text', text: t.t('care:digest.intro') })
  const week = weekNumber(today)
  const thank = ({ partner }: Cared): Button =>
    button(t, 'thanked', 'note', { id: derivedId(id, partner.id), partner: partner.id, type: 'thank' })
  const idea = (ideas: string[], { partner }: Cared, place: number): string =>
    t.t(`care-content:feed.${turnOf(ideas, week + place)}`, { organisation: partner.name })

  const section = (
    name: 'leftAlone' | 'asked' | 'toRest',
    each: (cared: Cared, place: number) => { text: string; buttons: Button[] },
  ): void => {
    const shown = theirTurn(digest[name], week)
    if (shown.length === 0) return
    blocks.push({ type: 'divider' }, { type: 'text', text: `**${t.t(`care:digest.${name}`)}**` })
    for (const [place, cared] of shown.entries()) {
      const { text, buttons } = each(cared, place)
      const named = t.t('care:digest.partner', { organisation: cared.partner.name })
      blocks.push({ type: 'text', text: `${named}\n${text}` }, { type: 'buttons', buttons })
    }
    const count = digest[name].length - shown.length
    if (count > 0) blocks.push({ type: 'context', text: t.t('care:digest.more', { count }) })
  }

  section('leftAlone', (cared, place) => ({
    text: idea(content.suggestions.neglected, cared, place),
    buttons: [thank(cared), button(t, 'contact', 'contact', { value: cared.partner.id })],
  }))
  section('asked', (cared, place) => ({
    text: idea(content.suggestions.asked, cared, place),
    buttons: [thank(cared)],
  }))
  section('toRest', (cared) => ({
    text: t.t('care:digest.restIdea'),
    buttons: [...restButton(t, cared), thank(cared)],
  }))
  if (digest.heldBack.length > 0) {
    const organisations = t.list(digest.heldBack.map(({ name }) => name))
    blocks.push({ type: 'divider' }, { type: 'text', text: t.t('care:digest.heldBack', { organisations }) })
  }
  blocks.push({ type: 'context', text: t.t('care:digest.end') })
  return { summary, blocks }
}

/** The ones who are shown this week, by name. */
function theirTurn(all: Cared[], week: number): Cared[] {
  if (all.length <= SHOWN) return all
  const start = (week * SHOWN) % all.length
  return all.filter((_, place) => (place - start + all.length) % all.length < SHOWN)
}

function restButton(t: Translator, { partner, standing }: Cared): Button[] {
  const { restDays } = standing.category
  if (restDays === null) return []
  const count = restDays / 7
  const args = { partner: partner.id, value: String(count) }
  return [{ label: t.plain('care:button.rest', { count }), action: { name: 'care.rest', args } }]
}

const sectorOf = (t: Translator, { sector }: Partner): string => t.plain(`care-content:sectors.${sector}`)

/** Two partners who might like to meet, for coordinators; without `id` a preview that has no buttons. */
export function introductionView(
  t: Translator,
  network: Network,
  [a, b]: [Partner, Partner],
  id: string | undefined,
  today: Temporal.PlainDate,
): View {
  const blocks: Block[] = [
    { type: 'heading', text: t.plain('care:introduction.title') },
    { type: 'text', text: t.t('care:introduction.intro') },
    {
      type: 'text',
      text: t.t('care:introduction.pair', {
        orgA: a.name,
        orgB: b.name,
        sectorA: sectorOf(t, a),
        sectorB: sectorOf(t, b),
      }),
    },
  ]
  const step = content.introductions.steps.find(({ phase }) => phase === network.phase)
  if (step) {
    const number = (weekNumber(today) % step.prompts) + 1
    const name = t.plain(`care-content:introductions.${step.id}.name`)
    const hint = t.plain(`care-content:introductions.${step.id}.prompts.${number}`)
    blocks.push({ type: 'text', text: t.t('care:introduction.hint', { name, hint }) })
  }
  if (id !== undefined)
    blocks.push({
      type: 'buttons',
      buttons: [
        button(t, 'introduce', 'introduce', { id }, { style: 'primary' }),
        button(t, 'notNow', 'not-now', { id }),
      ],
    })
  blocks.push({ type: 'context', text: t.t('care-content:brokerage.principle') })
  return { summary: t.plain('care:introduction.title'), blocks }
}

/** What a proposal becomes once a coordinator has decided. */
export function decidedView(
  t: Translator,
  [a, b]: [Partner, Partner],
  state: 'introduced' | 'not-now',
): View {
  const params = { orgA: a.name, orgB: b.name }
  return {
    summary: t.plain(`care:introduction.decided.${state}`, params),
    blocks: [{ type: 'text', text: t.t(`care:introduction.decided.${state}`, params) }],
  }
}

/** Texts that a coordinator can send: first to each side alone, then to both. */
export function readyTextsView(t: Translator, [a, b]: [Partner, Partner], id: string): View {
  const toSide = (one: Partner, other: Partner): Block[] => [
    { type: 'text', text: t.t('care:introduction.toOne', { organisation: one.name }) },
    {
      type: 'text',
      text: t.t('care:introduction.askFirst', { organisation: other.name, sector: sectorOf(t, other) }),
    },
  ]
  return {
    summary: t.plain('care:introduction.ready'),
    blocks: [
      { type: 'heading', text: t.plain('care:introduction.ready') },
      { type: 'text', text: t.t('care:introduction.how') },
      ...toSide(a, b),
      ...toSide(b, a),
      { type: 'text', text: t.t('care:introduction.toBoth') },
      { type: 'text', text: t.t('care:introduction.text', { orgA: a.name, orgB: b.name }) },
      { type: 'buttons', buttons: [button(t, 'introduced', 'introduced', { id })] },
    ],
  }
}
