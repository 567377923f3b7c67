import type { WireNetwork } from '../../wire.ts'
import { useTexts } from '../texts.tsx'

/** What a first visitor needs to know, and one button to begin. */
export function Welcome({ network, onChoose }: { network: WireNetwork; onChoose(member: string): void }) {
  const { t } = useTexts()
  const first = network.members.find(({ coordinator }) => coordinator) ?? network.members[0]
  return (
    <section className="welcome">
      <h2>{t('playground:welcome.title', { network: network.name })}</h2>
      <p>{t('playground:welcome.intro')}</p>
      <ol>
        <li>
          <strong>{t('playground:welcome.choose')}</strong> {t('playground:welcome.chooseWhy')}
        </li>
        <li>
          <strong>{t('playground:welcome.answer')}</strong> {t('playground:welcome.answerWhy')}
        </li>
        <li>
          <strong>{t('playground:welcome.time')}</strong> {t('playground:welcome.timeWhy')}
        </li>
      </ol>
      {first && (
        <button className="primary" onClick={() => onChoose(first.id)}>
          {t('playground:welcome.begin', { name: first.name })}
        </button>
      )}
      <p className="fine">{t('playground:welcome.invented')}</p>
    </section>
  )
}
