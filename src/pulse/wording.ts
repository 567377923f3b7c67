import type { Translator } from '../i18n/texts.ts'
import type { OwnStatement } from './own-items.ts'

/** A network's own statement for a reader: in their language, or in the first it was written in. */
export const wordingOf = ({ texts }: OwnStatement, t: Translator): string =>
  texts[t.language] ?? Object.values(texts)[0] ?? ''

/**
 * The words of a statement, plain.
 * @param own the statement of the wave that the network has written itself, if there is one
 */
export const statementOf = (item: string, own: OwnStatement | undefined, t: Translator): string =>
  item === own?.id ? wordingOf(own, t) : t.plain(`pulse-content:items.${item}`)
