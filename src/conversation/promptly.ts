import { Schema, type Connection } from 'mongoose'
import type { Clock } from '../kernel/clock.ts'
import { toDate } from '../kernel/clock.ts'
import { inTime } from '../kernel/in-time.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Seal } from '../kernel/seal.ts'
import type { Texts } from '../i18n/texts.ts'
import type { View } from '../views/view.ts'
import { LEASE_SECONDS, requestKey } from './inbox.ts'
import { notice, type Conversation, type Incoming } from './port.ts'

interface UnderwayDoc {
  _id: string
  /** The whole request, readable for this program alone: it may hold what somebody wrote or how they answered. */
  sealed: string
  /** Whoever accepted it is at it until then; later, anybody may do it. */
  leaseUntil: Date
  expiresAt: Date
}

const schema = new Schema<UnderwayDoc>(
  {
    _id: { type: String, required: true },
    sealed: { type: String, required: true },
    leaseUntil: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { versionKey: false },
)
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
schema.index({ leaseUntil: 1 })

// Done after so long, it would surprise whoever asked for it: they are told that it was not done.
const WANTED_SECONDS = 3600
const KEPT_SECONDS = 24 * 3600

/** What no backup may hold: it is there for moments only, and may be an answer to a survey. */
export const UNDERWAY = 'requests_underway'

/** How requests are accepted before their effect. */
export interface Promptness {
  /** Milliseconds that the platform waits for an effect. With one write more it has its acknowledgement. */
  afterMs: number
  /** The same on all replicas. */
  seal: Seal
}

/** Told what came of a request whose process has died: to whom, and what is seen then. */
type Tell = (incoming: Incoming, view: View) => Promise<void>

/**
 * Acknowledges in time, whatever the store does: what has had no effect after a short while is written down, sealed, and
 * done after the acknowledgement; should the process die, another does it. What is quick is never written down.
 */
export function promptly(
  conversation: Conversation,
  promptness: Promptness,
  deps: { db: Connection; clock: Clock; texts: Texts; log: Logger },
): Conversation & {
  /** Once a minute: does what was accepted by a process that has died. */
  redo(tell: Tell): Promise<void>
} {
  const { seal } = promptness
  const { clock, texts, log } = deps
  const model = deps.db.model<UnderwayDoc>('RequestUnderway', schema, UNDERWAY)
  const inFuture = (seconds: number): Date => toDate(clock.now().add({ seconds }))

  async function keep(incoming: Incoming): Promise<boolean> {
    const _id = requestKey(incoming)
    try {
      const times = { leaseUntil: inFuture(LEASE_SECONDS), expiresAt: inFuture(KEPT_SECONDS) }
      await model.create({ _id, sealed: seal.close(JSON.stringify(incoming), _id), ...times })
      return true
    } catch (error) {
      log.debug({ request: incoming.what.kind, err: error }, 'a request could not be kept')
      return false
    }
  }

  async function forget(_id: string): Promise<void> {
    try {
      await model.deleteOne({ _id })
    } catch (error) {
      // It will be looked at once more, and recognised as done.
      log.debug({ err: error }, 'a request could not be forgotten')
    }
  }

  /** Does one again; forgotten where that is settled. */
  async function again({ _id, sealed, expiresAt }: UnderwayDoc, tell: Tell): Promise<void> {
    const opened = seal.open(sealed, _id)
    // Sealed under a secret that has been replaced since.
    if (opened === undefined) return forget(_id)
    const incoming = JSON.parse(opened) as Incoming
    const isWanted = expiresAt > inFuture(KEPT_SECONDS - WANTED_SECONDS)
    const reply = isWanted
      ? await conversation.handle(incoming)
      : notice(texts.in(incoming.locale).t('conversation:troubled'))
    if (reply.failed) return
    const view = reply.notice ?? reply.update
    if (view) await tell(incoming, view)
    await forget(_id)
  }

  return {
    async handle(incoming) {
      const work = conversation.handle(incoming)
      const quick = await inTime(promptness.afterMs, work, undefined)
      if (quick) return quick
      // A look at the Home tab does nothing that could be lost.
      if (incoming.what.kind === 'home') return { later: work }
      const keeping = keep(incoming)
      const first = await Promise.race([work, keeping])
      const done = Promise.all([work, keeping]).then(async ([reply, kept]) => {
        // What is kept is not lost: it will be tried again.
        if (kept && reply.failed) return undefined
        if (kept) await forget(requestKey(incoming))
        return reply
      })
      return first === true ? { later: done } : work
    },
    async redo(tell) {
      for (;;) {
        const claimed = await model
          .findOneAndUpdate(
            { leaseUntil: { $lte: toDate(clock.now()) } },
            { $set: { leaseUntil: inFuture(LEASE_SECONDS) } },
          )
          .lean<UnderwayDoc>()
        if (!claimed) return
        log.warn({ request: claimed._id }, 'a request is done that was accepted by a process that has died')
        await again(claimed, tell)
      }
    },
  }
}
