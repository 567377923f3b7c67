import { z } from 'zod'
import type { Texts } from '../i18n/texts.ts'
import type { Block, View } from '../views/view.ts'
import { wordsOf } from './commands.ts'
import { action, notice } from './port.ts'
import type { Ctx, Feature } from './port.ts'

/**
 * What concerns every capability at once: `help`, "what do you know about me", and leaving.
 * @param features the capabilities, the networks room first: it is the last to forget a member
 */
export function createAbout(features: Feature[], texts: Texts): Feature {
  const self: Feature = {
    name: 'conversation',
    actions: {
      'conversation.help': action({
        who: 'member',
        args: z.strictObject({}),
        run: async (ctx) => ({ notice: helpView(ctx, [...features, self], texts) }),
      }),
      'conversation.leave': action({
        who: 'member',
        args: z.strictObject({}),
        async run(ctx) {
          for (const feature of features.toReversed()) await feature.forget?.(ctx.member)
          return notice(ctx.t.t('conversation:leave.done', { network: ctx.network.name }))
        },
      }),
    },
    commands: [
      {
        name: 'help',
        who: 'member',
        run: async (ctx) => ({ notice: helpView(ctx, [...features, self], texts) }),
      },
      { name: 'about', who: 'member', run: async (ctx) => ({ notice: await knownView(ctx, features) }) },
      { name: 'leave', who: 'member', run: async (ctx) => ({ notice: leaveView(ctx) }) },
    ],
    home: async ({ t }) => [
      { type: 'divider' },
      {
        type: 'buttons',
        buttons: [{ label: t.plain('conversation:help.button'), action: { name: 'conversation.help' } }],
      },
      { type: 'context', text: t.t('guardrails:lines.general-only') },
    ],
  }
  return self
}

function helpView({ member, network, t }: Ctx, features: Feature[], texts: Texts): View {
  const lines = (who: 'member' | 'coordinator'): string =>
    features
      .flatMap((feature) =>
        feature.commands
          .filter((command) => command.who === who)
          .map(({ name }) => {
            const words = wordsOf(t, feature.name, name)[0] ?? name
            return `- **${words}** ${t.t(`${feature.name}:commands.${name}.help`)}`
          }),
      )
      .join('\n')
  const blocks: Block[] = [
    { type: 'heading', text: t.plain('conversation:help.title') },
    { type: 'text', text: t.t('conversation:help.intro', { network: network.name }) },
    { type: 'text', text: lines('member') },
  ]
  if (member.coordinator) {
    blocks.push({
      type: 'text',
      text: `**${t.t('conversation:help.coordinators')}**\n${lines('coordinator')}`,
    })
  }
  if (!texts.speaks(member.language)) {
    blocks.push({
      type: 'context',
      text: t.t('conversation:help.otherLanguage', { language: texts.nameOf(member.language) }),
    })
  }
  blocks.push({ type: 'context', text: t.t('conversation:help.limits') })
  return { summary: t.plain('conversation:help.title'), blocks }
}

async function knownView(ctx: Ctx, features: Feature[]): Promise<View> {
  const { t } = ctx
  const known = await Promise.all(features.map((feature) => feature.known?.(ctx) ?? []))
  return {
    summary: t.plain('conversation:known.title'),
    blocks: [
      { type: 'heading', text: t.plain('conversation:known.title') },
      {
        type: 'text',
        text: known
          .flat()
          .map((line) => `- ${line}`)
          .join('\n'),
      },
      { type: 'text', text: t.t('conversation:known.never') },
      { type: 'context', text: t.t('conversation:known.leave') },
    ],
  }
}

const leaveView = ({ t, network }: Ctx): View => ({
  summary: t.plain('conversation:leave.title', { network: network.name }),
  blocks: [
    { type: 'heading', text: t.plain('conversation:leave.title', { network: network.name }) },
    { type: 'text', text: t.t('conversation:leave.what') },
    {
      type: 'buttons',
      buttons: [
        {
          label: t.plain('conversation:leave.button'),
          style: 'danger',
          action: { name: 'conversation.leave' },
        },
      ],
    },
  ],
})
