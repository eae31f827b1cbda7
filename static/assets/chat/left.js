// What a page keeps in the moment when the user leaves it. Browsers end a page before its database has saved, but not
// before `localStorage` has. The next page moves it to the database.
import { remember } from '../lib/remember.js'

const prefix = 'copilot-proxy.left.'

/**
 * @param {string} key
 * @param {object} value JSON
 */
export function keepOnLeave (key, value) {
  // Storage may be off or full: what the database saved before remains.
  remember(prefix + key, JSON.stringify(value))
}

/**
 * @param {string} key
 * @returns {Readonly<Record<string, unknown>> | null} once
 */
export function takeLeft (key) {
  try {
    const text = window.localStorage.getItem(prefix + key)
    window.localStorage.removeItem(prefix + key)
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
