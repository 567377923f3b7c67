import { Temporal } from 'temporal-polyfill'
import type { Clock } from '../../../src/kernel/clock.ts'

/** Which time all processes of a world go by. */
export interface Time {
  /** Milliseconds of the machine's clock at which... */
  real: number
  /** ...this was shown. */
  shown: number
  /** How much faster than the machine's it goes. */
  speed: number
}

/** A clock that goes by the machine's own, shifted and faster: deliveries respect nights and weekends, CI runs at any hour. */
export function chaosClock(time: Time): Clock & { jump(seconds: number): void; time(): Time } {
  let { shown } = time
  return {
    now: () =>
      Temporal.Instant.fromEpochMilliseconds(Math.round(shown + (Date.now() - time.real) * time.speed)),
    jump(seconds) {
      shown += seconds * 1000
    },
    time: () => ({ ...time, shown }),
  }
}

const TUESDAY = 2

/** The next Tuesday at ten in the networks' zone. In the future, so that no server deletes as expired what is new. */
export function tuesdayMorning(speed: number): Time {
  const today = Temporal.Now.zonedDateTimeISO('Europe/Berlin').startOfDay()
  const days = 1 + ((7 + TUESDAY - 1 - today.dayOfWeek) % 7)
  return { real: Date.now(), shown: today.add({ days }).with({ hour: 10 }).epochMilliseconds, speed }
}
