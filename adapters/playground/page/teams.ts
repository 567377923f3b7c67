import { HostConfig } from 'adaptivecards'
import type { Theme } from './theme.ts'

const COLOURS = {
  light: { text: '#242424', subtle: '#616161', accent: '#4f52b2', good: '#0e700e', attention: '#b10e1c' },
  dark: { text: '#ffffff', subtle: '#c2c2c2', accent: '#a6a9f0', good: '#54b054', attention: '#f1707b' },
}

/** Type sizes, spaces and colours as Teams gives them to cards. */
export function teamsLook(theme: Theme): HostConfig {
  const { text, subtle, accent, good, attention } = COLOURS[theme]
  const colour = (value: string) => ({ default: value, subtle: value === text ? subtle : value })
  const style = {
    // The card's own background is the page's.
    backgroundColor: 'transparent',
    foregroundColors: {
      default: colour(text),
      dark: colour(text),
      light: colour(text),
      accent: colour(accent),
      good: colour(good),
      warning: colour(attention),
      attention: colour(attention),
    },
  }
  return new HostConfig({
    fontFamily: '"Segoe UI", system-ui, -apple-system, "Noto Sans", sans-serif',
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 200, default: 400, bolder: 600 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 0 },
    separator: { lineThickness: 1, lineColor: theme === 'dark' ? '#525252' : '#d1d1d1' },
    supportsInteractivity: true,
    containerStyles: { default: style, emphasis: style },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
    inputs: {
      label: {
        inputSpacing: 'small',
        requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
        optionalInputs: { weight: 'bolder' },
      },
      errorMessage: { color: 'attention', weight: 'default', spacing: 'small' },
    },
  })
}
