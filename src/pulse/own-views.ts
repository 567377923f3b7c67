import type { Texts, Translator } from '../i18n/texts.ts'
import type { Block, Form, View } from '../views/view.ts'
import type { OwnStatement } from './own-items.ts'
import { STATEMENT_CHARS } from './own-rules.ts'
import { plainView } from './views.ts'
import { wordingOf } from './wording.ts'

type Places = (OwnStatement | undefined)[]

const listed = (places: Places, t: Translator): Block => ({
  type: 'text',
  text: places
    .flatMap((own) => (own ? [t.t('pulse-own:line', { statement: wordingOf(own, t) })] : []))
    .join('\n'),
})

const isSame = (one: Places, other: Places): boolean =>
  one.every((own, place) => own?.id === other[place]?.id)

/**
 * The network's own statements, each with a button.
 * @param now what the running cycle asks; undefined where no cycle has begun
 * @param next what is asked from the next cycle that begins
 */
export function ownView(now: Places | undefined, next: Places, t: Translator): View {
  const text = (key: string): Block => ({ type: 'text', text: t.t(key) })
  const other = now?.some(Boolean) && !isSame(now, next) ? now : undefined
  return plainView(
    t.plain('pulse-own:title'),
    t.plain('pulse-own:title'),
    [
      text('pulse-own:intro'),
      ...(other ? [text('pulse-own:running'), listed(other, t)] : []),
      text(now ? 'pulse-own:fromNext' : 'pulse-own:fromNow'),
      ...(next.some(Boolean) ? [listed(next, t)] : [text('pulse-own:none')]),
    ],
    next.map((own, place) => ({
      label: t.plain(own ? 'pulse-own:change' : 'pulse-own:write', { number: place + 1 }),
      opensForm: true,
      action: { name: 'pulse.own', args: { place } },
    })),
  )
}

/** Field id of the wording in a language. */
export const textField = (language: string): string => `text_${language}`

/**
 * One statement in every language that the network's pulses go out in.
 * @param languages codes of shipped languages
 */
export function ownForm(
  place: number,
  own: OwnStatement | undefined,
  languages: string[],
  { texts, t }: { texts: Texts; t: Translator },
): Form {
  return {
    title: t.plain('pulse-own:form.title', { number: place + 1 }),
    intro: [
      t.t('guardrails:lines.general-only'),
      t.t('pulse-own:form.intro', { count: STATEMENT_CHARS }),
    ].join('\n'),
    fields: languages.map((language) => ({
      id: textField(language),
      type: 'text',
      maxLength: STATEMENT_CHARS,
      label: t.plain('pulse-own:form.label', { language: texts.nameOf(language) }),
      value: own?.texts[language],
    })),
    submitLabel: t.plain('pulse-own:form.save'),
    cancelLabel: t.plain('pulse:answer.cancel'),
    action: { name: 'pulse.own-save', args: { place } },
    openedBy: { name: 'pulse.own', args: { place } },
  }
}
