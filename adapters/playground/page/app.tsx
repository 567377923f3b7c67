import { useEffect } from 'react'
import { ClockBar } from './components/clock-bar.tsx'
import { Header } from './components/header.tsx'
import { Members } from './components/members.tsx'
import { Stage } from './components/stage.tsx'
import { Welcome } from './components/welcome.tsx'
import { useStored } from './stored.ts'
import { useTexts } from './texts.tsx'
import { useTheme } from './theme.ts'
import { useNetwork } from './use-network.ts'

/** The whole page: who is there, what time it is, and what the chosen member sees. */
export function App() {
  const { t } = useTexts()
  const [theme, switchTheme] = useTheme()
  const living = useNetwork()
  const { network, clock, unread } = living
  const [memberId, setMember] = useStored('member', '')
  const [space, setSpace] = useStored('space', '')
  const member = network?.members.find(({ id }) => id === memberId)
  const { read } = living
  useEffect(() => read(member ? space : ''), [member, space, read])
  const choose = (id: string): void => {
    const chosen = network?.members.find((one) => one.id === id)
    setMember(id)
    // Whoever is chosen starts where Linkpin talks to them alone.
    setSpace(chosen?.accounts[0]?.direct ?? network?.spaces[0]?.key ?? '')
  }
  return (
    <div className="page">
      <a className="skip" href="#stage">
        {t('playground:skipToConversation')}
      </a>
      <Header theme={theme} onSwitchTheme={switchTheme} onTitle={() => setMember('')} />
      {network && clock && <ClockBar network={network} clock={clock} />}
      {network && (
        <div className="body">
          <Members network={network} chosen={member?.id} unread={unread} onChoose={choose} />
          <main id="stage" tabIndex={-1}>
            {member ? (
              <Stage
                key={member.id}
                network={network}
                member={member}
                space={space}
                living={living}
                theme={theme}
                onSpace={setSpace}
              />
            ) : (
              <Welcome network={network} onChoose={choose} />
            )}
          </main>
        </div>
      )}
    </div>
  )
}
