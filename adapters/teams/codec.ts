import { z } from 'zod'
import type { ActionRef, FormValues } from '../../src/views/view.ts'

/**
 * What cards carry and bring back. A card is held by the client, so everything that comes back is parsed and means no
 * more than "this person asks for that": who and where come from the verified activity alone.
 */

const actionName = z
  .string()
  .regex(/^[a-z0-9-]+\.[A-Za-z0-9.-]+$/)
  .max(100)
const argName = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,39}$/)
const scalar = z.union([z.string().max(2000), z.number(), z.boolean()])
const args = z.record(argName, scalar).default({})
const action = z.object({ name: actionName, args })

/** Inputs of a form are named by their kind, so that a submission can be read without the form. */
const SINGLE = 'f:'
const MULTIPLE = 'm:'

/** The id of a form field's input. */
export const inputId = (fieldId: string, multiple: boolean): string =>
  (multiple ? MULTIPLE : SINGLE) + fieldId

/** Several choices come back joined with commas, so their values must not hold one. */
export const encodeChoice = (value: string): string => encodeURIComponent(value)

/** Data of an `Action.Execute`, whose verb is the action's name. `input` names the list that holds `args.value`. */
export const executeData = (ref: ActionRef, input?: string): object => ({
  linkpin: { args: ref.args ?? {}, ...(input && { input }) },
})

/** Data of an `Action.Submit` in a message that opens a dialog. `filled` is what had been typed in it before. */
export const taskFetchData = (ref: ActionRef, filled?: FormValues): object => ({
  msteams: { type: 'task/fetch' },
  linkpin: { press: { name: ref.name, args: ref.args ?? {} } },
  ...(filled && inputsOf(filled)),
})

/** Data of a button inside a dialog. */
export const dialogPressData = (ref: ActionRef, input?: string, message?: string): object => ({
  linkpin: {
    press: { name: ref.name, args: ref.args ?? {} },
    ...(input && { input }),
    ...(message && { message }),
  },
})

/** Data of a dialog's submit button. `message` is the sealed id of the message the dialog was opened from. */
export const submitData = (ref: ActionRef, openedBy: ActionRef, message?: string): object => ({
  linkpin: {
    submit: { name: ref.name, args: ref.args ?? {} },
    openedBy: { name: openedBy.name, args: openedBy.args ?? {} },
    ...(message && { message }),
  },
})

/** Data of a button that sends a form off once more, as it was filled in. */
export const resendData = ({ action, openedBy, values, message }: Submitted): object => ({
  ...submitData(action, openedBy, message),
  ...inputsOf(values),
})

/** Data of a dialog's cancel button. */
export const cancelData = (): object => ({ linkpin: { cancel: true } })

const executeValue = z.object({
  action: z.object({
    verb: actionName,
    data: z.looseObject({ linkpin: z.object({ args, input: z.string().max(50).optional() }) }),
  }),
})

const fetchValue = z.object({ data: z.looseObject({ linkpin: z.object({ press: action }) }) })

const submissionValue = z.object({
  data: z.looseObject({
    linkpin: z.union([
      z.object({ cancel: z.literal(true) }),
      z.object({
        press: action,
        input: z.string().max(50).optional(),
        message: z.string().max(600).optional(),
      }),
      z.object({ submit: action, openedBy: action, message: z.string().max(600).optional() }),
    ]),
  }),
})

/** What came back from a dialog. */
export type Submission =
  { kind: 'cancel' } | { kind: 'press'; action: ActionRef; message?: string } | Submitted

/** A form sent off. */
export interface Submitted {
  kind: 'submit'
  action: ActionRef
  openedBy: ActionRef
  values: FormValues
  message?: string
}

/** Reads the `value` of an `adaptiveCard/action` invoke; undefined where it is not one of our cards. */
export function readExecute(value: unknown): ActionRef | undefined {
  const parsed = executeValue.safeParse(value)
  if (!parsed.success) return undefined
  const { verb, data } = parsed.data.action
  return chosen({ name: verb, args: data.linkpin.args }, data, data.linkpin.input)
}

/** Reads the `value` of a `task/fetch` invoke; undefined where it is not one of our buttons. */
export function readTaskFetch(value: unknown): { action: ActionRef; filled?: FormValues } | undefined {
  const parsed = fetchValue.safeParse(value)
  if (!parsed.success) return undefined
  const { linkpin, ...inputs } = parsed.data.data
  const filled = readValues(inputs)
  return { action: linkpin.press, ...(Object.keys(filled).length > 0 && { filled }) }
}

/** Reads the `value` of a `task/submit` invoke; undefined where it is not one of our dialogs. */
export function readSubmission(value: unknown): Submission | undefined {
  const parsed = submissionValue.safeParse(value)
  if (!parsed.success) return undefined
  const { linkpin, ...inputs } = parsed.data.data
  if ('cancel' in linkpin) return { kind: 'cancel' }
  if ('press' in linkpin) {
    return { kind: 'press', action: chosen(linkpin.press, inputs, linkpin.input), message: linkpin.message }
  }
  const { submit, openedBy, message } = linkpin
  return { kind: 'submit', action: submit, openedBy, values: readValues(inputs), message }
}

/** A choice from a list: the chosen option becomes `args.value`. */
function chosen(ref: ActionRef, inputs: Record<string, unknown>, input: string | undefined): ActionRef {
  const value = input === undefined ? undefined : inputs[input]
  if (typeof value !== 'string' || value === '') return ref
  return { name: ref.name, args: { ...ref.args, value } }
}

function readValues(inputs: Record<string, unknown>): FormValues {
  const entries: [string, string | string[] | undefined][] = []
  for (const [id, value] of Object.entries(inputs)) {
    if (typeof value !== 'string') continue
    if (id.startsWith(SINGLE)) entries.push([id.slice(SINGLE.length), value === '' ? undefined : value])
    if (id.startsWith(MULTIPLE)) {
      entries.push([id.slice(MULTIPLE.length), value.split(',').filter(Boolean).map(decodeChoice)])
    }
  }
  // fromEntries defines own properties, so that a field called `__proto__` changes nothing.
  return Object.fromEntries(entries)
}

/** What the fields of a form would send. */
const inputsOf = (values: FormValues): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([id, value]) => {
      if (value === undefined) return []
      return Array.isArray(value)
        ? [[inputId(id, true), value.map(encodeChoice).join(',')]]
        : [[inputId(id, false), value]]
    }),
  )

function decodeChoice(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
