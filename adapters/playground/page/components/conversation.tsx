import { useLayoutEffect, useRef, useState } from 'react'
import type { WireMember, WireNetwork } from '../../wire.ts'
import { press, say } from '../api.ts'
import type { Place } from '../places.ts'
import { useTexts } from '../texts.tsx'
import type { Theme } from '../theme.ts'
import { useMessages } from '../use-messages.ts'
import type { Living } from '../use-network.ts'
import { Columns } from './columns.tsx'
import { Composer } from './composer.tsx'
import { MessagePair } from './message-pair.tsx'
import type { Run } from './stage.tsx'

const FIRST = 30
const MORE = 100

/** One space: every message as Slack and as Teams show it, and a line to write to Linkpin. */
export function Conversation({
  network,
  member,
  place,
  title,
  onChange,
  theme,
  run,
}: {
  network: WireNetwork
  member: WireMember
  place: Place
  title: string
  onChange: Living['onChange']
  theme: Theme
  run: Run
}) {
  const { t, day, spoken } = useTexts()
  const [limit, setLimit] = useState(FIRST)
  const actor = { member: member.id, space: place.key }
  const held = useMessages(actor, limit, onChange)
  const list = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const newest = held?.messages.at(-1)
  useLayoutEffect(() => {
    const box = list.current
    if (box && atEnd.current) box.scrollTop = box.scrollHeight
  }, [held])
  let shownDay = ''
  return (
    <section className="conversation" aria-label={title}>
      <Columns>
        <div
          className="messages"
          ref={list}
          tabIndex={0}
          role="region"
          aria-label={t('playground:messages.label', { space: title })}
          onScroll={({ currentTarget: box }) => {
            atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 60
          }}
        >
          {held?.more && (
            <button className="quiet earlier" onClick={() => setLimit(limit + MORE)}>
              {t('playground:messages.earlier')}
            </button>
          )}
          {held?.messages.length === 0 && <p className="empty">{t('playground:messages.none')}</p>}
          <ol>
            {held?.messages.map((message) => {
              const date = day(message.at, network.zone)
              const newDay = date !== shownDay
              shownDay = date
              return (
                <li key={message.id}>
                  {newDay && <h3 className="day">{date}</h3>}
                  <MessagePair
                    message={message}
                    network={network}
                    theme={theme}
                    language={spoken(message.onlyYou ? member.language : place.language)}
                    disabled={!place.account}
                    onPress={(sent) => void run(press(actor, message.id, sent), sent.platform)}
                  />
                </li>
              )
            })}
          </ol>
        </div>
      </Columns>
      <p className="hidden" aria-live="polite">
        {newest && !newest.by && t('playground:messages.newest', { summary: newest.summary })}
      </p>
      {place.account ? (
        <Composer
          onSay={async (text) => {
            atEnd.current = true
            return (await run(say(actor, text))) !== undefined
          }}
        />
      ) : (
        <p className="look-on">{t('playground:places.lookOnWhy', { name: member.name })}</p>
      )}
    </section>
  )
}
