import type { Connection } from 'mongoose'
import type { Deliveries } from '../delivery/port.ts'
import type { Texts } from '../i18n/texts.ts'
import type { Clock } from '../kernel/clock.ts'
import type { EventBus } from '../kernel/events.ts'
import type { Networks } from '../networks/types.ts'
import type { Checkins } from './kind.ts'

/** What a capability's room takes from the others. */
export interface Room {
  db: Connection
  clock: Clock
  networks: Networks
  checkins: Checkins
  deliveries: Deliveries
  texts: Texts
  events: EventBus
}
