import { useTexts } from '../texts.tsx'
import type { Theme } from '../theme.ts'
import { Icon, Logo } from './icons.tsx'

/** What this is, in one sentence, and how the page looks and speaks. */
export function Header({
  theme,
  onSwitchTheme,
  onTitle,
}: {
  theme: Theme
  onSwitchTheme(): void
  onTitle(): void
}) {
  const { t, language, languages, setLanguage } = useTexts()
  return (
    <header className="top">
      <button className="brand" onClick={onTitle}>
        <Logo size={34} />
        <span className="brand-name">
          Linkpin <span>{t('playground:word')}</span>
        </span>
      </button>
      <p className="tagline">{t('playground:about')}</p>
      <div className="settings">
        <label>
          <span className="hidden">{t('playground:pageLanguage')}</span>
          <select value={language} onChange={(event) => setLanguage(event.target.value)}>
            {languages.map(({ code, name }) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button
          className="quiet round"
          onClick={onSwitchTheme}
          aria-label={theme === 'dark' ? t('playground:lightTheme') : t('playground:darkTheme')}
        >
          <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
        </button>
      </div>
    </header>
  )
}
