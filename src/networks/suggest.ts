/**
 * The known word nearest to a mistyped one, or undefined where none is near enough to be meant.
 * Forgives case, a missing part before a slash ("Berlin" for "Europe/Berlin"), and about one slip in three letters.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  let best: { word: string; distance: number } | undefined
  for (const candidate of known) {
    const lower = candidate.toLowerCase()
    const distance = Math.min(
      editDistance(wanted, lower),
      editDistance(wanted, lower.slice(lower.lastIndexOf('/') + 1)),
    )
    if (distance < (best?.distance ?? Math.max(1, Math.floor(wanted.length / 3)) + 1)) {
      best = { word: candidate, distance }
    }
  }
  return best?.word
}

// Letters left out, added, replaced, or swapped with the next. Both words are bounded by the caller's schema.
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
