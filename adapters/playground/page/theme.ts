import { useEffect, useState } from 'react'
import { useStored } from './stored.ts'

export type Theme = 'light' | 'dark'

const system = window.matchMedia('(prefers-color-scheme: dark)')

/** Light or dark: the system's choice until the person makes one. */
export function useTheme(): [Theme, () => void] {
  const [chosen, setChosen] = useStored('theme', '')
  const [dark, setDark] = useState(system.matches)
  useEffect(() => {
    const follow = (event: MediaQueryListEvent): void => setDark(event.matches)
    system.addEventListener('change', follow)
    return () => system.removeEventListener('change', follow)
  }, [])
  const theme = chosen === 'light' || chosen === 'dark' ? chosen : dark ? 'dark' : 'light'
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  return [theme, () => setChosen(theme === 'dark' ? 'light' : 'dark')]
}
