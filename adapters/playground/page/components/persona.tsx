import type { WireMember, WireNetwork } from '../../wire.ts'
import { workspaceOf } from '../places.ts'
import { useTexts } from '../texts.tsx'
import { Avatar } from './icons.tsx'

/** Who is acting, and with which of their accounts. */
export function Persona({
  network,
  member,
  account,
  onAccount,
}: {
  network: WireNetwork
  member: WireMember
  account: string | undefined
  onAccount(key: string): void
}) {
  const { t, languageName } = useTexts()
  const partner = network.partners.find(({ id }) => id === member.partner)
  return (
    <div className="persona">
      <Avatar name={member.name} />
      <div>
        <h2>{t('playground:persona.youAre', { name: member.name })}</h2>
        <p>
          {[
            partner?.name,
            member.coordinator && t('playground:members.coordinator'),
            languageName(member.language),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {member.accounts.length > 1 && (
        <div className="segments" role="group" aria-label={t('playground:persona.accounts')}>
          {member.accounts.map(({ key, platform, tenant }) => (
            <button key={key} aria-pressed={key === account} onClick={() => onAccount(key)}>
              <span className={`dot ${platform}`} aria-hidden="true" />
              {t(`playground:platforms.${platform}`)}{' '}
              <small>{workspaceOf(network, { platform, tenant })}</small>
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
