import { useState } from 'react'
import { useTexts } from '../texts.tsx'
import { Icon } from './icons.tsx'

/** The line to write to Linkpin. What was typed stays until it was taken. */
export function Composer({ onSay }: { onSay(text: string): Promise<boolean> }) {
  const { t } = useTexts()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    if (busy || !text.trim()) return
    setBusy(true)
    if (await onSay(text.trim())) setText('')
    setBusy(false)
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <label>
        <span className="mention" aria-hidden="true">
          @Linkpin
        </span>
        <span className="hidden">{t('playground:composer.label')}</span>
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={t('playground:composer.placeholder')}
          maxLength={2000}
          autoComplete="off"
        />
      </label>
      <button className="primary round" aria-label={t('playground:composer.send')} disabled={busy}>
        <Icon name="send" />
      </button>
    </form>
  )
}
