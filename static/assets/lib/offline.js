// Starts the service worker, which lets the pages open without the server. Only built pages name one, by `data-worker`:
// while somebody works on the sources, no worker must keep an older version of them.

const { worker } = document.documentElement.dataset
// Browsers have service workers on https and on this machine only.
const container = navigator.serviceWorker
/**
 * The DOM's types lack it.
 * @typedef {{ createScriptURL(address: string): string }} Rules
 * @typedef {{ createPolicy(name: string, rules: Rules): Rules }} Factory
 */
const { trustedTypes } = /** @type {{ trustedTypes?: Factory }} */ (/** @type {unknown} */ (window))
/** The page's policy makes browsers ask this before an address becomes a script. Browsers without it need none. */
const rules = { createScriptURL: trustedAddress }
const policy = trustedTypes?.createPolicy('worker', rules) ?? rules

/** Waits until the page has loaded: its own files come first. */
export function startWorker () {
  if (container === undefined) return
  if (worker === undefined) {
    void container.getRegistrations().then(found => Promise.all(found.map(one => one.unregister())))
    return
  }
  const start = () => {
    void container.register(policy.createScriptURL(worker)).catch(() => {
      // The page works without it, with the server only.
    })
    container.addEventListener('controllerchange', () => report(performance.getEntriesByType('resource')))
    void container.ready.then(() => {
      new window.PerformanceObserver(list => void report(list.getEntries())).observe({ type: 'resource',
        buffered: true })
    })
  }
  if (document.readyState === 'complete') start()
  else window.addEventListener('load', start, { once: true })
}

/**
 * What this page loaded on demand, the worker keeps too.
 * @param {readonly PerformanceEntry[]} entries
 */
async function report (entries) {
  const files = entries.map(({ name }) => new URL(name)).filter(({ origin, pathname }) =>
    origin === location.origin && pathname.startsWith('/assets/')
  )
  if (files.length === 0) return
  const { active } = await container.ready
  active?.postMessage(files.map(({ pathname }) => pathname))
}

/** @param {string} address */
function trustedAddress (address) {
  if (address !== worker || !/^\/[\w.]+$/.test(address)) throw new TypeError('not the service worker')
  return address
}
