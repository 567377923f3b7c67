import type { WireMember, WireNetwork } from '../../wire.ts'
import { useTexts } from '../texts.tsx'
import { Avatar } from './icons.tsx'

/** Everybody in the network, by partner. Choosing somebody means acting as them. */
export function Members({
  network,
  chosen,
  unread,
  onChoose,
}: {
  network: WireNetwork
  chosen: string | undefined
  unread: Record<string, number>
  onChoose(member: string): void
}) {
  const { t } = useTexts()
  const groups = network.partners
    .map((partner) => ({
      partner,
      members: network.members.filter((member) => member.partner === partner.id),
    }))
    .filter(({ members }) => members.length > 0)
  return (
    <nav className="members" aria-label={t('playground:members.label')}>
      <h1>{network.name}</h1>
      <p className="counts">
        {t('playground:members.partners', { count: network.partners.length })} ·{' '}
        {t('playground:members.people', { count: network.members.length })}
      </p>
      <label className="member-select">
        <span>{t('playground:members.actAs')}</span>
        <select value={chosen ?? ''} onChange={(event) => onChoose(event.target.value)}>
          <option value="" disabled>
            {t('playground:members.choose')}
          </option>
          {groups.map(({ partner, members }) => (
            <optgroup key={partner.id} label={partner.name}>
              {members.map((member) => (
                <option key={member.id} value={member.id}>
                  {member.name}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <div className="member-list">
        <p className="hint">{t('playground:members.hint')}</p>
        {groups.map(({ partner, members }) => (
          <section key={partner.id}>
            <h2>{partner.name}</h2>
            <ul>
              {members.map((member) => (
                <li key={member.id}>
                  <MemberButton
                    member={member}
                    chosen={member.id === chosen}
                    unread={member.accounts.reduce((sum, { direct }) => sum + (unread[direct] ?? 0), 0)}
                    onChoose={onChoose}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </nav>
  )
}

function MemberButton({
  member,
  chosen,
  unread,
  onChoose,
}: {
  member: WireMember
  chosen: boolean
  unread: number
  onChoose(member: string): void
}) {
  const { t, languageName } = useTexts()
  return (
    <button className="member" aria-pressed={chosen} onClick={() => onChoose(member.id)}>
      <Avatar name={member.name} />
      <span className="member-name">
        {member.name}
        {member.coordinator && <small>{t('playground:members.coordinator')}</small>}
      </span>
      {unread > 0 && (
        <span className="badge">
          {unread > 99 ? '99+' : unread}
          <span className="hidden"> {t('playground:members.unread', { count: unread })}</span>
        </span>
      )}
      <abbr className="tag" title={languageName(member.language)}>
        {member.language.split('-')[0]?.toUpperCase()}
      </abbr>
    </button>
  )
}
