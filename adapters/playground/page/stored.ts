import { useCallback, useState } from 'react'

const PREFIX = 'linkpin-playground.'

/** A state that survives a reload of the page in this browser tab. */
export function useStored(name: string, initial: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => sessionStorage.getItem(PREFIX + name) ?? initial)
  const store = useCallback(
    (next: string) => {
      sessionStorage.setItem(PREFIX + name, next)
      setValue(next)
    },
    [name],
  )
  return [value, store]
}
