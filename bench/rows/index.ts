import type { Row } from '../support/row.ts'
import { capacity } from './capacity.ts'
import { deliveriesToSlack, dispatcher } from './deliveries.ts'
import { dueAtOnce } from './due-at-once.ts'
import { elsewhere } from './elsewhere.ts'
import { nextRun } from './next-run.ts'
import { slackAction, slackEvent } from './slack.ts'
import { teamsSubmit } from './teams.ts'
import { waiting } from './waiting.ts'

export const rows: Row[] = [
  slackAction,
  slackEvent,
  teamsSubmit,
  deliveriesToSlack,
  dispatcher,
  ...elsewhere,
  waiting,
  dueAtOnce,
  capacity,
  nextRun,
]
