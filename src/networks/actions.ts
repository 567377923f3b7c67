import { z } from 'zod'
import { action, notice } from '../conversation/port.ts'
import type { Ctx, Feature, Reply } from '../conversation/port.ts'
import type { Texts } from '../i18n/texts.ts'
import { localDate } from '../kernel/clock.ts'
import { FormRefusal, Refusal } from '../kernel/errors.ts'
import { connectForm, connectValues, inviteForm, inviteValues, languagesFor } from './forms.ts'
import type { Invited } from './joining.ts'
import type { NetworksRoom } from './networks.ts'
import {
  MUTE_WEEKS,
  invitationView,
  knownLines,
  languageView,
  linkView,
  muteView,
  welcomeView,
  whoView,
} from './views.ts'

const nothing = z.object({})

/** Joining, connecting channels, inviting, and what members decide about themselves. */
export function createNetworksFeature(networks: NetworksRoom, texts: Texts): Feature {
  const nameOfPartner = async (network: string, id: string): Promise<string> =>
    (await networks.partner(network, id))?.name ?? id

  async function connect(ctx: Ctx): Promise<Reply> {
    if (ctx.place.kind !== 'channel') throw new Refusal('networks:errors.channelOnly')
    return { form: connectForm(ctx, texts) }
  }

  async function invite(ctx: Ctx): Promise<Reply> {
    const [partners, members] = [networks.partners(ctx.network.id), networks.members(ctx.network.id)]
    return { form: inviteForm(ctx, texts, await partners, await members) }
  }

  async function setLanguage({ network, member }: Ctx, wanted: string): Promise<Reply> {
    const languages = languagesFor(network, texts)
    if (!languages.includes(wanted)) throw new Refusal('networks:errors.languageMissing')
    await networks.setLanguage(member, wanted)
    const t = texts.in(wanted, ...network.languages)
    return { update: languageView(t, texts, languages, wanted, true) }
  }

  return {
    name: 'networks',

    guestCommands: [
      {
        name: 'join',
        async run({ account, zone }, code) {
          if (!code) throw new Refusal('networks:errors.codeMissing')
          const member = await networks.redeem(code, account, zone)
          const network = await networks.network(member.network)
          const t = texts.in(member.language, ...network.languages)
          if (member.accounts.length > 1) return notice(t.t('networks:linked', { name: member.name }))
          const partner = await nameOfPartner(network.id, member.partner)
          return { notice: welcomeView(t, network, member, partner) }
        },
      },
    ],

    commands: [
      {
        name: 'who',
        who: 'member',
        async run(ctx) {
          const [partners, members] = [networks.partners(ctx.network.id), networks.members(ctx.network.id)]
          return { notice: whoView(ctx, await partners, await members) }
        },
      },
      {
        name: 'language',
        who: 'member',
        run: async ({ t, network, member }) => ({
          notice: languageView(t, texts, languagesFor(network, texts), member.language),
        }),
      },
      {
        name: 'link',
        who: 'member',
        run: async (ctx) => ({ notice: linkView(ctx, await networks.linkCode(ctx.member)) }),
      },
      { name: 'mute', who: 'member', run: async (ctx) => ({ notice: muteView(ctx) }) },
      { name: 'connect', who: 'coordinator', run: connect },
      {
        name: 'disconnect',
        who: 'coordinator',
        async run({ member, place, t }) {
          if (place.kind !== 'channel') throw new Refusal('networks:errors.channelOnly')
          const was = await networks.unbind(member, place)
          return notice(was ? t.t('networks:disconnect.done') : t.t('networks:disconnect.none'))
        },
      },
      { name: 'invite', who: 'coordinator', run: invite },
    ],

    actions: {
      'networks.connect': action({ who: 'coordinator', args: nothing, run: connect }),
      'networks.bind': action({
        who: 'coordinator',
        args: nothing,
        values: connectValues,
        freeText: ['name'],
        async run({ network, member, place, t }, _, values) {
          mustBeOffered(values.language, languagesFor(network, texts))
          await networks.bind(member, place, values)
          const params = { network: network.name, language: texts.nameOf(values.language) }
          return notice(
            values.kind === 'team'
              ? t.t('networks:connect.team', params)
              : t.t('networks:connect.coordinators', params),
          )
        },
      }),
      'networks.invite': action({ who: 'coordinator', args: nothing, run: invite }),
      'networks.send-invite': action({
        who: 'coordinator',
        args: nothing,
        values: inviteValues,
        async run(ctx, _, values) {
          const who = invited(values, languagesFor(ctx.network, texts))
          const invitation = await networks.invite(ctx.member, who)
          const language =
            'member' in who ? (await networks.member(ctx.network.id, who.member))?.language : who.language
          const theirs = texts.in(language, ...ctx.network.languages)
          return { notice: invitationView(ctx, theirs, invitation) }
        },
      }),
      'networks.language': action({
        who: 'member',
        args: z.object({ value: z.string() }),
        run: (ctx, { value }) => setLanguage(ctx, value),
      }),
      'networks.mute': action({
        who: 'member',
        args: z.object({ value: z.enum(MUTE_WEEKS).or(z.literal('no')) }),
        async run(ctx, { value }) {
          const weeks = value === 'no' ? undefined : Number(value)
          const until = weeks && localDate(ctx.now, ctx.member.zone).add({ weeks }).toString()
          await networks.mute(ctx.member, until || undefined)
          return { update: muteView({ ...ctx, member: { ...ctx.member, mutedUntil: until || undefined } }) }
        },
      }),
    },

    known: async (ctx) => knownLines(ctx, texts, await nameOfPartner(ctx.network.id, ctx.member.partner)),
    forget: (member) => networks.leave(member),
  }
}

// Somebody from the list, or somebody new with all that is needed: never half of both.
function invited(
  { member, name, partner, language }: z.output<typeof inviteValues>,
  offered: string[],
): Invited {
  if (member && name) throw new FormRefusal({ name: { key: 'networks:errors.inviteOne' } })
  if (member) return { member }
  const missing = {
    ...(!name && { name: { key: 'networks:errors.inviteOne' } }),
    ...(!partner && { partner: { key: 'networks:errors.invitePartner' } }),
  }
  if (!name || !partner) throw new FormRefusal(missing)
  return { name, partner, language: mustBeOffered(language, offered) }
}

function mustBeOffered(language: string | undefined, offered: string[]): string {
  if (language && offered.includes(language)) return language
  throw new FormRefusal({ language: { key: 'networks:errors.languageMissing' } })
}
