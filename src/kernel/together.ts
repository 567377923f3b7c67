/** The most that one question names: an index of the store looks up no more at once. */
const MOST = 500

/**
 * Asks for many things in one question: whatever is asked for in one turn of the event loop goes together, each thing
 * once. The question is put after everybody has asked, so that nobody gets an older answer than alone. What comes back is
 * shared: it is not to be changed.
 * @param ask finds what there is, by its key
 * @returns a function that finds one thing; undefined where there is none
 */
export function askTogether<T>(
  ask: (keys: string[]) => Promise<Map<string, T>>,
): (key: string) => Promise<T | undefined> {
  let question: { keys: Set<string>; answer: Promise<Map<string, T>> } | undefined

  function next(): NonNullable<typeof question> {
    const keys = new Set<string>()
    const answer = endOfTurn().then(() => {
      if (question?.keys === keys) question = undefined
      return ask([...keys])
    })
    return { keys, answer }
  }

  return async (key) => {
    if (!question || question.keys.size >= MOST) question = next()
    question.keys.add(key)
    return (await question.answer).get(key)
  }
}

/** Resolves once everything has run that this turn of the event loop has begun. */
export const endOfTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** Documents by their ids. */
export const byId = <T extends { _id: string }>(docs: T[]): Map<string, T> =>
  new Map(docs.map((doc) => [doc._id, doc]))
