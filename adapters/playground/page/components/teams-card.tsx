import { AdaptiveCard, ExecuteAction, SubmitAction, type Action } from 'adaptivecards'
import { useEffect, useRef } from 'react'
import { teamsLook } from '../teams.ts'
import type { Theme } from '../theme.ts'

// The texts of our cards are literal: where the library would look for Markdown, there is none.
AdaptiveCard.onProcessMarkdown = () => undefined

/** The `value` that Teams sends when somebody presses: with the card's inputs, where the action wants them. */
type TeamsPayload = { action: object } | { data: object }

/** An Adaptive Card, drawn by Microsoft's own library. */
export function TeamsCard({
  card,
  theme,
  onPress,
  onInput,
}: {
  card: unknown
  theme: Theme
  onPress(payload: TeamsPayload): void
  /** Told of all inputs by id whenever one changes. */
  onInput?(inputs: Record<string, string>): void
}) {
  const place = useRef<HTMLDivElement>(null)
  const handlers = useRef({ onPress, onInput })
  handlers.current = { onPress, onInput }
  // Messages are fetched again after every change; a card is drawn anew only if it is another one.
  const json = JSON.stringify(card)
  useEffect(() => {
    const adaptive = new AdaptiveCard()
    adaptive.hostConfig = teamsLook(theme)
    adaptive.onExecuteAction = (action) => {
      const payload = payloadOf(action)
      if (payload) handlers.current.onPress(payload)
    }
    adaptive.onInputValueChanged = () =>
      handlers.current.onInput?.(
        Object.fromEntries(
          adaptive.getAllInputs().map((input) => [input.id ?? '', String((input.value as unknown) ?? '')]),
        ),
      )
    adaptive.parse(JSON.parse(json))
    const drawn = adaptive.render()
    if (!place.current || !drawn) return
    // Whoever pressed with the keyboard stays where they were.
    const focused = controls(place.current).findIndex((control) => control === document.activeElement)
    place.current.replaceChildren(drawn)
    controls(place.current)[focused]?.focus()
  }, [json, theme])
  return <div className="teams-card" ref={place} />
}

const controls = (card: HTMLElement): HTMLElement[] => [
  ...card.querySelectorAll<HTMLElement>('button, input, select, textarea'),
]

function payloadOf(action: Action): TeamsPayload | undefined {
  if (action instanceof ExecuteAction) {
    return { action: { type: 'Action.Execute', verb: action.verb, data: action.data ?? {} } }
  }
  if (action instanceof SubmitAction) return { data: action.data ?? {} }
  return undefined
}
