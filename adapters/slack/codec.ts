import { z } from 'zod'
import type { ActionRef, FormValues } from '../../src/views/view.ts'
import { LIMITS } from './limits.ts'

// What a button carries comes back inside Slack's signed envelope, and is parsed all the same.

const actionRef = z.object({
  name: z.string().max(100),
  args: z.record(z.string().max(100), z.union([z.string(), z.number(), z.boolean()])).optional(),
})

/** Where a form was opened from: only for where to show what follows, never for what is allowed. */
const origin = z.object({
  team: z.string(),
  channel: z.string().optional(),
  /** The message whose button opened it. */
  message: z.string().optional(),
})
export type Origin = z.output<typeof origin>

const pressed = z.object({
  action_id: z.string(),
  value: z.string().optional(),
  selected_option: z.object({ value: z.string() }).nullish(),
})

const input = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
  selected_date: z.string().nullish(),
  selected_time: z.string().nullish(),
})

const submitted = z.object({
  private_metadata: z.string(),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), input)) }),
})

const metadata = z.object({ action: actionRef, origin: origin.optional() })

/**
 * An action as the text that a button carries.
 * @throws RangeError where it is longer than Slack lets a button carry: a mistake of the room that made it
 */
export function encodeAction(action: ActionRef): string {
  const text = JSON.stringify(action)
  if (text.length > LIMITS.buttonValue)
    throw new RangeError(`the action ${action.name} is too long for a button`)
  return text
}

/** The action id of a menu, which has no room for an action in its options; undefined where it has none either. */
export function menuId(index: number, action: ActionRef): string | undefined {
  const id = `a${index}:${JSON.stringify(action)}`
  return id.length <= LIMITS.actionId ? id : undefined
}

/**
 * What a press means, from the first of a `block_actions` payload's `actions`.
 * @returns undefined where it is nothing this program ever sent
 */
export function readPress(payload: unknown): ActionRef | undefined {
  const press = pressed.safeParse(payload).data
  if (press?.value !== undefined) return decode(press.value, actionRef)
  const action = press && decode(press.action_id.slice(press.action_id.indexOf(':') + 1), actionRef)
  const value = press?.selected_option?.value
  return action && value !== undefined ? { ...action, args: { ...action.args, value } } : undefined
}

/** The private metadata of a modal: what sending it off means, and where it was opened. */
export function encodeForm(action: ActionRef, from?: Origin): string {
  const text = JSON.stringify({ action, origin: from })
  if (text.length > LIMITS.metadata) throw new RangeError(`the action ${action.name} is too long for a form`)
  return text
}

/**
 * What was filled in, from a `view_submission` payload's `view`. The ids of blocks are the ids of fields.
 * @returns undefined where it is no form of this program
 */
export function readSubmission(
  payload: unknown,
): { action: ActionRef; values: FormValues; origin?: Origin } | undefined {
  const view = submitted.safeParse(payload).data
  const meta = view && decode(view.private_metadata, metadata)
  if (!view || !meta) return undefined
  const values = Object.entries(view.state.values).map(([field, inputs]) => [
    field,
    valueOf(Object.values(inputs)[0]),
  ])
  return { ...meta, values: Object.fromEntries(values) as FormValues }
}

function valueOf(given: z.output<typeof input> | undefined): string | string[] | undefined {
  if (given?.selected_options) return given.selected_options.map(({ value }) => value)
  return (
    given?.value ?? given?.selected_option?.value ?? given?.selected_date ?? given?.selected_time ?? undefined
  )
}

function decode<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
