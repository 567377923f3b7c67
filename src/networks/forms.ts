import { z } from 'zod'
import type { Ctx } from '../conversation/port.ts'
import type { Texts } from '../i18n/texts.ts'
import type { Field, Form, Option } from '../views/view.ts'
import type { Member, Network, Partner } from './types.ts'

const NAME_LENGTH = 80
// What a list to choose from can hold on Slack; an operator can make codes for the others.
const MOST_OPTIONS = 100

/** The languages people of a network may choose: its own, and those that Linkpin speaks. */
export const languagesFor = (network: Network, texts: Texts): string[] => [
  ...new Set([...network.languages, ...texts.languages.map(({ code }) => code)]),
]

/** What connects a channel, or changes how it is connected. */
export function connectForm({ t, network, space }: Ctx, texts: Texts): Form {
  return {
    title: t.plain('networks:connect.title'),
    intro: t.t('networks:connect.intro'),
    fields: [
      {
        id: 'kind',
        type: 'choice',
        required: true,
        label: t.plain('networks:connect.kind'),
        help: t.plain('networks:connect.kindHelp'),
        options: [
          { value: 'team', label: t.plain('networks:kinds.team') },
          { value: 'coordinators', label: t.plain('networks:kinds.coordinators') },
        ],
        value: space?.kind ?? 'team',
      },
      {
        id: 'name',
        type: 'text',
        required: true,
        label: t.plain('networks:connect.name'),
        maxLength: NAME_LENGTH,
        value: space?.name,
      },
      {
        id: 'language',
        type: 'choice',
        required: true,
        label: t.plain('networks:connect.language'),
        options: languageOptions(network, texts),
        value: space?.language ?? network.languages[0],
      },
    ],
    submitLabel: t.plain('networks:connect.submit'),
    cancelLabel: t.plain('networks:connect.cancel'),
    action: { name: 'networks.bind' },
    openedBy: { name: 'networks.connect' },
  }
}

const shortText = (message: string) => z.string(message).trim().min(1, message).max(NAME_LENGTH, message)

/** What is filled in to connect a channel. */
export const connectValues = z.object({
  kind: z.enum(['team', 'coordinators'], 'networks:errors.kindMissing'),
  name: shortText('networks:errors.channelName'),
  language: z.string('networks:errors.languageMissing'),
})

/** What makes a code: for a member without an account, or for somebody new. */
export function inviteForm({ t, network }: Ctx, texts: Texts, partners: Partner[], members: Member[]): Form {
  const waiting = options(
    members.filter(({ accounts }) => accounts.length === 0),
    t.language,
  )
  const member: Field = {
    id: 'member',
    type: 'member',
    label: t.plain('networks:invite.member'),
    options: waiting,
  }
  return {
    title: t.plain('networks:invite.title'),
    intro: waiting.length > 0 ? t.t('networks:invite.intro') : t.t('networks:invite.introNew'),
    fields: [
      ...(waiting.length > 0 ? [member] : []),
      {
        id: 'name',
        type: 'text',
        label: t.plain('networks:invite.name'),
        help: t.plain('networks:invite.nameHelp'),
        maxLength: NAME_LENGTH,
      },
      {
        id: 'partner',
        type: 'partner',
        label: t.plain('networks:invite.partner'),
        options: options(partners, t.language),
      },
      {
        id: 'language',
        type: 'choice',
        label: t.plain('networks:invite.language'),
        options: languageOptions(network, texts),
        value: network.languages[0],
      },
    ],
    submitLabel: t.plain('networks:invite.submit'),
    cancelLabel: t.plain('networks:invite.cancel'),
    action: { name: 'networks.send-invite' },
    openedBy: { name: 'networks.invite' },
  }
}

// What was left empty arrives as nothing or as an empty text.
const optional = z
  .string()
  .trim()
  .optional()
  .transform((value) => value || undefined)

/** What is filled in to invite; which of it belongs together is checked by the action. */
export const inviteValues = z.object({
  member: optional,
  name: optional.refine((name) => (name ?? '').length <= NAME_LENGTH, 'networks:errors.inviteName'),
  partner: optional,
  language: optional,
})

const languageOptions = (network: Network, texts: Texts): Option[] =>
  languagesFor(network, texts).map((value) => ({ value, label: texts.nameOf(value) }))

const options = (things: { id: string; name: string }[], language: string): Option[] =>
  things
    .map(({ id, name }) => ({ value: id, label: name }))
    .sort((a, b) => a.label.localeCompare(b.label, language))
    .slice(0, MOST_OPTIONS)
