/**
 * Every change of the clocks there is, and a judge of schedulers around it. It reads clocks through Intl alone, and so
 * shares no arithmetic with what it judges.
 */
const HOUR = 3_600_000
const DAY = 24 * HOUR
const HALF_HOURS = 48

/** One change of a zone's offset; where a zone has none, an ordinary moment of it. Milliseconds. */
export interface ClockChange {
  zone: string
  /** The first instant of the new offset, as Unix time. */
  at: number
  /** Local time minus UTC, before and from then on. */
  before: number
  after: number
}

/** A scheduler to be judged: an instant to the next run after it, Unix milliseconds. Daily at a local time of a zone. */
export type NextRun = (zone: string, hour: number, minute: number) => (after: number) => number

/** What the judge counted. `runs` are local dates on which one run was owed. */
export interface Verdict {
  runs: number
  /** Dates without a run. */
  lost: number
  /** Dates with more than one. */
  doubled: number
  /** Runs at another local time than asked for: right where the clocks leap over it, wrong elsewhere. */
  moved: number
  /** Of these, where the local time did exist. */
  movedInVain: number
  /** Schedules that ended in an error. */
  threw: number
}

/** All zones of this machine, each with all its changes from one instant to another. */
export function clockChanges(from: string, to: string): ClockChange[] {
  const [start, end] = [Date.parse(from), Date.parse(to)]
  return Intl.supportedValuesOf('timeZone').flatMap((zone) => {
    const changes = changesOf(zone, start, end)
    const offset = offsetAt(zone)(start)
    return changes.length > 0 ? changes : [{ zone, at: start + 2 * DAY, before: offset, after: offset }]
  })
}

/** The same changes, one zone for all that change alike: some changes are shared by fifty zones. */
export const distinct = (changes: ClockChange[]): ClockChange[] => [
  ...new Map(changes.map((one) => [`${one.at} ${one.before} ${one.after}`, one])).values(),
]

/**
 * Follows a scheduler over four days around each change, at every half hour.
 * @param step 2 looks at every second half hour only, in turn at the even and the odd ones
 */
export function judge(nextRun: NextRun, changes: ClockChange[], step = 1): Verdict {
  const verdict: Verdict = { runs: 0, lost: 0, doubled: 0, moved: 0, movedInVain: 0, threw: 0 }
  for (const [index, change] of changes.entries())
    for (let half = index % step; half < HALF_HOURS; half += step)
      judgeOne(nextRun, change, half * (HOUR / 2), verdict)
  return verdict
}

function judgeOne(nextRun: NextRun, change: ClockChange, time: number, verdict: Verdict): void {
  const owed = [-1, 0, 1, 2].map((days) => meant(change, time, days))
  const runs = owed.map((): number[] => [])
  const end = Math.max(...owed.map(({ near }) => near)) + 12 * HOUR
  try {
    const next = nextRun(change.zone, Math.floor(time / HOUR), (time % HOUR) / 60_000)
    for (let at = next((owed[0]?.near ?? 0) - 12 * HOUR); at < end; at = next(at)) {
      const distances = owed.map(({ near }) => Math.abs(near - at))
      runs[distances.indexOf(Math.min(...distances))]?.push(at)
      if (runs.flat().length > 20) throw new Error('it does not go on')
    }
  } catch {
    verdict.threw++
    return
  }
  verdict.runs += owed.length
  runs.forEach((found, index) => {
    const right = owed[index]?.right ?? []
    if (found.length === 0) verdict.lost++
    else if (found.length > 1) verdict.doubled++
    else if (!right.includes(found[0] ?? 0)) {
      verdict.moved++
      if (right.length > 0) verdict.movedInVain++
    }
  })
}

/** When the clock on the wall shows a time, days from the change: once, twice, or (in a gap) never. */
function meant(
  { at, before, after }: ClockChange,
  time: number,
  days: number,
): { right: number[]; near: number } {
  const wall = Math.floor((at - 1 + before) / DAY) * DAY + days * DAY + time
  const right = [
    ...(wall - before < at ? [wall - before] : []),
    ...(wall - after >= at ? [wall - after] : []),
  ]
  return { right, near: right[0] ?? at }
}

function changesOf(zone: string, start: number, end: number): ClockChange[] {
  const offset = offsetAt(zone)
  const changes: ClockChange[] = []
  for (let at = start; at < end; at += DAY) {
    if (offset(at) === offset(at + DAY)) continue
    let [low, high] = [at, at + DAY]
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 2 / 60_000) * 60_000
      if (offset(middle) === offset(at)) low = middle
      else high = middle
    }
    changes.push({ zone, at: high, before: offset(low), after: offset(high) })
  }
  return changes
}

/** Local time minus UTC, in milliseconds, as Intl tells it. */
function offsetAt(zone: string): (at: number) => number {
  const known = new Map<number, number>()
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  return (at) => {
    const found = known.get(at) ?? Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - at
    known.set(at, found)
    return found
  }
}
