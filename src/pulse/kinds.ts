import { Temporal } from 'temporal-polyfill'
import type { Kind, Occurrence } from '../checkins/kind.ts'
import type { Ctx } from '../conversation/port.ts'
import type { Draft } from '../delivery/port.ts'
import { localDate, toInstant } from '../kernel/clock.ts'
import type { Member, Network } from '../networks/types.ts'
import type { View } from '../views/view.ts'
import { content } from './content.ts'
import type { WaveDoc } from './model.ts'
import { planButton, slowerView } from './plan-views.ts'
import { slowerThan, type Plans } from './plans.ts'
import { cycleView, remarksView, resultView } from './result-views.ts'
import type { OwnItems } from './own-items.ts'
import type { Posts, PulseRoom } from './room.ts'
import { cardItems, endsCycle, isPause, type Place, type Questions } from './rotation.ts'
import type { Steps } from './steps.ts'
import { trendOf } from './trend.ts'
import {
  announcementView,
  cardView,
  closedView,
  overView,
  pauseView,
  previewView,
  reminderView,
  sheetView,
} from './views.ts'
import type { Waves } from './waves.ts'
import { datesOf, remarksAt } from './workdays.ts'

const HOUR = 60
const YEAR = 365 * 24 * HOUR
// A slower rhythm is proposed after every second wave in a row, not after each.
const FEW_IN_A_ROW = 2

