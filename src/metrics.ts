import type { RequestHandler } from 'express'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Meter } from './delivery/meter.ts'
import type { Operating } from './delivery/operating.ts'

/** What is counted here is by platform: never by network, tenant or person. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const steps = new Counter({
    name: 'linkpin_deliveries_total',
    help: 'Steps of deliveries in this process since it started',
    labelNames: ['platform', 'step'],
    registers,
  })
  const lateness = new Histogram({
    name: 'linkpin_delivery_lateness_seconds',
    help: 'From when a message might have gone to when it was sent',
    labelNames: ['platform'],
    buckets: [1, 2, 5, 10, 30, 60, 300, 900, 3600],
    registers,
  })
  const due = new Gauge({
    name: 'linkpin_deliveries_due',
    help: 'Messages that might go now, in the store that all replicas share',
    labelNames: ['platform'],
    registers,
  })
  const oldest = new Gauge({
    name: 'linkpin_delivery_oldest_due_seconds',
    help: 'Since when the oldest of them might have gone',
    labelNames: ['platform'],
    registers,
  })
  const quiet = new Gauge({
    name: 'linkpin_tick_age_seconds',
    help: 'Since when the last tick of this process went through',
    registers,
  })

  const meter: Meter = {
    count: (platform, step) => steps.inc({ platform, step }),
    late: (platform, seconds) => lateness.observe({ platform }, seconds),
  }

  return {
    meter,
    /** Answers with the metrics in Prometheus' text format. */
    handler:
      (operating: Pick<Operating, 'waiting'>, quietFor: () => number): RequestHandler =>
      async (_request, response) => {
        const waiting = await operating.waiting()
        due.reset()
        oldest.reset()
        for (const { platform, due: count, oldestSeconds } of waiting) {
          due.set({ platform }, count)
          oldest.set({ platform }, oldestSeconds)
        }
        quiet.set(quietFor())
        response.type(registry.contentType).send(await registry.metrics())
      },
  }
}
