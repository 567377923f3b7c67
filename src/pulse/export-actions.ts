import { z } from 'zod'
import { action, type Ctx, type Feature, type Reply } from '../conversation/port.ts'
import { Refusal } from '../kernel/errors.ts'
import type { Button } from '../views/view.ts'
import { closingDay, exported, FORMATS, type Format } from './export.ts'
import { plainView } from './views.ts'
import type { Waves } from './waves.ts'

/** Waves in one file: a year of them, and short enough to be read in a message where no file can be sent. */
const WAVES_PER_FILE = 26

/** How coordinators take the released results with them. */
export function createExportActions(waves: Waves): Pick<Feature, 'actions' | 'commands'> {
  async function fileOf({ network, t }: Ctx, format: Format, before?: number): Promise<Reply> {
    const found = await waves.closedBefore(network.id, before, WAVES_PER_FILE + 1)
    const shown = found.slice(0, WAVES_PER_FILE).toReversed()
    const [first] = shown
    if (!first) throw new Refusal('pulse:errors.noResult')
    const content = exported(shown, format, t, network.zone)
    const days = [first, shown.at(-1) ?? first].map((wave) => closingDay(wave, network.zone))
    const name = `linkpin-${days.join('-to-')}.${format}`
    const button = (label: string, other: Format, from?: number): Button => ({
      label,
      action: { name: 'pulse.export', args: { format: other, ...(from !== undefined && { before: from }) } },
    })
    const title = t.plain('pulse-export:title')
    const others = FORMATS.filter((other) => other !== format)
    return {
      notice: {
        ...plainView(
          title,
          title,
          [
            { type: 'text', text: t.t('pulse-export:intro') },
            { type: 'file', name, content },
          ],
          [
            ...others.map((other) => button(t.plain(`pulse-export:as.${other}`), other, before)),
            ...(found.length > shown.length
              ? [button(t.plain('pulse-export:earlier'), format, first.turn)]
              : []),
          ],
        ),
      },
    }
  }

  return {
    actions: {
      'pulse.export': action({
        who: 'coordinator',
        args: z.strictObject({ format: z.enum(FORMATS), before: z.number().int().optional() }),
        run: (ctx, { format, before }) => fileOf(ctx, format, before),
      }),
    },
    commands: [{ name: 'export', who: 'coordinator', run: (ctx) => fileOf(ctx, 'csv') }],
  }
}
