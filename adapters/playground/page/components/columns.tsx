import { useState, type ReactNode } from 'react'
import { useTexts } from '../texts.tsx'

/** The two headings under which everything is shown twice; narrow screens show one at a time. */
export function Columns({ children }: { children: ReactNode }) {
  const { t } = useTexts()
  const [narrow, setNarrow] = useState<'slack' | 'teams'>('slack')
  return (
    <div className={`columns only-${narrow}`}>
      <div className="column-heads">
        {(['slack', 'teams'] as const).map((platform) => (
          <h3 key={platform} className={`head ${platform}`}>
            <span className={`dot ${platform}`} aria-hidden="true" />
            {t(`playground:columns.${platform}`)}
          </h3>
        ))}
      </div>
      <div className="segments narrow-only" role="group" aria-label={t('playground:columns.choose')}>
        {(['slack', 'teams'] as const).map((platform) => (
          <button key={platform} aria-pressed={platform === narrow} onClick={() => setNarrow(platform)}>
            <span className={`dot ${platform}`} aria-hidden="true" />
            {t(`playground:columns.${platform}`)}
          </button>
        ))}
      </div>
      {children}
    </div>
  )
}
