import { useState } from 'react'
import { STEPS, type ErrorCode, type WireClock, type WireNetwork } from '../../wire.ts'
import { Failure, moveClock } from '../api.ts'
import { useTexts } from '../texts.tsx'
import { Icon } from './icons.tsx'

/** The time of the network, and the buttons that move it on. */
export function ClockBar({ network, clock }: { network: WireNetwork; clock: WireClock }) {
  const { t, day, time } = useTexts()
  const [error, setError] = useState<ErrorCode>()
  const move = async (step: string): Promise<void> => {
    setError(undefined)
    try {
      await moveClock(step)
    } catch (failure) {
      setError(failure instanceof Failure ? failure.code : 'failed')
    }
  }
  return (
    <section className="clock" aria-label={t('playground:clock.label')}>
      <div className="clock-face">
        <Icon name="clock" />
        <p>
          <strong>{time(clock.now, network.zone)}</strong>
          <span>{day(clock.now, network.zone)}</span>
          <small>{network.zone.replaceAll('_', ' ')}</small>
        </p>
      </div>
      <div className="clock-state" role="status">
        {clock.stopped && <p className="error">{t('playground:clock.stopped')}</p>}
        {error && <p className="error">{t(`playground:errors.${error}`)}</p>}
        {clock.moving && <span className="hidden">{t('playground:clock.moving')}</span>}
      </div>
      {network.movable ? (
        <div className="steps" role="group" aria-label={t('playground:clock.move')}>
          <span aria-hidden="true">{t('playground:clock.move')}</span>
          {STEPS.map((step) => (
            <button key={step} onClick={() => void move(step)} disabled={clock.moving !== undefined}>
              {t(`playground:clock.steps.${step}`)}
            </button>
          ))}
        </div>
      ) : (
        <p className="clock-note">{t('playground:clock.real')}</p>
      )}
      {clock.moving && <progress max={1} value={share(clock)} aria-label={t('playground:clock.moving')} />}
    </section>
  )
}

/** How much of the way is done, 0 to 1. */
function share({ now, moving }: WireClock): number {
  if (!moving) return 0
  const from = Date.parse(moving.from)
  return (Date.parse(now) - from) / (Date.parse(moving.to) - from)
}
