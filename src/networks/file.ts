import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument, visit, type Document } from 'yaml'
import type { z } from 'zod'
import { accountKey, addressKey } from '../kernel/address.ts'
import { networkFile, type NetworkFile } from './file-schema.ts'
import { nearest } from './suggest.ts'

/** One mistake in a file: where it is, and what to write instead. */
export interface Problem {
  line: number
  message: string
}

/** What was read: the network and a way to say where in the file something stands, or the mistakes. */
export type FileRead = { network: NetworkFile; lineOf(path: Path): number } | { problems: Problem[] }

/** Keys and positions from the top of the file: `['members', 3, 'zone']`. */
export type Path = readonly PropertyKey[]

// Room for the largest network the schema allows.
const MOST_BYTES = 4_000_000
const MOST_ALIASES = 100
const WORDS = [
  ...Object.keys(networkFile.shape),
  'type',
  'sector',
  'level',
  'category',
  'partner',
  'language',
  'coordinator',
].concat('accounts', 'slack', 'teams', 'kind', 'country', 'state', 'from', 'to')

/** Reads the YAML file of a network. Never throws: whatever is wrong is a list of mistakes, in the order of the file. */
export function readNetworkFile(text: string): FileRead {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return { problems: [{ line: 1, message: `the file must have at most ${MOST_BYTES / 1_000_000} MB` }] }
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', prettyErrors: false })
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line
  const broken = notPlain(document).map(({ offset, message }) => ({
    line: lines.linePos(offset).line,
    message,
  }))
  if (broken.length > 0) return { problems: broken }
  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: MOST_ALIASES })
  } catch {
    return {
      problems: [
        { line: 1, message: 'the file repeats itself through aliases (*name) that are unknown or too many' },
      ],
    }
  }
  const parsed = networkFile.safeParse(content)
  const issues = parsed.success ? crossCheck(parsed.data) : parsed.error.issues.flatMap(inPlainWords)
  if (!parsed.success || issues.length > 0) {
    const problems = issues.map(({ path, message }) => ({
      line: lineOf(path),
      message: `${nameOf(path)} ${message}`,
    }))
    return { problems: problems.sort((a, b) => a.line - b.line) }
  }
  return { network: parsed.data, lineOf }
}

interface Issue {
  path: Path
  message: string
}

// Only what JSON can say: no tags, and no keys but words. One mistake is told: the others mostly follow from it.
function notPlain(document: Document.Parsed): { offset: number; message: string }[] {
  const found = [...document.errors, ...document.warnings].slice(0, 1).map(({ pos, message }) => ({
    offset: pos[0],
    message: `the file is not valid YAML: ${message.split('\n')[0]}`,
  }))
  if (found.length > 0) return found
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && typeof key.value === 'string') return undefined
      const offset = (key as { range?: [number, number, number] } | null)?.range?.[0] ?? 0
      found.push({ offset, message: 'the word before a colon must be plain text' })
      return visit.BREAK
    },
  })
  return found
}

// Where a path stands, or where the nearest thing around it stands if it is missing.
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part)
      if (!pair) break
      offset = (pair.key as { range?: [number, number, number] }).range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof part === 'number' && node.items[part]) {
      node = node.items[part]
      offset = (node as { range?: [number, number, number] }).range?.[0] ?? offset
    } else break
  }
  return offset
}

function inPlainWords(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code !== 'unrecognized_keys') return [issue]
  return issue.keys.map((key) => {
    const near = nearest(key.slice(0, 60), WORDS)
    return {
      path: [...issue.path, key],
      message: `is not known here${near && near !== key ? `; write "${near}"` : '; leave it out'}`,
    }
  })
}

const nameOf = (path: Path): string =>
  path
    .map((part, i) => (typeof part === 'number' ? `[${part + 1}]` : `${i > 0 ? '.' : ''}${String(part)}`))
    .join('') || 'the file'

// What no single place can know.
function crossCheck({ partners, members, spaces }: NetworkFile): Issue[] {
  const partnerIds = partners.map(({ id }) => id)
  const known = new Set(partnerIds)
  const strangers = members.flatMap(({ partner }, i): Issue[] => {
    if (known.has(partner)) return []
    const near = nearest(partner, partnerIds)
    const hint = near ? `write "${near}"` : 'add it to the partners'
    return [
      {
        path: ['members', i, 'partner'],
        message: `is "${partner}", which is not among the partners; ${hint}`,
      },
    ]
  })
  const accounts = members.flatMap(({ accounts = [] }, i) =>
    accounts.map((account, j) => [accountKey(account), ['members', i, 'accounts', j]] as const),
  )
  return [
    ...strangers,
    ...twice(partners.map(({ id }, i) => [id, ['partners', i, 'id']] as const)),
    ...twice(members.map(({ id }, i) => [id, ['members', i, 'id']] as const)),
    ...twice(accounts),
    ...twice(spaces.map(({ address }, i) => [addressKey(address), ['spaces', i]] as const)),
    ...(members.some(({ coordinator }) => coordinator)
      ? []
      : [
          {
            path: ['members'],
            message: 'must have at least one coordinator; write "coordinator: true" for somebody',
          },
        ]),
  ]
}

function twice(entries: (readonly [key: string, path: Path])[]): Issue[] {
  const first = new Map<string, Path>()
  return entries.flatMap(([key, path]) => {
    const before = first.get(key)
    if (before) return [{ path, message: `is the same as ${nameOf(before)}; each may stand here only once` }]
    first.set(key, path)
    return []
  })
}
