import type { Accepted } from './provider.ts'

/** A delivery that is due. */
export interface Owed {
  id: string
  /** By what the platform knows its message. */
  key: string
  /** The fault that it lives through. */
  group: string
}

/** What the ledger says of one. */
export interface Entry {
  _id: string
  state: string
  reason?: string
  ref?: Record<string, string>
  fence: number
  leaseUntil?: unknown
}

/** What became of all that was due under one fault. */
export interface Tally {
  fault: string
  /** Processes killed, stopped or ended meanwhile. */
  killed: number
  owed: number
  sent: number
  failed: number
  unknown: number
  /** Of the unknown, how many the platform has accepted. */
  arrived: number
  dropped: number
  lost: number
  doubled: number
  /** The reasons of all that was not sent. */
  why: string
  /** Whatever else is to be said: a measured time, why it was skipped. */
  note?: string
  /** Broken promises, in words. Empty where all is well. */
  wrong: string[]
}

export const ENDS = ['sent', 'failed', 'unknown', 'dropped']

/** Whether a delivery has come to one of its ends. */
export const hasEnded = (entry: Entry | undefined): boolean =>
  entry !== undefined && ENDS.includes(entry.state)

/**
 * Holds what was due against the ledger and against what the platforms accepted: each delivery was accepted once and is
 * recorded as sent, or failed or was dropped for a reason and was never accepted, or is unknown and listed as such.
 */
export function judge(
  fault: string,
  owed: Owed[],
  ledger: Map<string, Entry>,
  accepted: Accepted[],
  more: { killed?: number; note?: string; wrong?: string[] } = {},
): Tally {
  const wrong = [...(more.wrong ?? [])]
  const byKey = new Map<string, Accepted[]>()
  for (const one of accepted) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one])
  const reasons = new Map<string, number>()
  const counts = { sent: 0, failed: 0, unknown: 0, arrived: 0, dropped: 0, lost: 0, doubled: 0 }
  for (const { id, key } of owed) {
    const entry = ledger.get(id)
    const messages = byKey.get(key) ?? []
    const complain = (what: string): void => void wrong.push(`${id}: ${what}`)
    if (messages.length > 1) {
      counts.doubled++
      complain(`accepted ${messages.length} times`)
    }
    if (!entry || !hasEnded(entry)) {
      counts.lost++
      complain(entry ? `still ${entry.state}` : 'not in the ledger')
      continue
    }
    const { state, reason, ref } = entry
    if (state === 'sent') {
      counts.sent++
      const name = ref?.ts ?? ref?.activityId
      if (!messages.some((one) => one.name === name)) complain('recorded as sent, but not what was accepted')
    } else if (!reason) complain(`${state} without a reason`)
    if (state !== 'sent') reasons.set(reason ?? state, (reasons.get(reason ?? state) ?? 0) + 1)
    if (state === 'unknown') {
      counts.unknown++
      if (messages.length > 0) counts.arrived++
    }
    if (state === 'failed' || state === 'dropped') {
      counts[state]++
      if (messages.length > 0) complain(`${state}, but accepted`)
    }
  }
  const why = [...reasons].map(([reason, count]) => `${reason} ${count}`).join(', ')
  return { fault, killed: more.killed ?? 0, owed: owed.length, ...counts, why, note: more.note, wrong }
}

/** A row that says why nothing was tried. */
export const skipped = (fault: string, why: string): Tally => ({
  ...judge(fault, [], new Map(), []),
  note: `NOT TESTED: ${why}`,
})

const COLUMNS = [
  'killed',
  'owed',
  'sent',
  'failed',
  'unknown',
  'arrived',
  'dropped',
  'lost',
  'doubled',
] as const

/** The counts as a Markdown table. */
export function tableOf(tallies: Tally[]): string {
  const head = ['fault', ...COLUMNS, 'why', '']
  const rows = tallies.map((tally) => [
    tally.fault,
    ...COLUMNS.map((name) => String(tally[name])),
    tally.why,
    tally.note ?? '',
  ])
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return lines.join('\n')
}
