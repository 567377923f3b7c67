/** Adaptive Cards as a Teams client reads them: what is wrong with one, what is seen on it, what can be pressed. */

/** Any JSON object of a card. */
export type Json = Record<string, unknown>

/** What may stand in a card of schema 1.5, and what each part must have. */
const PARTS: Record<string, string[]> = {
  AdaptiveCard: ['version', 'body'],
  TextBlock: ['text'],
  RichTextBlock: ['inlines'],
  TextRun: ['text'],
  Container: ['items'],
  ColumnSet: ['columns'],
  Column: ['items'],
  ActionSet: ['actions'],
  Image: ['url', 'altText'],
  'Input.Text': ['id', 'label'],
  'Input.Date': ['id', 'label'],
  'Input.Time': ['id', 'label'],
  'Input.ChoiceSet': ['id', 'choices'],
  'Action.Execute': ['title', 'verb', 'data'],
  'Action.Submit': ['title', 'data'],
}

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every object with a `type` in a card, the card included, in reading order. Data of actions is not looked into. */
export function partsOf(node: unknown): Json[] {
  if (Array.isArray(node)) return node.flatMap(partsOf)
  if (!isJson(node)) return []
  const inside = Object.entries(node).filter(([key]) => key !== 'data')
  const nested = inside.flatMap(([, value]) => partsOf(value))
  return typeof node.type === 'string' ? [node, ...nested] : nested
}

/** What Teams would refuse or not show. */
export function faultsOf(card: unknown, inDialog = false): string[] {
  const faults: string[] = []
  if (!isJson(card) || card.type !== 'AdaptiveCard') return ['not a card']
  if (card.version !== '1.5') faults.push(`version ${String(card.version)}`)
  const ids = new Set<unknown>()
  for (const part of partsOf(card)) {
    const type = String(part.type)
    const required = PARTS[type]
    if (!required) {
      faults.push(`unknown ${type}`)
      continue
    }
    for (const key of required) {
      if (part[key] === undefined || part[key] === '') faults.push(`${type} without ${key}`)
    }
    if (type.startsWith('Input.')) {
      if (ids.has(part.id)) faults.push(`two inputs ${String(part.id)}`)
      ids.add(part.id)
    }
    if (type === 'ActionSet' && (part.actions as unknown[]).length > 6)
      faults.push('more than 6 actions in a set')
    if (type === 'Image' && !/^data:image\/png;base64,|^https:/.test(String(part.url)))
      faults.push('picture address')
    if (inDialog && type === 'Action.Execute') faults.push('Action.Execute does nothing in a dialog')
  }
  return faults
}

/** What is read on a card, line by line: texts, labels, options and pictures' alternatives; no buttons. */
export function linesOf(card: unknown): string[] {
  return partsOf(card).flatMap((part) => {
    switch (part.type) {
      case 'TextBlock':
        return [String(part.text)]
      case 'RichTextBlock':
        return [(part.inlines as Json[]).map(({ text }) => text).join('')]
      case 'Image':
        return [String(part.altText)]
      case 'Input.ChoiceSet':
        return [
          ...(part.label ? [String(part.label)] : []),
          ...(part.choices as Json[]).map(({ title }) => String(title)),
        ]
      case 'Input.Text':
      case 'Input.Date':
      case 'Input.Time':
        return [String(part.label)]
      default:
        return []
    }
  })
}

export const actionsOf = (card: unknown): Json[] =>
  partsOf(card).filter(({ type }) => type === 'Action.Execute' || type === 'Action.Submit')

/** The button with a title; a given answer's ✓ need not be named. */
export function findAction(card: unknown, title: string, nth = 0): Json {
  const actions = actionsOf(card)
  const found = actions.filter(
    (action) => String(action.title).replace(/^✓ /, '') === title.replace(/^✓ /, ''),
  )[nth]
  if (!found) {
    throw new Error(
      `no button "${title}"; there is: ${actions.map((action) => String(action.title)).join(', ')}`,
    )
  }
  return found
}

export const inputsOf = (card: unknown): Json[] =>
  partsOf(card).filter(({ type }) => String(type).startsWith('Input.'))

/** What a person put into one input, as the client sends it: options by their titles. */
export function inputValue(input: Json, typed: string | string[]): string {
  if (input.type !== 'Input.ChoiceSet') return String(typed)
  return [typed]
    .flat()
    .map((title) => {
      const choice = (input.choices as Json[]).find((candidate) => candidate.title === title)
      if (!choice) throw new Error(`no option "${title}" in "${String(input.label)}"`)
      return String(choice.value)
    })
    .join(',')
}

/** Bytes that count against the limit of a message: pictures in data URIs do not. */
export const countedBytes = (body: unknown): number =>
  Buffer.byteLength(JSON.stringify(body).replace(/"data:image[^"]*"/g, '""'))