/** The check-in of the pulse, and the one-offs that follow from a wave. */
export function createKinds(
  room: PulseRoom,
  {
    waves,
    plans,
    steps,
    posts,
    own,
  }: { waves: Waves; plans: Plans; steps: Steps; posts: Posts; own: OwnItems },
): Kind[] {
  const { networks, checkins, deliveries, texts } = room

  // Who has no account yet cannot be asked, and is not counted as invited.
  const reachable = async (network: Network): Promise<Member[]> =>
    (await networks.members(network.id)).filter(({ accounts }) => accounts.length > 0)

  const isTooSmall = (members: Member[]): boolean => members.length < content.anonymity.minMembers

  /** One statement of the network's own at most, in every second wave. */
  async function withOwn(network: string, { cycle, index }: Place, questions: Questions): Promise<Questions> {
    const statement = index % 2 === 1 ? (await own.inCycle(network, cycle))[(index - 1) / 2] : undefined
    return statement ? { ...questions, items: [...questions.items, statement.id], own: statement } : questions
  }

  async function upcoming(network: Network) {
    const { table } = await plans.chosen(network)
    const next = await waves.upcoming(network.id, table, await room.runningModule?.(network))
    return { ...next, questions: next.questions && (await withOwn(network.id, next, next.questions)) }
  }

  async function toInvited(
    network: Network,
    wave: WaveDoc,
    draft: (member: Member) => Pick<Draft, 'purpose' | 'view' | 'ask'>,
  ): Promise<Draft[]> {
    const members = await reachable(network)
    const invited = await waves.invitedOf(
      wave,
      members.map(({ id }) => id),
    )
    return members
      .filter(({ id }) => invited.has(id))
      .map((member) => ({
        network: network.id,
        cause: wave._id,
        to: { member: member.id },
        expiresAt: wave.closesAt && toInstant(wave.closesAt),
        ...draft(member),
      }))
  }

  async function opened(network: Network, wave: WaveDoc, nominal: Temporal.PlainDateTime): Promise<Draft[]> {
    const { remindAt, closesAt } = datesOf(networks, network, nominal)
    await checkins.once(network, 'pulse-close', wave._id, closesAt)
    await checkins.once(network, 'pulse-remind', wave._id, remindAt)
    await checkins.once(network, 'pulse-remarks', wave._id, remarksAt(networks, network, wave))
    const sheets = await toInvited(network, wave, (member) => {
      const reading = { texts, t: posts.wordsFor(wave, member, network), zone: member.zone }
      return { purpose: 'sheet', ask: 1, view: sheetView(wave, { scores: {} }, reading) }
    })
    const announcements = await posts.toTeam(network, { cause: wave._id, purpose: 'announcement' }, (t) =>
      announcementView(wave, t, network.zone),
    )
    return [...sheets, ...announcements.map((draft) => ({ ...draft, expiresAt: closesAt }))]
  }

  /** Why no wave can open now, or what is owed instead of one. */
  async function insteadOfWave(
    { id, network, nominal, now }: Occurrence,
    members: Member[],
  ): Promise<Awaited<ReturnType<Kind['compose']>> | undefined> {
    const last = await waves.latest(network.id)
    if (last && last.state !== 'closed' && last.state !== 'pause') {
      const isOver = last.closesAt && Temporal.Instant.compare(toInstant(last.closesAt), now) <= 0
      // No new wave before the previous result was shown: one that a crash left open is closed first.
      return isOver ? { drafts: await closing(network, last._id) } : { silent: 'pulse-open' }
    }
    if (!isTooSmall(members)) return waitsForStep(network, nominal)
    const items = cardItems(nominal.toPlainDate())
    return { drafts: await posts.toTeam(network, { cause: id, purpose: 'card' }, (t) => cardView(items, t)) }
  }

  /** No new wave before coordinators have chosen what follows from the last; a turn that is left out anyway may pass. */
  async function waitsForStep(
    network: Network,
    nominal: Temporal.PlainDateTime,
  ): Promise<{ silent: string } | undefined> {
    const waits = await waves.waitingForStep(network.id)
    if (!waits || isPause(await waves.comingUp(network.id))) return undefined
    await steps.remind(network, waits, nominal.toPlainDate())
    return { silent: 'next-step-open' }
  }

  async function compose(occurrence: Occurrence): ReturnType<Kind['compose']> {
    const { id, network, nominal, now } = occurrence
    const isNextDay = !localDate(now, network.zone).equals(nominal.toPlainDate())
    if (isNextDay) return { silent: 'next-day' }
    const members = await reachable(network)
    const known = await waves.find(id)
    const instead = known ? undefined : await insteadOfWave(occurrence, members)
    if (instead) return instead
    const next = await upcoming(network)
    if (!known) await plans.begin(network, next)
    const wave = await waves.open(occurrence, next, {
      ...datesOf(networks, network, nominal),
      languages: await posts.languagesFor(network, members),
      members: members.map((member) => member.id),
    })
    if (wave?.state === 'pause')
      return { drafts: await posts.toTeam(network, { cause: id, purpose: 'pause' }, pauseView) }
    return wave?.state === 'open'
      ? { drafts: await opened(network, wave, nominal) }
      : { silent: wave ? 'pulse-closed' : 'pulse-open' }
  }

  async function closing(network: Network, id: string): Promise<Draft[]> {
    const wave = await waves.close(id)
    if (!wave?.result) return []
    const { result } = wave
    await clearChats(network, wave)
    const cycle = endsCycle(wave) ? trendOf(await waves.cycleUpTo(wave), await waves.cycleBefore(wave)) : []
    const owed = (purpose: string) => ({ cause: id, purpose })
    return [
      ...(await posts.toTeam(network, owed('result'), (t) =>
        resultView({ result, own: wave.own }, t, room.pictures),
      )),
      ...(cycle.length > 0
        ? await posts.toTeam(network, owed('cycle'), (t) => cycleView(cycle, t, room.pictures))
        : []),
      ...(await steps.offer(network, wave)),
      ...(await slower(network, id)),
    ]
  }

  /** Answers stand in the members' own chats while a wave is open, and nowhere afterwards. */
  async function clearChats(network: Network, { _id: cause }: WaveDoc): Promise<void> {
    for (const member of await networks.members(network.id)) {
      const t = texts.in(member.language, ...network.languages)
      await deliveries.revise({ cause, purpose: 'sheet', to: { member: member.id } }, closedView(t))
    }
    for (const { to, view } of await posts.toTeam(network, { cause, purpose: 'announcement' }, overView))
      await deliveries.revise({ cause, purpose: 'announcement', to }, view)
  }

  async function slower(network: Network, cause: string): Promise<Draft[]> {
    const inARow = await waves.fewInARow(network.id)
    const plan = slowerThan(await plans.chosen(network))
    return plan && inARow > 0 && inARow % FEW_IN_A_ROW === 0
      ? posts.toCoordinators(network, { cause, purpose: 'slower' }, (t) => slowerView(plan, t))
      : []
  }

  async function preview({ network, member, t, now }: Ctx): Promise<View> {
    const members = await reachable(network)
    const { zone } = network
    const opening = ((await checkins.next(network.id, 'pulse')) ?? now).toZonedDateTimeISO(zone)
    if (isTooSmall(members)) return cardView(cardItems(opening.toPlainDate()), t)
    const { questions } = await upcoming(network)
    if (!questions) return pauseView(t)
    const { closesAt } = datesOf(networks, network, opening.toPlainDateTime())
    const rules = {
      ...questions,
      minimum: content.anonymity.minAnswers,
      invited: members.length,
      languages: await posts.languagesFor(network, members),
      closesAt: new Date(closesAt.epochMilliseconds),
    }
    const view = previewView(rules, { texts, t, zone: member.zone })
    return { ...view, blocks: [...view.blocks, { type: 'buttons', buttons: [planButton(t)] }] }
  }

  return [
    { name: 'pulse', schedulable: true, graceMinutes: 4 * HOUR, compose, preview },
    {
      name: 'pulse-remind',
      schedulable: false,
      graceMinutes: 12 * HOUR,
      async compose({ network, subject = '' }) {
        const wave = await waves.find(subject)
        if (wave?.state !== 'open') return { silent: 'pulse-closed' }
        await waves.look(wave)
        const drafts = await toInvited(network, wave, (member) => ({
          purpose: 'reminder',
          view: reminderView(wave, posts.wordsFor(wave, member, network), member.zone),
        }))
        return { drafts }
      },
    },
    {
      name: 'pulse-close',
      schedulable: false,
      // However late: answers must not stay.
      graceMinutes: YEAR,
      compose: async ({ network, subject = '' }) => ({ drafts: await closing(network, subject) }),
    },
    {
      name: 'pulse-remarks',
      schedulable: false,
      graceMinutes: YEAR,
      async compose({ network, subject = '' }) {
        const [first] = await waves.remarks.next(subject)
        if (!first) return { silent: 'nothing-to-read' }
        const until = localDate(toInstant(first.expiresAt), network.zone)
        return {
          drafts: await posts.toCoordinators(network, { cause: subject, purpose: 'remarks' }, (t) =>
            remarksView(subject, until, t),
          ),
        }
      },
    },
  ]
}
