// Starts threads. The page's policy asks for a named policy that passes the address of each script; this one passes
// only the addresses below.

/** @typedef {'/vendor/pdf-worker.js' | '/vendor/office-worker.js'} ThreadPath */

/** @type {readonly string[]} */
const addresses = /** @type {const} */ (['/vendor/pdf-worker.js', '/vendor/office-worker.js'])
/**
 * The part of Trusted Types that this file uses. TypeScript has no types for it.
 * @type {{
 *   createPolicy: (name: string, rules: object) => { createScriptURL: (address: string) => string },
 * } | undefined}
 */
const trustedTypes = Reflect.get(globalThis, 'trustedTypes')
const policy = trustedTypes?.createPolicy('default', {
  createScriptURL: (/** @type {string} */ address) => addresses.includes(address) ? address : null,
})

/** @param {ThreadPath} path */
export function startThread (path) {
  return new window.Worker(policy?.createScriptURL(path) ?? path, { type: 'module' })
}
