// Changes of one user's record take turns in this process: each reads the record and writes it back whole, and no store
// compares and writes in one step. Two processes can still overwrite each other's change: the last one stays.

/** Runs the work after all earlier work of this name has ended, or after the longest wait. */
export type Turns = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** Workers may end a request in the middle of its turn. Later ones then wait only this long. */
const longestWaitMs = 15_000

export function createTurns (): Turns {
  const last = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const before = last.get(name)
    const own = before === undefined ? work() : ended(before).then(work)
    last.set(name, own)
    try {
      return await own
    } finally {
      if (last.get(name) === own) last.delete(name)
    }
  }
}

async function ended (work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<void>(resolve => {
    timer = setTimeout(resolve, longestWaitMs)
  })
  await Promise.race([work.then(() => {}, () => {}), tooLong])
  clearTimeout(timer)
}
