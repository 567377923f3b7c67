import { useCallback, useEffect, useState } from 'react'
import type { WireHome } from '../../wire.ts'
import { openHome, press, type Actor, type Press } from '../api.ts'
import { useTexts } from '../texts.tsx'
import type { Theme } from '../theme.ts'
import { Columns } from './columns.tsx'
import { SlackBlocks } from './slack-blocks.tsx'
import type { Run } from './stage.tsx'
import { TeamsCard } from './teams-card.tsx'

/** What the member sees on Slack's Home tab; Teams shows the same in the personal chat. */
export function Home({ actor, theme, run }: { actor: Actor; theme: Theme; run: Run }) {
  const { t } = useTexts()
  const [home, setHome] = useState<WireHome>()
  const { member, space } = actor
  const load = useCallback(async () => {
    const reply = await openHome({ member, space }).catch(() => undefined)
    if (reply?.home) setHome(reply.home)
  }, [member, space])
  useEffect(() => void load(), [load])
  const onPress = async (sent: Press): Promise<void> => {
    const reply = await run(press(actor, undefined, sent), sent.platform)
    // What was pressed may have changed what Home shows.
    if (reply?.home) setHome(reply.home)
    else await load()
  }
  return (
    <section className="conversation" aria-label={t('playground:places.home')}>
      <Columns>
        <div className="messages" tabIndex={0} role="region" aria-label={t('playground:places.home')}>
          {home && (
            <div className="pair home">
              <article className="message slack" aria-label={t('playground:columns.slack')}>
                <SlackBlocks
                  blocks={home.slack.blocks}
                  theme={theme}
                  onPress={(payload) => void onPress({ platform: 'slack', payload })}
                />
              </article>
              <article className="message teams" aria-label={t('playground:columns.teams')}>
                <TeamsCard
                  card={home.teams}
                  theme={theme}
                  onPress={(payload) => void onPress({ platform: 'teams', payload })}
                />
              </article>
            </div>
          )}
        </div>
      </Columns>
    </section>
  )
}
