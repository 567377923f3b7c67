import type { Temporal } from 'temporal-polyfill'
import type { z } from 'zod'
import type { Account, Address } from '../kernel/address.ts'
import type { Translator } from '../i18n/texts.ts'
import type { Member, Network, Space } from '../networks/types.ts'
import type { ActionRef, Block, Form, FormValues, View } from '../views/view.ts'

/** What a person did on a platform, as an adapter hands it over after it has verified who and where. */
export interface Incoming {
  /** The platform's own id of the request: repeated requests carry the same, and have one effect. */
  requestId: string
  account: Account
  place: Address
  /** Language and IANA zone as the platform knows them, if it says so. */
  locale?: string
  zone?: string
  what:
    | { kind: 'command'; text: string }
    /** A button, a scale point or a choice (`action.args.value`) on a message. */
    | { kind: 'press'; action: ActionRef }
    /** A form sent off. */
    | { kind: 'submit'; action: ActionRef; values: FormValues }
    /** Slack's Home tab or the first greeting in a personal chat. */
    | { kind: 'home' }
  /** False where no dialog can open as an answer (a typed message): a form then becomes a message with a button that opens it. */
  canOpenForm: boolean
}

/** What the person sees then. All parts are optional; several may come together. */
export interface Reply {
  /** Takes the place of the message whose button was pressed. */
  update?: View
  /** Opens as a dialog. */
  form?: Form
  /** Field id to text, plain: shown beside the fields, and the form stays open with what was typed. */
  errors?: Record<string, string>
  /** Seen by this person only. */
  notice?: View
  /** Shown on the Home tab. */
  home?: View
  /**
   * True where nothing was done, because it went wrong on our side (then `notice` says so) or because another replica is
   * at it: the same request may come again.
   */
  failed?: true
  /**
   * Alone: the request is accepted and will have its effect, whatever becomes of this process. Resolves to what is to be
   * seen then; to undefined where that takes longer still: the person will be told in their direct chat.
   */
  later?: Promise<Reply | undefined>
}

/** The inbound port: adapters call it, nothing else. Never throws. */
export interface Conversation {
  handle(incoming: Incoming): Promise<Reply>
}

/** Who asks, and where. The network always comes from the verified envelope, never from a payload. */
export interface Ctx {
  network: Network
  member: Member
  /** The texts in the member's own language: for everything private. */
  t: Translator
  /** The texts in the language of the channel the member is in; in a direct chat the member's. For `update`s. */
  here: Translator
  place: Address
  /** The bound channel the member is in, if it is one. */
  space?: Space
  now: Temporal.Instant
}

/** Who may use an action or a command. */
export type Who = 'member' | 'coordinator'

/** What happens on a press or on a form sent off. Make one with `action()`. */
export interface ActionHandler {
  who: Who
  args: z.ZodType
  values?: z.ZodType
  /** Fields with free text: they are looked through for personal data before anything is stored. */
  freeText?: string[]
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- `action()` gives it its types
  run(ctx: Ctx, args: any, values: any): Promise<Reply>
}

/**
 * A typed action.
 * `args` parses what the button carried, `values` what was filled in. A schema's message is a key of `locales/`
 * (`z.string().min(1, 'goals:errors.changeMissing')`); it is shown beside the field.
 */
export const action = <A extends z.ZodType, V extends z.ZodType = z.ZodUndefined>(handler: {
  who: Who
  args: A
  values?: V
  freeText?: string[]
  run(ctx: Ctx, args: z.output<A>, values: z.output<V>): Promise<Reply>
}): ActionHandler => handler

/**
 * A command. Its words are the text `<feature>:commands.<name>.words` (comma-separated, the first is the usual one), its
 * line in `help` is `<feature>:commands.<name>.help`; every language of the network is understood.
 */
export interface Command {
  name: string
  who: Who
  /** @param rest what was typed after the command's words, trimmed */
  run(ctx: Ctx, rest: string): Promise<Reply>
}

/** A person who is not (yet) a member: can only join. */
export interface Visitor {
  account: Account
  place: Address
  t: Translator
  zone?: string
}

/** A capability, as the conversation sees it. Its name is also the namespace of its texts. */
export interface Feature {
  name: string
  /** Action names are written `<feature>.<verb>`. */
  actions: Record<string, ActionHandler>
  commands: Command[]
  /** Commands for people who are not members yet. */
  guestCommands?: { name: string; run(visitor: Visitor, rest: string): Promise<Reply> }[]
  /** What the member sees of this capability on the Home tab. */
  home?(ctx: Ctx): Promise<Block[]>
  /** Lines for "what do you know about me", in the member's language, Markdown. */
  known?(ctx: Ctx): Promise<string[]>
  /** Forgets what is stored about a member who leaves. Must bear being called twice. */
  forget?(member: Member): Promise<void>
}

/** A private answer of one paragraph. */
export const notice = (text: string): Reply => ({
  notice: { summary: text, blocks: [{ type: 'text', text }] },
})
