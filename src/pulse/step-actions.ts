import { z } from 'zod'
import { action, notice, type Ctx, type Feature, type Reply } from '../conversation/port.ts'
import { Refusal } from '../kernel/errors.ts'
import { content } from './content.ts'
import type { Step, WaveDoc } from './model.ts'
import { isShown } from './scoring.ts'
import { offerView, topicIn, wordForm } from './step-views.ts'
import type { Steps } from './steps.ts'
import type { Waves } from './waves.ts'

const wave = z.string().max(300)
const ownWords = z.strictObject({ wave, step: z.enum(['own', 'none']) })

/** What coordinators can do with a result: choose the one step that follows. */
export function createStepActions(waves: Waves, steps: Steps): Pick<Feature, 'actions' | 'commands'> {
  /** A closed wave of this network that has shown something. */
  async function shownOne({ network }: Ctx, id: string): Promise<WaveDoc> {
    const found = await waves.find(id)
    const isOurs = found?.network === network.id && found.state === 'closed'
    if (!isOurs || !found.result || !isShown(found.result)) throw new Refusal('conversation:oldButton')
    return found
  }

  async function choose(ctx: Ctx, id: string, step: Step): Promise<Reply> {
    await steps.choose(ctx, await shownOne(ctx, id), step)
    return notice(ctx.t.t('pulse:step.done'))
  }

  return {
    actions: {
      'pulse.choices': action({
        who: 'coordinator',
        args: z.strictObject({ wave }),
        async run(ctx, args) {
          const found = await shownOne(ctx, args.wave)
          if (found.step) throw new Refusal('pulse:errors.chosen')
          return { notice: offerView(await steps.choicesOf(ctx.network, found), ctx.t) }
        },
      }),
      'pulse.choose': action({
        who: 'coordinator',
        args: z.strictObject({ wave, step: z.enum(['nudge', 'exercise']) }),
        async run(ctx, args) {
          if (!topicIn(await shownOne(ctx, args.wave))) throw new Refusal('conversation:oldButton')
          return choose(ctx, args.wave, { kind: args.step })
        },
      }),
      'pulse.word': action({
        who: 'coordinator',
        args: ownWords,
        async run(ctx, args) {
          const found = await shownOne(ctx, args.wave)
          if (found.step) throw new Refusal('pulse:errors.chosen')
          return { form: wordForm(found._id, args.step, ctx.t) }
        },
      }),
      'pulse.decide': action({
        who: 'coordinator',
        args: ownWords,
        values: z.object({
          text: z
            .string('pulse:errors.words')
            .trim()
            .min(1, 'pulse:errors.words')
            .max(content.freeTextMaxChars),
        }),
        freeText: ['text'],
        run: (ctx, args, { text }) => choose(ctx, args.wave, { kind: args.step, text }),
      }),
    },
    commands: [],
  }
}
