import { accountKey, addressKey } from '../kernel/address.ts'
import { toDate, type Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import { formatNetworkFile } from './file-format.ts'
import { readNetworkFile, type FileRead, type Path, type Problem } from './file.ts'
import { endMembership } from './joining.ts'
import { given, portions, put, replace } from './merging.ts'
import { idInStore, idOutside } from './model.ts'
import type { AccountDoc, MemberDoc, Models, NetworkDoc, PartnerDoc, SpaceDoc } from './model.ts'
import { HERE } from './reading.ts'
import type { Networks } from './types.ts'

/** A file with mistakes. Nothing of it was imported. */
export class FileMistakes extends Error {
  override readonly name = 'FileMistakes'
  readonly problems: Problem[]

  constructor(problems: Problem[]) {
    super(problems.map(({ line, message }) => `line ${line}: ${message}`).join('\n'))
    this.problems = problems
  }
}

/** A network as a file. */
export interface Importing {
  /**
   * Makes a network what its file says. The same file again changes nothing. Whom an earlier file brought and this one
   * does not list leaves, and so do such accounts, spaces and partners; whatever came about in the chat stays (members
   * who joined with an invitation, linked accounts, connected channels, a language someone chose) until a file lists it.
   * Who left by their own decision is not brought back: to return, they need an invitation or a new id.
   * @returns the network's id
   * @throws FileMistakes where the file has mistakes, or wants an account or a channel of another network
   */
  importFile(text: string): Promise<string>
  /** The file of a network in canonical form, with all that came about in the chat; undefined where there is none. */
  exportFile(network: string): Promise<string | undefined>
  /**
   * Tells `member.left` again for everybody who left: an import in another process could not tell this one.
   * Call it at start.
   */
  tellWhoLeft(): Promise<void>
}

type Read = Extract<FileRead, { network: unknown }>

/** The use cases around files. */
export function createImporting(
  models: Models,
  networks: Networks,
  { clock, events }: { clock: Clock; events: EventBus },
): Importing {
  const { members, accounts, spaces, partners } = models

  async function conflicts({ network, lineOf }: Read): Promise<Problem[]> {
    const problem = (path: Path, message: string): Problem => ({ line: lineOf(path), message })
    const foreign = { network: { $ne: network.id } }
    const accountPaths = new Map(
      network.members.flatMap(({ accounts = [] }, i) =>
        accounts.map((account, j) => [accountKey(account), ['members', i, 'accounts', j]] as const),
      ),
    )
    const spacePaths = new Map(
      network.spaces.map(({ address }, i) => [addressKey(address), ['spaces', i]] as const),
    )
    const taken: Problem[] = []
    for (const ids of portions([...accountPaths.keys()])) {
      for (const { _id } of await accounts.find({ _id: { $in: ids }, ...foreign }).lean<AccountDoc[]>()) {
        taken.push(
          problem(accountPaths.get(_id) ?? [], 'this account belongs to a member of another network'),
        )
      }
    }
    const foreignSpaces = spaces.find({ _id: { $in: [...spacePaths.keys()] }, ...foreign })
    for (const { _id } of await foreignSpaces.lean<SpaceDoc[]>()) {
      taken.push(problem(spacePaths.get(_id) ?? [], 'this channel is connected to another network'))
    }
    const listed = new Set(network.members.map(({ id }) => idInStore(network.id, id)))
    const known = new Set(network.partners.map(({ id }) => id))
    const staying = await members.find({ network: network.id, origin: 'chat', ...HERE }).lean<MemberDoc[]>()
    const orphaned = new Set(
      staying.filter(({ _id }) => !listed.has(_id)).map(({ partner }) => partner ?? ''),
    )
    return [
      ...taken,
      ...[...orphaned]
        .filter((id) => !known.has(id))
        .map((id) =>
          problem(
            ['partners'],
            `"${id}" is missing, but people who joined in the chat belong to it; list it here`,
          ),
        ),
    ]
  }

  async function importMembers({ network }: Read): Promise<void> {
    const existing = await members.find({ network: network.id }).lean<MemberDoc[]>()
    const byId = new Map(existing.map((doc) => [doc._id, doc]))
    const wanted = network.members.map((member): MemberDoc => {
      const { id, name, partner, zone, quietHours, coordinator = false } = member
      const _id = idInStore(network.id, id)
      const ownLanguage = byId.get(_id)?.ownLanguage
      const language = member.language ?? network.languages[0]
      return given({
        _id,
        network: network.id,
        name,
        partner,
        language,
        ownLanguage,
        zone,
        quietHours,
        coordinator,
        origin: 'file',
      })
    })
    const isAway = (id: string): boolean => byId.get(id)?.leftBy === 'member'
    const here = wanted.filter(({ _id }) => !isAway(_id))
    await put(members, here, existing)
    const listed = new Set(wanted.map(({ _id }) => _id))
    const gone = existing.filter(({ _id, origin, left }) => origin === 'file' && !left && !listed.has(_id))
    for (const { _id } of gone) {
      await endMembership(models, _id, 'file', toDate(clock.now()))
      await events.emit('member.left', { network: network.id, member: idOutside(_id) })
    }
    const held = network.members
      .filter(({ id }) => !isAway(idInStore(network.id, id)))
      .flatMap(({ id, accounts = [] }) =>
        accounts.map((account, position): AccountDoc => ({
          _id: accountKey(account),
          ...account,
          network: network.id,
          member: idInStore(network.id, id),
          position,
          origin: 'file',
        })),
      )
    await replace(accounts, network.id, held)
  }

  return {
    async importFile(text) {
      const read = readNetworkFile(text)
      if ('problems' in read) throw new FileMistakes(read.problems)
      const problems = await conflicts(read)
      if (problems.length > 0) throw new FileMistakes(problems)
      const { id, name, zone, languages, quietHours, weekend, holidays, phase } = read.network
      const fallback = languages[0] ?? 'en'
      const partnerDocs = read.network.partners.map(({ id: partner, ...rest }): PartnerDoc => ({
        _id: idInStore(id, partner),
        network: id,
        ...rest,
      }))
      const spaceDocs = read.network.spaces.map(({ language = fallback, ...rest }): SpaceDoc => ({
        _id: addressKey(rest.address),
        network: id,
        language,
        ...rest,
        origin: 'file',
      }))
      const before = await partners.find({ network: id }).lean<PartnerDoc[]>()
      await put(partners, partnerDocs, before)
      await importMembers(read)
      await replace(spaces, id, spaceDocs)
      const kept = new Set(partnerDocs.map(({ _id }) => _id))
      for (const { _id } of before.filter((old) => !kept.has(old._id))) await partners.deleteOne({ _id })
      // The network itself comes last: nobody works with half of it.
      const home: NetworkDoc = given({ _id: id, name, zone, languages, quietHours, weekend, holidays, phase })
      await put(models.networks, [home], await models.networks.find({ _id: id }).lean<NetworkDoc[]>())
      await events.emit('network.imported', { network: id })
      return id
    },

    async exportFile(id) {
      const home = await models.networks.findById(id).lean<NetworkDoc>()
      if (!home) return undefined
      const own = await members.find({ network: id, ...HERE }).lean<MemberDoc[]>()
      const stated = new Map(own.map(({ _id, zone, quietHours }) => [idOutside(_id), { zone, quietHours }]))
      const network = await networks.network(id)
      return formatNetworkFile({
        ...network,
        partners: (await networks.partners(id)) as Read['network']['partners'],
        // Zone and quiet hours only where they were stated for the member.
        members: (await networks.members(id)).map((member) => ({
          ...member,
          zone: undefined,
          quietHours: undefined,
          ...stated.get(member.id),
        })),
        spaces: await networks.spaces(id),
      })
    },

    async tellWhoLeft() {
      const gone = await members.find({ left: { $exists: true } }).lean<MemberDoc[]>()
      for (const { _id, network } of gone) {
        await events.emit('member.left', { network, member: idOutside(_id) })
      }
    },
  }
}
