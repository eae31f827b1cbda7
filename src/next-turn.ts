// Yields to other work in the event loop. A leaf.

/** `setImmediate` lets Node handle its sockets first. Runtimes without it use a timer. */
const later: (resolve: () => void) => void = typeof setImmediate === 'function'
  ? resolve => {
    setImmediate(resolve)
  }
  : resolve => {
    setTimeout(resolve, 0)
  }

/** Resolves in a later turn of the event loop. */
export function nextTurn (): Promise<void> {
  return new Promise(later)
}

/** Work on fewer bytes than this takes less time than a turn costs. */
export const smallBytes = 131_072
