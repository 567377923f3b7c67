import type { Connection } from 'mongoose'
import type { z } from 'zod'
import { FormRefusal, Refusal } from '../kernel/errors.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Texts, Translator } from '../i18n/texts.ts'
import type { Member, Networks } from '../networks/types.ts'
import type { FormValues } from '../views/view.ts'
import { createAbout } from './about.ts'
import { findCommand, languagesOf } from './commands.ts'
import { kinderWord, looksPersonal } from './guard.ts'
import { createInbox } from './inbox.ts'
import { notice } from './port.ts'
import type { ActionHandler, Conversation, Ctx, Feature, Incoming, Reply, Who } from './port.ts'

/** The rooms' side of everything a person does: who is it, has it been seen, is it allowed, what follows. */
export function createConversation(deps: {
  db: Connection
  networks: Networks
  texts: Texts
  clock: Clock
  log: Logger
  features: Feature[]
}): Conversation {
  const { networks, texts, clock, log } = deps
  const inbox = createInbox(deps.db, clock)
  const features = [...deps.features, createAbout(deps.features, texts)]
  const actions = new Map(features.flatMap((feature) => Object.entries(feature.actions)))
  const commands = features.flatMap((feature) =>
    feature.commands.map((command) => ({ ...command, feature: feature.name })),
  )
  const guestCommands = features.flatMap((feature) =>
    (feature.guestCommands ?? []).map((command) => ({ ...command, feature: feature.name })),
  )

  async function contextOf(member: Member, incoming: Incoming): Promise<Ctx> {
    const network = await networks.network(member.network)
    const space = await networks.spaceAt(incoming.place)
    // A channel of somebody else's network: as if there were no such channel.
    if (space && space.network !== member.network) throw new Refusal('conversation:otherNetwork')
    const t = texts.in(member.language, ...network.languages)
    const here = space ? texts.in(space.language, ...network.languages) : t
    return { network, member, t, here, place: incoming.place, space, now: clock.now() }
  }

  async function command(typed: string, ctx: Ctx): Promise<Reply> {
    const languages = languagesOf(texts, [ctx.member.language, ...ctx.network.languages])
    const found = findCommand(typed || 'help', [...commands, ...guestCommands], languages)
    const known = commands.find(({ feature, name }) => feature === found?.feature && name === found.name)
    if (known) {
      allow(known.who, ctx.member)
      return known.run(ctx, found?.rest ?? '')
    }
    throw new Refusal(found ? 'conversation:alreadyMember' : 'conversation:unknownCommand')
  }

  async function visit(incoming: Incoming): Promise<Reply> {
    const t = texts.in(incoming.locale)
    const { what, account, place, zone } = incoming
    const stranger = notice(t.t('conversation:unknownMember'))
    // Whoever looks at the Home tab again and again gets no message each time.
    if (what.kind === 'home') return { home: stranger.notice }
    if (what.kind !== 'command') return stranger
    const all = texts.languages.map(({ code }) => texts.in(code))
    const found = findCommand(what.text, guestCommands, all)
    const known = guestCommands.find(({ feature, name }) => feature === found?.feature && name === found.name)
    return known ? known.run({ account, place, t, zone }, found?.rest ?? '') : stranger
  }

  async function dispatch(incoming: Incoming, ctx: Ctx): Promise<Reply> {
    const { what } = incoming
    if (what.kind === 'home') return { home: await homeOf(ctx, features) }
    if (what.kind === 'command') return command(what.text, ctx)
    const handler = actions.get(what.action.name)
    const args = handler?.args.safeParse(what.action.args ?? {})
    if (!handler || !args?.success) throw new Refusal('conversation:oldButton')
    allow(handler.who, ctx.member)
    if (what.kind === 'press') {
      // What a form does, as a button: nothing we ever sent.
      if (handler.values && !handler.values.safeParse(undefined).success)
        throw new Refusal('conversation:oldButton')
      return handler.run(ctx, args.data, undefined)
    }
    return submit(handler, args.data, what.values, ctx)
  }

  return {
    async handle(incoming) {
      let t = texts.in(incoming.locale)
      const isCounted = incoming.what.kind !== 'home'
      const finished = (reply: Reply): Reply => {
        if (isCounted) inbox.finish(incoming)
        return reply
      }
      try {
        if (isCounted) {
          const seen = await inbox.begin(incoming)
          if (seen !== 'new') return seen === 'done' ? {} : { failed: true }
        }
        const member = await networks.memberByAccount(incoming.account)
        if (!member) return finished(await visit(incoming))
        t = texts.in(member.language, (await networks.network(member.network)).languages[0])
        return finished(await dispatch(incoming, await contextOf(member, incoming)))
      } catch (error) {
        if (error instanceof Refusal) return finished(notice(t.text(error.text)))
        if (error instanceof FormRefusal) return finished({ errors: inWords(error, t) })
        log.error({ request: incoming.what.kind, err: error }, 'a request failed')
        if (isCounted) await inbox.release(incoming).catch(() => undefined)
        return { ...notice(t.t('conversation:troubled')), failed: true }
      }
    },
  }
}

async function homeOf(ctx: Ctx, features: Feature[]): Promise<NonNullable<Reply['home']>> {
  const parts = await Promise.all(features.map((feature) => feature.home?.(ctx) ?? []))
  const title = ctx.t.plain('conversation:home.title', { network: ctx.network.name })
  return { summary: title, blocks: [{ type: 'heading', text: title }, ...parts.flat()] }
}

async function submit(handler: ActionHandler, args: unknown, values: FormValues, ctx: Ctx): Promise<Reply> {
  const written = (handler.freeText ?? []).flatMap((id) => {
    const value = values[id]
    return typeof value === 'string' ? [[id, value] as const] : []
  })
  const personal = written.filter(([, text]) => looksPersonal(text))
  const parsed = handler.values?.safeParse(values)
  const errors = {
    ...(parsed && !parsed.success && mistakes(parsed.error)),
    ...Object.fromEntries(personal.map(([id]) => [id, { key: 'guardrails:stop.st-person' }])),
  }
  if (Object.keys(errors).length > 0) throw new FormRefusal(errors)
  const reply = await handler.run(ctx, args, parsed?.data)
  const hint = reply.errors ? undefined : written.map(([, text]) => kinderWord(text, ctx.t)).find(Boolean)
  return hint ? withHint(reply, ctx.t.t('guardrails:stop.st-label', { swap: hint })) : reply
}

const withHint = (reply: Reply, text: string): Reply => ({
  ...reply,
  notice: reply.notice
    ? { ...reply.notice, blocks: [...reply.notice.blocks, { type: 'context', text }] }
    : { summary: text, blocks: [{ type: 'text', text }] },
})

// A schema's message is a key of locales/; zod's own English words are never shown.
function mistakes(error: z.ZodError): Record<string, { key: string }> {
  return Object.fromEntries(
    error.issues.map(({ path, message }) => [
      String(path[0]),
      { key: /^[a-z-]+:[\w.-]+$/i.test(message) ? message : 'conversation:errors.check' },
    ]),
  )
}

const inWords = (refusal: FormRefusal, t: Translator): Record<string, string> =>
  Object.fromEntries(
    Object.entries(refusal.errors).map(([id, { key, params }]) => [id, t.plain(key, params)]),
  )

function allow(who: Who, member: Member): void {
  if (who === 'coordinator' && !member.coordinator) throw new Refusal('conversation:coordinatorsOnly')
}
