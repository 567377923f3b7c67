import { useEffect, useState } from 'react'
import type { WireMessages } from '../wire.ts'
import { getMessages, type Actor } from './api.ts'
import type { Living } from './use-network.ts'

// While the clock runs, hundreds of changes arrive; one look at the end of each burst is enough.
const BURST_MS = 80

/** The messages of one space as the actor sees them, kept up to date. */
export function useMessages(
  { member, space }: Actor,
  limit: number,
  onChange: Living['onChange'],
): WireMessages | undefined {
  const [held, setHeld] = useState<{ space: string; member: string; messages: WireMessages }>()
  useEffect(() => {
    let current = true
    let waiting: ReturnType<typeof setTimeout> | undefined
    const load = (): void => {
      waiting = undefined
      void getMessages(space, member, limit).then(
        (messages) => current && setHeld({ space, member, messages }),
        () => undefined,
      )
    }
    load()
    const stop = onChange((change) => {
      if (!change || change.space === space) waiting ??= setTimeout(load, BURST_MS)
    })
    return () => {
      current = false
      stop()
      clearTimeout(waiting)
    }
  }, [space, member, limit, onChange])
  return held?.space === space && held.member === member ? held.messages : undefined
}
