import type { WireMessage, WireNetwork } from '../../wire.ts'
import type { Press } from '../api.ts'
import { useTexts } from '../texts.tsx'
import type { Theme } from '../theme.ts'
import { Avatar, Icon, Logo } from './icons.tsx'
import { SlackBlocks } from './slack-blocks.tsx'
import { TeamsCard } from './teams-card.tsx'

/** One message, twice. A press in either is the same press. */
export function MessagePair({
  message,
  network,
  theme,
  language,
  disabled,
  onPress,
}: {
  message: WireMessage
  network: WireNetwork
  theme: Theme
  /** The language of what Linkpin wrote, for screen readers. */
  language: string
  disabled: boolean
  onPress(press: Press): void
}) {
  const { t, time } = useTexts()
  const author = network.members.find(({ id }) => id === message.by)?.name ?? t('playground:messages.someone')
  const head = (platform: 'slack' | 'teams') => (
    <header>
      {message.by ? <Avatar name={author} /> : <Logo size={platform === 'slack' ? 36 : 32} />}
      <strong>{message.by ? author : 'Linkpin'}</strong>
      {!message.by && <span className="app-tag">{t('playground:messages.app')}</span>}
      <time dateTime={message.at}>{time(message.at, network.zone)}</time>
      {message.onlyYou && (
        <span className="only-you">
          <Icon name="eye" />
          {t('playground:messages.onlyYou')}
        </span>
      )}
    </header>
  )
  return (
    <div className="pair">
      <article className="message slack" aria-label={t('playground:columns.slack')}>
        {head('slack')}
        <div className="message-body" lang={language} inert={disabled}>
          {message.said !== undefined && <p className="said">/linkpin {message.said}</p>}
          {message.slack && (
            <SlackBlocks
              blocks={message.slack.blocks}
              theme={theme}
              onPress={(payload) => onPress({ platform: 'slack', payload })}
            />
          )}
        </div>
      </article>
      <article className="message teams" aria-label={t('playground:columns.teams')}>
        {head('teams')}
        <div className="message-body" lang={language} inert={disabled}>
          {message.said !== undefined && (
            <p className="said">
              <span className="mention">Linkpin</span> {message.said}
            </p>
          )}
          {message.teams !== undefined && (
            <TeamsCard
              card={message.teams}
              theme={theme}
              onPress={(payload) => onPress({ platform: 'teams', payload })}
            />
          )}
        </div>
      </article>
    </div>
  )
}
