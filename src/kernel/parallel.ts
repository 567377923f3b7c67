/**
 * Works through a list, so many items at a time, begun in the order of the list. Where one fails, the others go on all
 * the same, and the first error is thrown in the end.
 */
export async function inParallel<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = [...items].values()
  const errors: unknown[] = []
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item).catch((error: unknown) => errors.push(error))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  if (errors.length > 0) throw errors[0]
}

/** The items by a key, in the order in which they stand. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return [...groups.values()]
}
