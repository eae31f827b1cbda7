// The service worker: the chat page opens without the server, so that the chats on this device can be read. It answers
// for pages and for files with a hash in their name, and keeps what it got without credentials. For everything else,
// such as API answers and sessions, it does nothing: the browser asks the server, and nothing is kept.
/** @import { WorkerScope } from './worker.d.ts' */

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (globalThis))
const prefix = 'copilot-proxy.pages.'
const cacheName = `${prefix}${VERSION}`
/** Without the server, both are the chat page. */
const pages = new Set(['/', PAGE])
const hashed = /^\/assets\/built\/[^/]+-[A-Z0-9]{8}\.(?:js|css)$/
/**
 * As the last page found out. While it is, the browser has the hashed files or asks for them, and this worker does
 * nothing. False if unknown.
 */
let isServerThere = false
/** So answers a proxy in front of a server that is away. */
const away = new Set([502, 503, 504])

scope.addEventListener('install', event => event.waitUntil(install()))
scope.addEventListener('activate', event => event.waitUntil(activate()))
scope.addEventListener('message', event => event.waitUntil(keep(event.data)))
scope.addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== scope.location.origin) return
  if (hashed.test(pathname) && !isServerThere) event.respondWith(file(request))
  else if (request.mode === 'navigate' && pages.has(pathname)) event.respondWith(page(request, pathname))
})

async function install () {
  const cache = await caches.open(cacheName)
  await Promise.all([...FILES.map(address => add(cache, address)), addPage(cache)])
  await scope.skipWaiting()
}

/** @param {Cache} cache */
async function addPage (cache) {
  const response = await get(PAGE)
  // If another version was deployed meanwhile, the browser installs that one at its next visit.
  if (!(await response.clone().text()).includes(MODULE)) throw new Error(`${PAGE} is of another version`)
  await cache.put(PAGE, response)
}

/**
 * Pages ask the server first, so no open page needs the files of an older version. An open page without a worker stays
 * so until it loads again: else some of its files would come from the worker, and browsers warn of the mixture.
 */
async function activate () {
  const names = await caches.keys()
  await Promise.all(
    names.filter(name => name.startsWith(prefix) && name !== cacheName).map(name => caches.delete(name)),
  )
}

/**
 * @param {Request} request
 * @param {string} address
 */
async function page (request, address) {
  const response = await fetch(request).catch(() => null)
  isServerThere = response !== null && !away.has(response.status)
  if (response !== null && isServerThere) return response
  if (address !== PAGE) return Response.redirect(PAGE)
  const cache = await caches.open(cacheName)
  return await cache.match(PAGE) ?? response ?? Response.error()
}

/** @param {Request} request of a file whose content never changes */
async function file (request) {
  const cache = await caches.open(cacheName)
  return await cache.match(request.url) ?? fetch(request)
}

/**
 * A page tells what it has loaded on demand, such as its language. Without that, only the first page would lack it:
 * the worker did not see its requests.
 * @param {unknown} addresses
 */
async function keep (addresses) {
  if (!Array.isArray(addresses)) return
  const cache = await caches.open(cacheName)
  const wanted = addresses.filter(address => typeof address === 'string' && hashed.test(address))
  await Promise.all(wanted.map(async address => await cache.match(address) ?? add(cache, address).catch(() => {})))
}

/**
 * @param {Cache} cache
 * @param {string} address
 */
async function add (cache, address) {
  await cache.put(address, await get(address))
}

/** @param {string} address */
async function get (address) {
  const response = await fetch(address, { credentials: 'omit' })
  if (!response.ok || response.redirected) throw new Error(`${address}: ${response.status}`)
  return response
}
