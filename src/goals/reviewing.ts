import { Temporal } from 'temporal-polyfill'
import { localDate, toInstant } from '../kernel/clock.ts'
import type { Network } from '../networks/types.ts'
import { mustBeAgreed, type Goal, type Review } from './agreement.ts'
import { cadenceDays, content } from './content.ts'

// Enough for years of reviews, and a bound for whoever presses all day.
const MOST_REVIEWS = 200

/** True while the goal rests until a date that the team set. */
export const rests = ({ restsUntil }: Pick<Goal, 'restsUntil'>, today: Temporal.PlainDate): boolean =>
  restsUntil !== null && Temporal.PlainDate.compare(today, Temporal.PlainDate.from(restsUntil)) < 0

/** A goal whose lead may be asked at all: agreed, led by somebody, not resting. */
export const isAwake = (goal: Goal, today: Temporal.PlainDate): goal is Goal & { lead: string } =>
  goal.state === 'agreed' && goal.lead !== null && !rests(goal, today)

/** True where the last review is longer ago than half the cadence of the network's phase, or there is none yet. */
export function isDue(goal: Goal, { phase, zone }: Network, now: Temporal.Instant): boolean {
  const last = goal.reviews.at(-1)
  if (!last) return true
  const days = localDate(toInstant(last.at), zone).until(localDate(now, zone)).days
  return days > cadenceDays(phase) / 2
}

/** Notes that the lead is asked: in a round, or once more after "stuck". Repeatable. */
export function ask(
  goal: Goal & { lead: string },
  { cause, purpose }: { cause: string; purpose: string },
  isRound: boolean,
): Goal {
  if (goal.asks.some((one) => one.cause === cause)) return goal
  return {
    ...goal,
    restsUntil: null,
    asks: [{ cause, purpose, member: goal.lead }],
    round: isRound ? { cause, answered: false } : goal.round,
  }
}

/**
 * Adds a review.
 * @throws Refusal where the goal is not agreed
 */
export function addReview(goal: Goal, review: Review): Goal {
  return {
    ...mustBeAgreed(goal),
    reviews: [...goal.reviews, review].slice(-MOST_REVIEWS),
    round: goal.round && { ...goal.round, answered: true },
    asks: [],
  }
}

/** True in every second review: the question about side effects is asked. */
export function asksSideEffects({ reviews }: Pick<Goal, 'reviews'>): boolean {
  const every = content.questions.find(({ id }) => id === 'ci-side-effects')?.everyCheckIns ?? 1
  return (reviews.filter(isAnswer).length + 1) % every === 0
}

/** What a goal's coordinators should talk about, in the order of weight. */
export type Concern = 'side-effects' | 'low-confidence' | 'right-goal'

/** What follows from the latest review for the next meeting. */
export function concerns({ reviews }: Pick<Goal, 'reviews'>): Concern[] {
  const last = reviews.at(-1)
  if (!last || !isAnswer(last)) return []
  const found: Concern[] = []
  if (last.sideEffects === 'perhaps' || last.sideEffects === 'yes') found.push('side-effects')
  if (isLowAgain(reviews)) found.push('low-confidence')
  if (last.rightGoal !== 'right' && last.rightGoal !== null) found.push('right-goal')
  return found
}

/** True where "no news" came the second (fourth ...) time in a row: only then help is offered. */
export const mayWantHelp = ({ reviews }: Pick<Goal, 'reviews'>): boolean =>
  isEveryNth(inRow(reviews, isNoNews), content.talk.noNewsInRow)

/** True where a goal has just become stuck: its lead is asked once more, sooner; low confidence is for a talk instead. */
export const asksAgain = ({ reviews }: Pick<Goal, 'reviews'>): boolean =>
  inRow(reviews, ({ status }) => status === 'stuck') === 1 && !isLowAgain(reviews)

/** The latest review that said something; "no news" keeps what was known before. */
export const lastNews = ({ reviews }: Pick<Goal, 'reviews'>): Review | undefined => reviews.findLast(isAnswer)

const isNoNews = ({ status }: Review): boolean => status === 'no-news'
const isAnswer = (review: Review): boolean => !isNoNews(review)

const isLowAgain = (reviews: Review[]): boolean =>
  isEveryNth(
    inRow(
      reviews.filter(isAnswer),
      ({ confidence }) => confidence !== null && confidence <= content.confidence.lowUpTo,
    ),
    content.talk.lowConfidenceInRow,
  )

/** How many at the end, without a gap, are so. */
const inRow = (reviews: Review[], isSo: (review: Review) => boolean): number =>
  reviews.length - 1 - reviews.findLastIndex((review) => !isSo(review))

const isEveryNth = (count: number, n: number): boolean => count > 0 && count % n === 0
