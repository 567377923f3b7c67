import type { Markdown } from './markdown.ts'

/** What a press of a button means: the name of an action and its plain arguments. */
export interface ActionRef {
  name: string
  args?: Record<string, string | number | boolean>
}

export interface Button {
  label: string
  action: ActionRef
  style?: 'primary' | 'danger'
  /** True where the answer is a form: Teams must know before the press that a dialog will open. */
  opensForm?: boolean
}

export interface Option {
  value: string
  label: string
}

/** One point of an agreement scale: 1 (least) to 5 (most). */
export interface ScalePoint {
  value: number
  label: string
}

export type Block =
  | { type: 'heading'; text: string }
  | { type: 'text'; text: Markdown }
  | { type: 'facts'; facts: { label: string; value: string }[] }
  /**
   * A statement answered in place with one tap; a press sends `action` with `value` added to its arguments (1..5, or 0
   * for "cannot say"). The points are shown as numbers, so that they fit into one line of a telephone; say once what
   * the numbers mean. Their labels are read out.
   */
  | {
      type: 'scale'
      statement: string
      points: ScalePoint[]
      skipLabel: string
      /** The answer given so far: 1..5, 0 for "cannot say"; undefined while open. */
      answer?: number
      action: ActionRef
    }
  /** One of several options, chosen in place; a choice sends `action` with `value` added to its arguments. */
  | { type: 'choice'; question: string; options: Option[]; chosen?: string; action: ActionRef }
  | { type: 'buttons'; buttons: Button[] }
  /** A picture with its text alternative, always. `png` is base64, at most 1 MB and 1024 pixels a side. */
  | { type: 'image'; png: string; alt: string }
  /**
   * A text file, for the person it is shown to alone. Where a platform takes no files, its content is shown in letters of
   * one width, to be copied.
   */
  | { type: 'file'; name: string; content: string }
  /** Small print. */
  | { type: 'context'; text: Markdown }
  | { type: 'divider' }

/** A platform-neutral message. `summary` is plain text: for notifications, and where blocks cannot be shown. */
export interface View {
  summary: string
  blocks: Block[]
}

interface FieldBase {
  id: string
  label: string
  help?: string
  required?: boolean
}

export type Field =
  | (FieldBase & { type: 'text'; multiline?: boolean; maxLength: number; value?: string })
  | (FieldBase & { type: 'choice'; options: Option[]; value?: string })
  | (FieldBase & { type: 'multi-choice'; options: Option[]; value?: string[] })
  /** ISO date, `2026-11-24`. */
  | (FieldBase & { type: 'date'; value?: string })
  /** Local time of day, `09:30`. */
  | (FieldBase & { type: 'time'; value?: string })
  /** A member of the network, by id; the room fills in the options. */
  | (FieldBase & { type: 'member'; options: Option[]; value?: string })
  /** A partner of the network, by id; the room fills in the options. */
  | (FieldBase & { type: 'partner'; options: Option[]; value?: string })
  /** An agreement scale: the value is `1`..`5`, or `0` for "cannot say". */
  | (FieldBase & { type: 'scale'; points: ScalePoint[]; skipLabel: string; value?: string })

/** A platform-neutral set of inputs. Submitting sends `action` with the values by field id. */
export interface Form {
  title: string
  intro?: Markdown
  fields: Field[]
  submitLabel: string
  cancelLabel: string
  action: ActionRef
  /** The action that opened the form; where no dialog can open at once, a button with it is shown instead. */
  openedBy: ActionRef
}

/** What was filled in: text, date, time and single choices as text, multi-choices as lists. */
export type FormValues = Record<string, string | string[] | undefined>
