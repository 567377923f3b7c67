import { createInstance, type TFunction } from 'i18next'
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import type { WireTexts } from '../wire.ts'
import { getTexts } from './api.ts'
import { useStored } from './stored.ts'

interface Texts {
  t: TFunction
  language: string
  locale: string
  languages: WireTexts['languages']
  setLanguage(code: string): void
  /** "Tuesday, 24 November 2026" in an IANA zone. */
  day(instant: string | number, zone: string): string
  /** "09:00". */
  time(instant: string | number, zone: string): string
  /** What a language is called, in the page's language. */
  languageName(code: string): string
  /** The shipped language in which somebody is written to; English where theirs is not shipped. */
  spoken(code: string): string
}

const Context = createContext<Texts | undefined>(undefined)

/** The page's own texts. Shows nothing until they are there. */
export function TextsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useStored('language', navigator.language.split('-')[0] ?? 'en')
  const [texts, setTexts] = useState<Texts>()
  useEffect(() => {
    let current = true
    void getTexts(language).then((wire) => {
      if (!current) return
      document.documentElement.lang = wire.language
      const made = makeTexts(wire, setLanguage)
      document.title = made.t('playground:title')
      setTexts(made)
    })
    return () => {
      current = false
    }
  }, [language, setLanguage])
  return texts && <Context value={texts}>{children}</Context>
}

function makeTexts(wire: WireTexts, setLanguage: (code: string) => void): Texts {
  const { language, locale, languages } = wire
  const i18n = createInstance()
  void i18n.init({
    lng: language,
    fallbackLng: 'en',
    resources: Object.fromEntries(
      Object.entries(wire.texts).map(([code, playground]) => [code, { playground }]),
    ),
    initAsync: false,
    // React escapes.
    interpolation: { escapeValue: false },
  })
  const names = new Intl.DisplayNames([locale], { type: 'language' })
  return {
    t: i18n.t,
    language,
    locale,
    languages,
    setLanguage,
    day: (instant, zone) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: zone }).format(new Date(instant)),
    time: (instant, zone) =>
      new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(
        new Date(instant),
      ),
    languageName: (code) => names.of(code) ?? code,
    spoken: (code) => languages.find((shipped) => code.split('-')[0] === shipped.code)?.code ?? 'en',
  }
}

/** The page's texts in the chosen language. */
export function useTexts(): Texts {
  const texts = useContext(Context)
  if (!texts) throw new Error('useTexts stands outside of its provider')
  return texts
}
