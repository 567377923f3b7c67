import { useCallback, useEffect, useRef, useState } from 'react'
import type { WireChange, WireClock, WireNetwork } from '../wire.ts'
import { getNetwork, listen } from './api.ts'

export interface Living {
  network: WireNetwork | undefined
  clock: WireClock | undefined
  /** New messages by space since it was last open. */
  unread: Record<string, number>
  /** Marks a space as the one being read. */
  read(space: string): void
  /** Tells of every change of a conversation, and after a reconnection (without a change), until it is stopped. */
  onChange(listener: (change?: WireChange) => void): () => void
}

/** The network as it lives on the server: people, places, time, and what is new. */
export function useNetwork(): Living {
  const [network, setNetwork] = useState<WireNetwork>()
  const [clock, setClock] = useState<WireClock>()
  const [unread, setUnread] = useState<Record<string, number>>({})
  const reading = useRef('')
  const listeners = useRef(new Set<(change?: WireChange) => void>())
  const read = useCallback((space: string) => {
    reading.current = space
    setUnread(({ [space]: _seen, ...rest }) => rest)
  }, [])
  const onChange = useCallback((listener: (change?: WireChange) => void) => {
    listeners.current.add(listener)
    return () => void listeners.current.delete(listener)
  }, [])
  useEffect(() => {
    // People join and leave, and time stands elsewhere, after every act; the whole is small.
    const refresh = (): void =>
      void getNetwork().then(
        (fresh) => {
          setNetwork(fresh)
          setClock(fresh.clock)
        },
        // The event stream reconnects and asks again.
        () => undefined,
      )
    return listen({
      open() {
        refresh()
        listeners.current.forEach((listener) => listener())
      },
      change(change) {
        if (change.isNew && !change.onlyFor && change.space !== reading.current) {
          setUnread((now) => ({ ...now, [change.space]: (now[change.space] ?? 0) + 1 }))
        }
        listeners.current.forEach((listener) => listener(change))
      },
      clock(next) {
        setClock(next)
        if (!next.moving) refresh()
      },
    })
  }, [])
  return { network, clock, unread, read, onChange }
}
