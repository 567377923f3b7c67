/** How much work a run takes upon itself: all of it, or a tenth for a first look. */
export interface Size {
  rounds: number
  /** Scales a number of repetitions. */
  of(full: number): number
}

/** One line of the table. */
export interface Row {
  bot: string
  against: string
  target: string
  measure(size: Size): Promise<Outcome>
}

export interface Outcome {
  measured: string
  /** Left out where nothing could be measured, or nothing was promised. */
  met?: boolean
}

/** One side of a comparison, once. */
export interface Sample {
  perSecond: number
  /** Milliseconds. */
  p99?: number
}

/** What a comparison came to: ours divided by the floor, round by round. */
export interface Ratios {
  median: number
  lowest: number
  highest: number
  /** Of the 99th percentiles of the latencies. */
  p99: number
  /** The floor's median, per second. */
  floor: number
}

/**
 * Runs both sides in turn, so that whatever else the machine does hits both, and compares them round by round.
 * The first round only warms up.
 */
export async function sideBySide(
  { rounds }: Size,
  sides: { ours(): Promise<Sample>; floor(): Promise<Sample> },
): Promise<Ratios> {
  const pairs: { ours: Sample; floor: Sample }[] = []
  for (let round = 0; round <= rounds; round++) {
    const floor = await sides.floor()
    const ours = await sides.ours()
    if (round > 0) pairs.push({ ours, floor })
  }
  const ratios = pairs.map(({ ours, floor }) => ours.perSecond / floor.perSecond)
  return {
    median: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    p99: median(pairs.map(({ ours, floor }) => (ours.p99 ?? 0) / (floor.p99 ?? 1))),
    floor: median(pairs.map(({ floor }) => floor.perSecond)),
  }
}

/** `0.62 (0.55-0.70)`: the median, and the worst and best round. */
export const inWords = ({ median: middle, lowest, highest }: Ratios): string =>
  `${middle.toFixed(2)} (${lowest.toFixed(2)}-${highest.toFixed(2)})`

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? NaN
}

/** How long some work takes, as so many per second. */
export async function perSecond(count: number, work: () => Promise<unknown>): Promise<Sample> {
  const start = performance.now()
  await work()
  return { perSecond: (count / (performance.now() - start)) * 1000 }
}
