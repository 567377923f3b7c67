/** IANA zones by their usual names, for suggestions. */
export const zones: readonly string[] = [...Intl.supportedValuesOf('timeZone'), 'UTC']

/** Whether a word names an IANA zone, also by an older name; a mere offset such as `+01:00` does not count. */
export function isZone(word: string): boolean {
  if (!/^[A-Za-z]/.test(word)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: word })
    return true
  } catch {
    return false
  }
}

/** The usual spelling of a BCP 47 code (`de-at` is `de-AT`); undefined where it is none. */
export function canonicalLanguage(word: string): string | undefined {
  try {
    const [canonical] = Intl.getCanonicalLocales(word)
    // A well-formed code that names no language ("xx") is a slip.
    const named =
      canonical && new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(canonical)
    return named ? canonical : undefined
  } catch {
    return undefined
  }
}
