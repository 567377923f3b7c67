import { Temporal } from 'temporal-polyfill'
import type { Ctx } from '../conversation/port.ts'
import type { Texts, Translator } from '../i18n/texts.ts'
import { localDate } from '../kernel/clock.ts'
import type { Block, View } from '../views/view.ts'
import { CODE_DAYS, type Invitation } from './joining.ts'
import type { Member, Network, Partner } from './types.ts'

// More would not fit into one message.
const MOST_PARTNERS_SHOWN = 40

const titled = (title: string, ...blocks: Block[]): View => ({
  summary: title,
  blocks: [{ type: 'heading', text: title }, ...blocks],
})

/** The first message a new member sees: what Linkpin does, and what it never does. */
export function welcomeView(t: Translator, network: Network, member: Member, partner: string): View {
  return titled(
    t.plain('networks:welcome.title', { network: network.name }),
    { type: 'text', text: t.t('networks:welcome.hello', { name: member.name, partner }) },
    { type: 'text', text: t.t('networks:welcome.does') },
    { type: 'text', text: t.t('networks:welcome.never') },
    { type: 'context', text: t.t('networks:welcome.voluntary') },
  )
}

/**
 * A code for somebody else, shown to the coordinator only.
 * @param theirs the texts in the language of the person invited: for the words that are passed on
 */
export function invitationView({ t, network }: Ctx, theirs: Translator, { code, name }: Invitation): View {
  return titled(
    t.plain('networks:invite.done', { name }),
    { type: 'text', text: t.t('networks:invite.code', { code, days: CODE_DAYS }) },
    { type: 'text', text: t.t('networks:invite.sayIntro') },
    { type: 'text', text: theirs.t('networks:invite.say', { network: network.name, code }) },
  )
}

/** A code for the member's own second account. */
export const linkView = ({ t }: Ctx, { code }: Invitation): View =>
  titled(t.plain('networks:link.title'), {
    type: 'text',
    text: t.t('networks:link.code', { code, days: CODE_DAYS }),
  })

/** How long one may be left in peace at a time; every pause has an end. */
export const MUTE_WEEKS = ['1', '2', '4', '8'] as const

/** The choice to hear nothing for a while, with what holds now. */
export function muteView({ t, member, now }: Pick<Ctx, 't' | 'member' | 'now'>): View {
  const until = member.mutedUntil && Temporal.PlainDate.from(member.mutedUntil)
  const muted = until && Temporal.PlainDate.compare(localDate(now, member.zone), until) < 0
  const weeks = MUTE_WEEKS.map((value) => ({
    value,
    label: t.plain('networks:mute.weeks', { count: Number(value) }),
  }))
  return titled(
    t.plain('networks:mute.title'),
    {
      type: 'text',
      text: muted ? t.t('networks:mute.until', { date: t.date(until) }) : t.t('networks:mute.not'),
    },
    {
      type: 'choice',
      question: t.plain('networks:mute.question'),
      options: [...weeks, ...(muted ? [{ value: 'no', label: t.plain('networks:mute.end') }] : [])],
      action: { name: 'networks.mute' },
    },
  )
}

/** The partners and how many people take part for each, by name: nothing that ranks. */
export function whoView({ t, network, member }: Ctx, partners: Partner[], members: Member[]): View {
  const count = ({ id }: Partner): number => members.filter(({ partner }) => partner === id).length
  const shown = partners
    .filter((partner) => member.coordinator || partner.type === 'formal' || count(partner) > 0)
    .sort((a, b) => a.name.localeCompare(b.name, t.language))
  const lines = shown
    .slice(0, MOST_PARTNERS_SHOWN)
    .map((partner) => `- ${t.t('networks:who.partner', { name: partner.name, count: count(partner) })}`)
  const more = shown.length - lines.length
  if (more > 0) lines.push(`- ${t.t('networks:who.more', { count: more })}`)
  const names = t.list(members.filter(({ coordinator }) => coordinator).map(({ name }) => name))
  return titled(
    t.plain('networks:who.title', { network: network.name }),
    { type: 'text', text: lines.join('\n') },
    { type: 'text', text: t.t('networks:who.coordinators', { names }) },
    { type: 'context', text: t.t('networks:who.order') },
  )
}

/**
 * The choice of one's own language, in the language that holds now.
 * @param languages codes to choose from
 * @param chosen true right after a choice: says what follows from it
 */
export function languageView(
  t: Translator,
  texts: Texts,
  languages: string[],
  current: string,
  chosen = false,
): View {
  const options = languages.map((value) => ({ value, label: texts.nameOf(value) }))
  const language = texts.nameOf(current)
  const blocks: Block[] = [
    {
      type: 'choice',
      question: t.plain('networks:language.question'),
      options,
      chosen: current,
      action: { name: 'networks.language' },
    },
  ]
  if (chosen) blocks.push({ type: 'text', text: t.t('networks:language.set', { language }) })
  if (!texts.speaks(current)) {
    const instead = texts.nameOf(t.language)
    blocks.push({ type: 'context', text: t.t('networks:language.notYet', { language, instead }) })
  }
  return titled(t.plain('networks:language.title'), ...blocks)
}

/** What the networks room knows about a member, in lines. */
export function knownLines({ t, member, network }: Ctx, texts: Texts, partner: string): string[] {
  const { name, language, quietHours, zone, accounts, coordinator, mutedUntil } = member
  const platforms = t.list(
    accounts.map(({ platform }) =>
      platform === 'slack' ? t.plain('networks:platforms.slack') : t.plain('networks:platforms.teams'),
    ),
  )
  return [
    t.t('networks:known.name', { name, partner }),
    t.t('networks:known.language', { language: texts.nameOf(language) }),
    t.t('networks:known.hours', { ...quietHours, zone }),
    t.t('networks:known.accounts', { platforms }),
    ...(mutedUntil
      ? [t.t('networks:known.break', { date: t.date(Temporal.PlainDate.from(mutedUntil)) })]
      : []),
    ...(coordinator ? [t.t('networks:known.coordinator', { network: network.name })] : []),
  ]
}
