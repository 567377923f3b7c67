import { useState } from 'react'
import type { ErrorCode, WireForm, WireMember, WireNetwork, WireReply } from '../../wire.ts'
import { Failure } from '../api.ts'
import { HOME, placesOf } from '../places.ts'
import { useTexts } from '../texts.tsx'
import type { Theme } from '../theme.ts'
import type { Living } from '../use-network.ts'
import { Conversation } from './conversation.tsx'
import { FormDialog, type Shown } from './form-dialog.tsx'
import { Home } from './home.tsx'
import { Persona } from './persona.tsx'
import { Places, placeName } from './places.tsx'

/** Runs an act and shows what came of it: a form, a hint where the answer is, or why it did not work. */
export type Run = (act: Promise<WireReply>, shownAs?: Shown) => Promise<WireReply | undefined>

/** What the chosen member sees and can do. */
export function Stage({
  network,
  member,
  space,
  living,
  theme,
  onSpace,
}: {
  network: WireNetwork
  member: WireMember
  space: string
  living: Living
  theme: Theme
  onSpace(key: string): void
}) {
  const { t } = useTexts()
  const [form, setForm] = useState<{ form: WireForm; shownAs: Shown }>()
  // What was sent off may have changed what Home shows.
  const [formsClosed, setFormsClosed] = useState(0)
  const [failure, setFailure] = useState<ErrorCode>()
  const [answeredIn, setAnsweredIn] = useState<string>()
  const [account, setAccount] = useState(member.accounts[0]?.key)
  const places = placesOf(network, member)
  const place = places.find(({ key }) => key === space) ?? (space === HOME ? undefined : places[0])
  const current = member.accounts.find(({ key }) => key === account) ?? member.accounts[0]
  const open = (key: string): void => {
    const there = places.find((one) => one.key === key)
    if (there?.account) setAccount(there.account)
    setAnsweredIn(undefined)
    setFailure(undefined)
    onSpace(key)
  }
  const run: Run = async (act, shownAs) => {
    setFailure(undefined)
    setAnsweredIn(undefined)
    try {
      const reply = await act
      if (reply.form) setForm({ form: reply.form, shownAs: shownAs ?? place?.platform ?? 'slack' })
      if (!place) setAnsweredIn(reply.answeredIn)
      return reply
    } catch (error) {
      setFailure(error instanceof Failure ? error.code : 'failed')
      return undefined
    }
  }
  const actor = { member: member.id, space: place?.key ?? current?.direct ?? '' }
  return (
    <div className="stage">
      <Persona
        network={network}
        member={member}
        account={current?.key}
        onAccount={(key) => {
          setAccount(key)
          const direct = member.accounts.find((one) => one.key === key)?.direct
          if (space !== HOME && direct) onSpace(direct)
        }}
      />
      <Places places={places} current={place?.key ?? HOME} unread={living.unread} onOpen={open} />
      <div className="notes" role="status">
        {failure && <p className="error">{t(`playground:errors.${failure}`)}</p>}
        {answeredIn && (
          <p>
            {t('playground:answeredIn')}{' '}
            <button className="link" onClick={() => open(answeredIn)}>
              {t('playground:openIt')}
            </button>
          </p>
        )}
      </div>
      {place ? (
        <Conversation
          key={place.key}
          network={network}
          member={member}
          place={place}
          title={placeName(t, place)}
          onChange={living.onChange}
          theme={theme}
          run={run}
        />
      ) : (
        <Home key={`${actor.space} ${formsClosed}`} actor={actor} theme={theme} run={run} />
      )}
      {form && (
        <FormDialog
          form={form.form}
          shownAs={form.shownAs}
          actor={actor}
          theme={theme}
          run={run}
          onClose={() => {
            setForm(undefined)
            setFormsClosed((count) => count + 1)
          }}
        />
      )}
    </div>
  )
}
