import type { TFunction } from 'i18next'
import { useEffect, useRef } from 'react'
import { HOME, type Place } from '../places.ts'
import { useTexts } from '../texts.tsx'
import { Icon } from './icons.tsx'

/** What a conversation is called. */
export const placeName = (t: TFunction, { kind, name, platform }: Place): string =>
  kind === 'direct' ? t('playground:places.direct') : platform === 'slack' ? `#${name}` : (name ?? '')

/** The conversations, one beside the other, and the Home tab. */
export function Places({
  places,
  current,
  unread,
  onOpen,
}: {
  places: Place[]
  current: string
  unread: Record<string, number>
  onOpen(key: string): void
}) {
  const { t } = useTexts()
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  const tab = (key: string, content: React.ReactNode) => (
    <li key={key}>
      <button
        className="place"
        aria-current={key === current ? 'page' : undefined}
        onClick={() => onOpen(key)}
      >
        {content}
      </button>
    </li>
  )
  return (
    <nav className="places" aria-label={t('playground:places.label')}>
      <ul ref={list}>
        {tab(
          HOME,
          <>
            <Icon name="home" />
            <span>
              {t('playground:places.home')}
              <small>{t('playground:places.homeWhere')}</small>
            </span>
          </>,
        )}
        {places.map((place) =>
          tab(
            place.key,
            <>
              <span className={`dot ${place.platform}`} aria-hidden="true" />
              <span>
                {placeName(t, place)}
                <small>
                  {[
                    t(`playground:platforms.${place.platform}`),
                    place.workspace,
                    place.language.split('-')[0]?.toUpperCase(),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </span>
              {!place.account && (
                <span className="looking-on" title={t('playground:places.lookOn')}>
                  <Icon name="eye" />
                  <span className="hidden">{t('playground:places.lookOn')}</span>
                </span>
              )}
              {(unread[place.key] ?? 0) > 0 && (
                <span className="badge">
                  {unread[place.key]}
                  <span className="hidden">
                    {' '}
                    {t('playground:members.unread', { count: unread[place.key] })}
                  </span>
                </span>
              )}
            </>,
          ),
        )}
      </ul>
    </nav>
  )
}
