import { Document, Scalar, YAMLSeq, isMap, isScalar, isSeq, visit } from 'yaml'
import type { Account, Address } from '../kernel/address.ts'
import { addressKey } from '../kernel/address.ts'
import type { NetworkFile } from './file-schema.ts'

const HEADER = ` A Linkpin network. Check it with: npm run network -- check FILE
 Ids appear in logs: use functions (police-2), never names.`

/**
 * Writes a network as YAML, in the canonical form: keys in a fixed order, partners and members by id, spaces by address,
 * nothing that says the usual. Reading it gives the same network; writing what was read gives the same bytes.
 * Comments and the order of an earlier file are not kept.
 */
export function formatNetworkFile(network: NetworkFile): string {
  const { id, name, zone, languages, quietHours, weekend, holidays, phase } = network
  const content = {
    ...{ id, name, zone, languages, quietHours, weekend, holidays, phase },
    partners: [...network.partners]
      .sort(byId)
      .map(({ id, name, type, sector, level, category }) => ({ id, name, type, sector, level, category })),
    members: [...network.members].sort(byId).map((member) => ({
      ...{ id: member.id, name: member.name, partner: member.partner, language: member.language },
      coordinator: member.coordinator || undefined,
      zone: member.zone,
      quietHours: member.quietHours,
      accounts: member.accounts?.length ? member.accounts.map(ofAccount) : undefined,
    })),
    spaces: [...network.spaces]
      .sort((a, b) => compare(addressKey(a.address), addressKey(b.address)))
      .map(({ kind, name, language, address }) => ({ kind, name, language, ...ofAddress(address) })),
  }
  const document = new Document(content, { keepUndefined: false, schema: 'core' })
  document.commentBefore = HEADER
  layOut(document)
  // As Prettier would have it: blanks inside of braces, none inside of brackets.
  return document
    .toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: true })
    .replace(/^(languages|weekend): \[ (.*) \]$/gm, '$1: [$2]')
}

// Code points, not a locale's order: the same on every machine.
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byId = (a: { id: string }, b: { id: string }): number => compare(a.id, b.id)
const ofAccount = ({ platform, tenant, userId }: Account) => ({ [platform]: `${tenant}/${userId}` })
const ofAddress = ({ platform, tenant, id }: Address) => ({ [platform]: `${tenant}/${id}` })

const ON_ONE_LINE = ['languages', 'quietHours', 'weekend', 'holidays']
const LISTS = ['partners', 'members', 'spaces']

function layOut(document: Document): void {
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key)) return
      if (ON_ONE_LINE.includes(String(key.value)) && (isMap(value) || isSeq(value))) value.flow = true
      if (LISTS.includes(String(key.value)) && value instanceof YAMLSeq) key.spaceBefore = true
    },
    // Times would be numbers to older readers of YAML.
    Scalar(_, node) {
      if (typeof node.value === 'string' && /^\d\d:\d\d$/.test(node.value)) node.type = Scalar.QUOTE_SINGLE
    },
  })
}
