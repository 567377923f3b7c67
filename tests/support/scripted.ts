import { Temporal } from 'temporal-polyfill'
import type { Conversation, Incoming, Reply } from '../../src/conversation/port.ts'
import { accountKey, addressKey, type Address } from '../../src/kernel/address.ts'
import type { Member, Network, Networks, Partner, Space } from '../../src/networks/types.ts'
import type { Form, View } from '../../src/views/view.ts'

const quietHours = { from: '18:00', to: '08:00' }
const slack = (userId: string) => ({ platform: 'slack' as const, tenant: 'T0STADT', userId })
const teams = (userId: string) => ({ platform: 'teams' as const, tenant: 'polizei', userId })
const channel = (platform: 'slack' | 'teams', tenant: string, id: string): Address => ({
  platform,
  tenant,
  kind: 'channel',
  id,
})

export const NETWORK: Network = {
  id: 'rheinfurt',
  name: 'Rheinfurt',
  zone: 'Europe/Berlin',
  languages: ['de', 'en'],
  quietHours,
  weekend: [6, 7],
  phase: 'start',
}

export const TEAM = channel('slack', 'T0STADT', 'C0TEAM')
export const POLICE = channel('teams', 'polizei', '19:team@thread.tacv2')

const partner = (id: string, name: string): Partner => ({
  id,
  network: NETWORK.id,
  name,
  type: 'formal',
  sector: 'youth',
  level: 'operational',
  category: 'core',
})
const PARTNERS = [
  partner('city', 'City of Rheinfurt'),
  partner('police', 'Police'),
  partner('bridge', 'Bridge Club e.V.'),
]

const person = (
  id: string,
  name: string,
  at: string,
  language: string,
  accounts: Member['accounts'],
): Member => ({
  id,
  network: NETWORK.id,
  name,
  partner: at,
  language,
  zone: NETWORK.zone,
  quietHours,
  coordinator: id === 'aylin',
  accounts,
})
const MEMBERS = [
  person('aylin', 'Aylin Demir', 'city', 'en', [slack('U0AYLIN'), teams('29:aylin')]),
  person('jonas', 'Jonas Weber', 'city', 'de', [slack('U0JONAS')]),
  person('marta', 'Marta Kowalska', 'police', 'pl', [teams('29:marta')]),
  person('samir', 'Samir Haddad', 'bridge', 'ar', [slack('U0SAMIR')]),
]

const space = (kind: Space['kind'], name: string, address: Address, language: string): Space => ({
  network: NETWORK.id,
  kind,
  name,
  address,
  language,
})
const SPACES = [
  space('team', 'prevention-team', TEAM, 'en'),
  space('team', 'Prevention team', POLICE, 'de'),
  space('coordinators', 'coordination', channel('slack', 'T0STADT', 'C0COORD'), 'en'),
]

/** An invented network that never changes. */
export const scriptedNetworks: Networks = {
  list: async () => [NETWORK],
  network: async () => NETWORK,
  partners: async () => PARTNERS,
  partner: async (_network, id) => PARTNERS.find((one) => one.id === id),
  members: async () => MEMBERS,
  member: async (_network, id) => MEMBERS.find((one) => one.id === id),
  memberByAccount: async (account) =>
    MEMBERS.find(({ accounts }) => accounts.some((one) => accountKey(one) === accountKey(account))),
  coordinators: async () => MEMBERS.filter(({ coordinator }) => coordinator),
  spaces: async (_network, kind) => SPACES.filter((one) => !kind || one.kind === kind),
  spaceAt: async (address) => SPACES.find((one) => addressKey(one.address) === addressKey(address)),
  nextGoodHour: (_network, at) => at,
  nextGoodHourFor: (_member, _network, at) => at,
  isDayOff: () => false,
}

const POINTS = ['Not at all', 'A little', 'Partly', 'Mostly', 'Fully'].map((label, index) => ({
  value: index + 1,
  label,
}))

/** A message with one of everything. */
export const sheet = (answer?: number): View => ({
  summary: 'A short survey: two minutes, anonymous',
  blocks: [
    { type: 'heading', text: 'How well do we know one another?' },
    {
      type: 'text',
      text: 'Two minutes, so that we can choose the next topic. **Who sees this:** nobody sees single answers.\n- The result comes on Friday.\n- Below five answers there is _no_ result.',
    },
    {
      type: 'scale',
      statement: 'I know whom to call in the other organisations.',
      points: POINTS,
      skipLabel: 'Cannot say',
      answer,
      action: { name: 'pulse.answer', args: { item: 'i1' } },
    },
    { type: 'divider' },
    {
      type: 'facts',
      facts: [
        { label: 'Open until', value: 'Friday, 27 November' },
        { label: 'Invited', value: '12 people' },
      ],
    },
    {
      type: 'buttons',
      buttons: [
        { label: 'Plan a meeting', action: { name: 'test.plan' }, style: 'primary', opensForm: true },
        { label: 'Later', action: { name: 'test.later' } },
      ],
    },
    { type: 'context', text: 'Taking part is voluntary.' },
  ],
})

const planForm: Form = {
  title: 'Plan a meeting',
  intro: 'Please keep it **general**: no names, no cases.',
  fields: [
    { id: 'topic', type: 'text', label: 'Topic', help: 'One line is enough.', maxLength: 80, required: true },
    { id: 'notes', type: 'text', label: 'Notes', maxLength: 500, multiline: true },
    {
      id: 'size',
      type: 'choice',
      label: 'Size',
      options: ['Small', 'Large'].map((label) => ({ value: label.toLowerCase(), label })),
      value: 'small',
    },
    { id: 'day', type: 'date', label: 'Day' },
  ],
  submitLabel: 'Save',
  cancelLabel: 'Cancel',
  action: { name: 'test.save' },
  openedBy: { name: 'test.plan' },
}

const text = (words: string): View => ({ summary: words, blocks: [{ type: 'text', text: words }] })

/** A conversation that answers the same to everybody and remembers what it was told. */
export function scriptedConversation(): Conversation & { told: Incoming[] } {
  const told: Incoming[] = []
  return {
    told,
    handle: async (incoming) => {
      told.push(incoming)
      return answer(incoming)
    },
  }
}

function answer({ what }: Incoming): Reply {
  switch (what.kind) {
    case 'command':
      return { notice: text(`You said: ${what.text}`) }
    case 'home':
      return {
        home: { summary: 'Home', blocks: [{ type: 'heading', text: 'Your network' }, ...sheet().blocks] },
      }
    case 'press':
      if (what.action.name === 'test.plan') return { form: planForm }
      if (what.action.name === 'test.later') return { notice: text('No hurry.') }
      return { update: sheet(Number(what.action.args?.value)) }
    case 'submit':
      return what.values.topic === 'Everything'
        ? { errors: { topic: 'Could this be smaller?' } }
        : { update: text(`Planned: ${String(what.values.topic)}`) }
  }
}

export const START = Temporal.Instant.from('2026-11-24T08:00:00Z')
