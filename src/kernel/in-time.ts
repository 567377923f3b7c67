/** What a promise gives, or something else where it takes longer than so many milliseconds. */
export async function inTime<T, E>(ms: number, promise: Promise<T>, otherwise: E): Promise<T | E> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<E>((resolve) => {
    timer = setTimeout(resolve, ms, otherwise)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
