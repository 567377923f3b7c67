import { Temporal } from 'temporal-polyfill'
import type { App } from './app.ts'
import type { MovableClock } from './kernel/clock.ts'

/**
 * Lets a network live on until an instant: moves a clock that stands still from one wake to the next and does what is
 * due there, so that everything happens at its own local hour, as if the time had passed.
 * @param until the instant the clock shows in the end; not before its present one
 */
export async function advanceTo(
  app: Pick<App, 'tick' | 'nextWakeAt' | 'tidy'>,
  clock: MovableClock,
  until: Temporal.Instant,
): Promise<void> {
  for (;;) {
    while ((await app.tick()) > 0);
    const wake = await app.nextWakeAt()
    if (!wake || Temporal.Instant.compare(wake, until) > 0) break
    // A wake that has passed and found nothing to do will not find it now either.
    if (Temporal.Instant.compare(wake, clock.now()) <= 0) break
    await clock.moveTo(wake)
  }
  await clock.moveTo(until)
  await app.tidy()
}
