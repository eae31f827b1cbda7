// Whether the server answers. Every call of the page reports it, so that a page says it once, and notices the return.

/** Between looks while the server is away. */
const pauseMs = 10_000
/** @type {((isReachable: boolean) => void)[]} */
const listeners = []
let isReachable = true
let timer = 0

/** @param {(isReachable: boolean) => void} listener called when it changes */
export function watchReach (listener) {
  listeners.push(listener)
}

/** @param {boolean} hasAnswered any answer counts, also an error */
export function noteReach (hasAnswered) {
  clearTimeout(timer)
  if (!hasAnswered) timer = setTimeout(look, pauseMs)
  if (hasAnswered === isReachable) return
  isReachable = hasAnswered
  for (const listener of listeners) listener(isReachable)
}

async function look () {
  const response = await fetch('/healthz', { cache: 'no-store' }).catch(() => null)
  noteReach(response !== null)
}

window.addEventListener('online', () => {
  if (!isReachable) void look()
})
