import { useEffect, useRef, useState } from 'react'
import type { WireForm } from '../../wire.ts'
import { carryOver, submit, type Actor, type Press } from '../api.ts'
import type { SlackModal as Modal } from '../slack.ts'
import { useTexts } from '../texts.tsx'
import type { Theme } from '../theme.ts'
import { Icon } from './icons.tsx'
import { SlackModal } from './slack-modal.tsx'
import type { Run } from './stage.tsx'
import { TeamsCard } from './teams-card.tsx'

export type Shown = 'slack' | 'teams'

/** A form as a dialog of either platform. Turning to the other keeps what was typed. */
export function FormDialog({
  form: opened,
  shownAs: openedAs,
  actor,
  theme,
  run,
  onClose,
}: {
  form: WireForm
  shownAs: Shown
  actor: Actor
  theme: Theme
  run: Run
  onClose(): void
}) {
  const { t } = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  const [form, setForm] = useState(opened)
  const [shown, setShown] = useState(openedAs)
  // Counts the renderings, so that a new one begins with its own values.
  const [turn, setTurn] = useState(0)
  const typed = useRef<Press>(undefined)
  const show = (next: WireForm): void => {
    typed.current = undefined
    setForm(next)
    setTurn((now) => now + 1)
  }
  useEffect(() => {
    const box = dialog.current
    box?.showModal()
    return () => {
      box?.close()
      // The button that opened it may be gone with its message.
      if (document.activeElement === document.body) document.getElementById('stage')?.focus()
    }
  }, [])
  useEffect(() => {
    if (turn > 0) firstToFix(dialog.current)?.focus()
  }, [turn])
  const turnTo = async (platform: Shown): Promise<void> => {
    if (typed.current) show(await carryOver(form.id, typed.current).catch(() => form))
    setShown(platform)
  }
  const send = async (sent: Press): Promise<void> => {
    const reply = await run(submit(actor, form.id, sent))
    if (reply?.form) show(reply.form)
    else if (reply) onClose()
  }
  return (
    <dialog ref={dialog} className={`form-dialog ${shown}`} aria-label={form.title} onClose={onClose}>
      <header>
        <h2>{form.title}</h2>
        <div className="segments" role="group" aria-label={t('playground:columns.choose')}>
          {(['slack', 'teams'] as const).map((platform) => (
            <button key={platform} aria-pressed={platform === shown} onClick={() => void turnTo(platform)}>
              <span className={`dot ${platform}`} aria-hidden="true" />
              {t(`playground:columns.${platform}`)}
            </button>
          ))}
        </div>
        <button className="quiet round" aria-label={t('playground:form.close')} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p className="hidden" role="alert">
        {Object.values(form.errors).join(' ')}
      </p>
      {shown === 'slack' ? (
        <SlackModal
          key={turn}
          modal={form.slack as Modal}
          errors={form.errors}
          theme={theme}
          onChange={(payload) => (typed.current = { platform: 'slack', payload })}
          onSubmit={(payload) => void send({ platform: 'slack', payload })}
          onClose={onClose}
        />
      ) : (
        <TeamsCard
          key={turn}
          card={form.teams}
          theme={theme}
          onInput={(inputs) => (typed.current = { platform: 'teams', payload: inputs })}
          onPress={(payload) => void send({ platform: 'teams', payload })}
        />
      )}
    </dialog>
  )
}

/** The first field with a mistake, or the first field. */
function firstToFix(dialog: HTMLElement | null): HTMLElement | null | undefined {
  const fields = 'input, select, textarea'
  const invalid = dialog?.querySelector<HTMLElement>('[aria-invalid="true"]')
  if (!invalid) return dialog?.querySelector<HTMLElement>(fields)
  return invalid.matches(fields) ? invalid : invalid.querySelector<HTMLElement>(fields)
}
