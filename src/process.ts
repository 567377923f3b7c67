/** For so long what is on its way may take when the process is asked to end; orchestrators kill after thirty. */
const DRAIN_SECONDS = 25

/**
 * Runs something until the process is told to end (SIGTERM, SIGINT), and ends it gracefully then.
 * @param start resolves to a function that stops it; what it throws is printed, and the process ends with 1
 */
export async function runUntilTold(start: () => Promise<() => Promise<void>>): Promise<void> {
  try {
    const stop = await start()
    let stopping: Promise<void> | undefined
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (stopping) return
        // What is cut off is not lost: its claim ends, and it becomes unknown.
        const patience = setTimeout(() => process.exit(1), DRAIN_SECONDS * 1000)
        stopping = stop().then(() => {
          clearTimeout(patience)
          process.exit(0)
        })
      })
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown'
    process.stderr.write(`Linkpin cannot start.\n${message}\n`)
    process.exit(1)
  }
}
