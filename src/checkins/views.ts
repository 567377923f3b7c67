import type { Ctx } from '../conversation/port.ts'
import type { Network, Networks } from '../networks/types.ts'
import type { Block, Button, View } from '../views/view.ts'
import type { Kind } from './kind.ts'
import { nominalText, ruleOf } from './model.ts'
import type { Outcome } from './occurrences.ts'
import { nextDates, type Coming, type Scheduled } from './scheduling.ts'
import { kindName, rhythm } from './words.ts'

/** One check-in in a line: what, how often, when next, in the reader's language and zone. Markdown. */
function line({ t, member }: Ctx, checkin: Scheduled): string {
  const name = kindName(t, checkin.kind)
  const often = rhythm(t, checkin)
  if (checkin.paused) return t.t('checkins:list.paused', { name, rhythm: often })
  if (!checkin.next) return t.t('checkins:list.over', { name, rhythm: often })
  return t.t('checkins:list.next', { name, rhythm: often, at: t.dateTime(checkin.next.at, member.zone) })
}

function buttonsOf({ t }: Ctx, checkin: Scheduled, kind: Kind): Button[] {
  const { kind: name, paused, next } = checkin
  const button = (verb: string, label: string, args = {}): Button => ({
    label,
    action: { name: `checkins.${verb}`, args: { kind: name, ...args } },
  })
  return [
    ...(kind.preview ? [button('preview', t.plain('checkins:buttons.preview'))] : []),
    button('run', t.plain('checkins:buttons.run')),
    ...(next
      ? [
          button('skip', t.plain('checkins:buttons.skip'), { nominal: nominalText(next.nominal) }),
          { ...button('move', t.plain('checkins:buttons.move')), opensForm: true },
        ]
      : []),
    paused
      ? button('resume', t.plain('checkins:buttons.resume'))
      : button('pause', t.plain('checkins:buttons.pause')),
    { ...button('schedule', t.plain('checkins:buttons.change')), opensForm: true },
    { ...button('delete', t.plain('checkins:buttons.delete')), style: 'danger' },
  ]
}

/** All check-ins of the network with what can be done about them; `said` says what has just been done. */
export function listView(ctx: Ctx, checkins: Scheduled[], kinds: Kind[], said?: string): View {
  const { t } = ctx
  const title = t.plain('checkins:list.title')
  const items = checkins.flatMap((checkin): Block[] => {
    const kind = kinds.find(({ name }) => name === checkin.kind)
    return kind
      ? [
          { type: 'text', text: line(ctx, checkin) },
          { type: 'buttons', buttons: buttonsOf(ctx, checkin, kind) },
        ]
      : []
  })
  const add: Button = {
    label: t.plain('checkins:buttons.schedule'),
    action: { name: 'checkins.schedule' },
    opensForm: true,
  }
  return {
    summary: title,
    blocks: [
      { type: 'heading', text: title },
      ...(said ? [{ type: 'text' as const, text: said }] : []),
      ...(items.length > 0 ? items : [{ type: 'text' as const, text: t.t('checkins:list.none') }]),
      { type: 'divider' },
      { type: 'buttons', buttons: [add] },
    ],
  }
}

/** After scheduling: the rhythm and the next three dates; one that a day off has moved says so. */
export function scheduledView(ctx: Ctx, checkin: Scheduled, networks: Networks): View {
  const { t, network } = ctx
  const summary = t.plain('checkins:saved.title', { name: kindName(t, checkin.kind) })
  const rule = ruleOf({ ...checkin, zone: network.zone }, (date) => networks.isDayOff(network, date))
  const dates = nextDates(rule, checkin.next, 3)
  return {
    summary,
    blocks: [
      { type: 'heading', text: summary },
      { type: 'text', text: t.t('checkins:saved.rhythm', { rhythm: rhythm(t, checkin) }) },
      {
        type: 'text',
        text: [
          t.t('checkins:saved.dates'),
          ...dates.map((date) => `- ${dateLine(ctx, network, date, networks)}`),
        ].join('\n'),
      },
      { type: 'context', text: t.t('checkins:saved.zone', { zone: ctx.member.zone }) },
    ],
  }
}

function dateLine({ t, member }: Ctx, network: Network, { nominal, at }: Coming, networks: Networks): string {
  const dateTime = t.dateTime(at, member.zone)
  return networks.isDayOff(network, nominal.toPlainDate())
    ? t.t('checkins:saved.moved', { at: dateTime, date: t.date(nominal.toPlainDate()) })
    : t.t('checkins:saved.date', { at: dateTime })
}

/** What everybody may know: when the next of each kind comes. */
export function nextBlocks(ctx: Ctx, checkins: Scheduled[]): Block[] {
  const { t } = ctx
  const lines = checkins.filter(({ next }) => next).map((checkin) => `- ${line(ctx, checkin)}`)
  const text =
    lines.length > 0 ? [t.t('checkins:next.title'), ...lines].join('\n') : t.t('checkins:next.none')
  // Somebody in another zone would otherwise read two hours for one check-in and not know why.
  const { network, member } = ctx
  const differs = lines.length > 0 && network.zone !== member.zone
  return [
    { type: 'text', text },
    ...(differs
      ? [
          {
            type: 'context' as const,
            text: t.t('checkins:list.zone', { network: network.zone, zone: member.zone }),
          },
        ]
      : []),
  ]
}

/** What "run now" led to, as Markdown. */
export function outcomeText({ t }: Ctx, kind: string, outcome: Outcome): string {
  const name = kindName(t, kind)
  if (outcome.state === 'waiting') return t.t('checkins:run.failed', { name })
  if (outcome.state === 'skipped') return t.t('checkins:run.silent', { name })
  return outcome.deliveries === 0
    ? t.t('checkins:run.nothing', { name })
    : t.t('checkins:run.done', { name, count: outcome.deliveries })
}
