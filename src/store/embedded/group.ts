import type { EmbeddedDatabase } from './database.ts'

interface Waiting {
  work(): unknown
  resolve(value: unknown): void
  reject(error: unknown): void
}

type Outcome = { value: unknown } | { error: unknown }

/**
 * Makes operations durable together: those asked for in one turn of the event loop share one commit, so that the disk is
 * waited for once and not once for each. They run in the order they were asked for, and each is answered only when all
 * are on the disk. Nearly always all succeed; only where one does not, they run anew with a savepoint around each, which
 * costs about as much as the operation itself.
 */
export class Group {
  readonly #db: EmbeddedDatabase
  #waiting: Waiting[] = []

  constructor(db: EmbeddedDatabase) {
    this.#db = db
  }

  /** An operation that changes something: entirely or not at all, whatever becomes of the others. */
  write<T>(work: () => T): Promise<T> {
    if (this.#waiting.length === 0) setImmediate(() => this.flush())
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as Waiting['resolve'], reject })
    })
  }

  /** An operation that only reads: at once, or behind what was asked for before it. */
  async read<T>(work: () => T): Promise<T> {
    return this.#waiting.length === 0 ? work() : this.write(work)
  }

  /** Runs what waits. Where the commit fails, nothing of it has happened. */
  flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    if (waiting.length === 0) return
    let outcomes: Outcome[]
    try {
      outcomes = this.#together(waiting) ?? this.#oneByOne(waiting)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
      return
    }
    waiting.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index]
      if (outcome && 'value' in outcome) resolve(outcome.value)
      else reject(outcome?.error)
    })
  }

  /** Undefined where one of them failed, and none has happened. */
  #together(waiting: Waiting[]): Outcome[] | undefined {
    let isReady = false
    const all = (): Outcome[] => {
      const outcomes = waiting.map(({ work }) => ({ value: work() }))
      isReady = true
      return outcomes
    }
    try {
      return this.#db.transaction(all, 'joined')
    } catch (error) {
      // It was the commit: whether anything is on the disk, nobody should guess.
      if (isReady) throw error
      return undefined
    }
  }

  #oneByOne(waiting: Waiting[]): Outcome[] {
    return this.#db.transaction(() => waiting.map(({ work }) => this.#outcomeOf(work)))
  }

  #outcomeOf(work: () => unknown): Outcome {
    try {
      return { value: work() }
    } catch (error) {
      // A full disk ends the whole transaction, not just the operation that met it.
      if (!this.#db.inTransaction) throw error
      return { error }
    }
  }
}
