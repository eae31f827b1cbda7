// Yields to other work in the event loop. A leaf.

/** Long work that waits for its next turn, in order. */
const waiting: Array<() => void> = []

/**
 * Resolves in a later turn of the event loop. Between two turns that the loop gives to long work it handles its
 * sockets, however much long work there is: each turn resumes one of those that wait.
 */
export function nextTurn (): Promise<void> {
  // A Worker handles each request in a context of its own, and has no `setImmediate`: there, each waits for itself.
  if (typeof setImmediate !== 'function') return new Promise(resolve => setTimeout(resolve, 0))
  return new Promise(resolve => {
    if (waiting.push(resolve) === 1) setImmediate(resumeOne)
  })
}

function resumeOne (): void {
  // The work runs until it waits again, and then is at the end of the line.
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(resumeOne)
}

/** Work on fewer bytes than this takes less time than a turn costs. */
export const smallBytes = 131_072
