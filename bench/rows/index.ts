import type { Row } from '../support/row.ts'
import { acknowledged } from './acknowledged.ts'
import { capacity } from './capacity.ts'
import { deliveriesToSlack, dispatcher } from './deliveries.ts'
import { dueAtOnce } from './due-at-once.ts'
import { nextRun } from './next-run.ts'
import { besideAgenda, besideBullmq } from './queues.ts'
import { slackAction, slackEvent } from './slack.ts'
import { teamsSubmit } from './teams.ts'
import { waiting } from './waiting.ts'

export const rows: Row[] = [
  slackAction,
  slackEvent,
  teamsSubmit,
  acknowledged,
  deliveriesToSlack,
  dispatcher,
  besideAgenda,
  besideBullmq,
  waiting,
  dueAtOnce,
  capacity,
  nextRun,
]
