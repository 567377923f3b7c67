import { z } from 'zod'
import { addressKey } from '../../src/kernel/address.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { toDate } from '../../src/kernel/clock.ts'
import { randomId } from '../../src/kernel/ids.ts'
import type { Conversation, Incoming, Reply } from '../../src/conversation/port.ts'
import type { Networks } from '../../src/networks/types.ts'
import type { Form, View } from '../../src/views/view.ts'
import { findPersona, type Persona } from './cast.ts'
import type { Messages } from './messages.ts'
import { drawForm, drawHome, readPress, readSubmit, readTyped } from './renderings.ts'
import type { ErrorCode, WireForm, WireReply } from './wire.ts'

const sent = { platform: z.enum(['slack', 'teams']), payload: z.unknown() }

/** The body of an act: who, where, and what a Slack or Teams client would send. */
export const actBody = z.object({
  member: z.string().max(200),
  space: z.string().max(500),
  what: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('command'), text: z.string().trim().min(1).max(2000) }),
    z.object({ kind: z.literal('press'), message: z.string().max(500).optional(), ...sent }),
    z.object({ kind: z.literal('submit'), form: z.string().max(100), ...sent }),
    z.object({ kind: z.literal('home') }),
  ]),
})

/** The body of a change between the two renderings of an open form. */
export const formBody = z.object({ form: z.string().max(100), ...sent })

/** What cannot be done, and why. */
export class CannotAct extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode) {
    super(code)
    this.code = code
  }
}

interface OpenForm {
  form: Form
  /** The message whose button opened it, if it was one. */
  message: string | undefined
}

// A browser that is closed leaves its forms open; the oldest are forgotten.
const MOST_OPEN_FORMS = 200

interface Actions {
  /** @throws CannotAct where the member may not be there, or what was pressed is gone */
  act(body: z.output<typeof actBody>): Promise<WireReply>
  /** @throws CannotAct where the form is gone */
  redraw(body: z.output<typeof formBody>): WireForm
}

/** What the page's people do, handed to the conversation as the adapters of Slack and Teams would. */
export function createActions(deps: {
  conversation: Conversation
  networks: Networks
  network: string
  messages: Messages
  clock: Clock
}): Actions {
  const { conversation, networks, network, messages, clock } = deps
  const open = new Map<string, OpenForm>()

  const opened = (id: string): OpenForm => {
    const found = open.get(id)
    if (!found) throw new CannotAct('gone')
    return found
  }

  const keep = (entry: OpenForm): string => {
    const oldest = open.keys().next().value
    if (open.size >= MOST_OPEN_FORMS && oldest !== undefined) open.delete(oldest)
    const id = randomId()
    open.set(id, entry)
    return id
  }

  // In a direct chat everything is private anyway.
  const write = (
    { member, place }: Persona,
    content: { view: View } | { said: string; by: string },
  ): Promise<void> =>
    messages.add({
      _id: randomId(),
      space: addressKey(place),
      at: toDate(clock.now()),
      ...(place.kind !== 'direct' && { onlyFor: member.id }),
      ...content,
    })

  return {
    async act({ member, space, what }) {
      const persona = await findPersona(networks, network, member, space)
      if (!persona) throw new CannotAct('notHere')
      const { account, place } = persona
      const hand = async (done: Incoming['what']): Promise<Reply> => {
        const reply = await conversation.handle({
          requestId: randomId(),
          account,
          place,
          locale: persona.member.language,
          zone: persona.member.zone,
          what: done,
          // A message typed in Teams cannot open a dialog; a slash command in Slack can.
          canOpenForm: done.kind !== 'command' || place.platform === 'slack',
        })
        // The page waits.
        return (await reply.later) ?? reply
      }
      switch (what.kind) {
        case 'home': {
          const { home } = await hand({ kind: 'home' })
          return { home: home && drawHome(home) }
        }
        case 'command': {
          const said = what.text.replace(/^(@linkpin|\/linkpin)\s*/i, '')
          await write(persona, { said, by: persona.member.id })
          return show(persona, await hand({ kind: 'command', text: said }))
        }
        case 'press': {
          if (what.message !== undefined && !(await messages.visible(what.message, space, member))) {
            throw new CannotAct('gone')
          }
          const action = readPress(what.platform, what.payload)
          if (!action) throw new CannotAct('badRequest')
          return show(persona, await hand({ kind: 'press', action }), what.message)
        }
        case 'submit': {
          const { form, message } = opened(what.form)
          const values = readSubmit(what.platform, what.payload)
          // Teams' own cancel button is a button of the card.
          if (values === 'cancel') {
            open.delete(what.form)
            return {}
          }
          if (!values) throw new CannotAct('badRequest')
          const reply = await hand({ kind: 'submit', action: form.action, values })
          if (reply.errors) return { form: drawForm(what.form, form, values, reply.errors) }
          open.delete(what.form)
          return show(persona, reply, message)
        }
      }
    },
    redraw({ form: id, platform, payload }) {
      const { form } = opened(id)
      const values = readTyped(platform, form, payload)
      return drawForm(id, form, values)
    },
  }

  async function show(
    persona: Persona,
    { update, form, notice, home }: Reply,
    message?: string,
  ): Promise<WireReply> {
    if (update && message !== undefined) await messages.replace(message, update)
    if (notice) await write(persona, { view: notice })
    const id = form && keep({ form, message })
    return {
      ...(form && id && { form: drawForm(id, form) }),
      ...(home && { home: drawHome(home) }),
      ...(notice && { answeredIn: addressKey(persona.place) }),
    }
  }
}
