// Small choices that the browser keeps on this device. Storage may be off: then nothing is kept, and nothing fails.

/**
 * @param {string} key
 * @returns {string | null}
 */
export function recall (key) {
  try {
    return window.localStorage.getItem(key)
  } catch {
    return null
  }
}

/**
 * @param {string} key
 * @param {string} value
 * @returns {boolean} whether the browser keeps it
 */
export function remember (key, value) {
  try {
    window.localStorage.setItem(key, value)
    return true
  } catch {
    return false
  }
}

/** @param {string} key */
export function forget (key) {
  try {
    window.localStorage.removeItem(key)
  } catch { /* Then nothing was kept. */ }
}

/**
 * The list that `rememberList` kept. Anything else counts as an empty list.
 * @param {string} key
 * @returns {unknown[]}
 */
export function recallList (key) {
  try {
    const list = JSON.parse(recall(key) ?? '[]')
    return Array.isArray(list) ? list : []
  } catch {
    return []
  }
}
