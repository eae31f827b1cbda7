// The languages of the pages, and which of them the reader wants.

const key = 'copilot-proxy.language'

/**
 * By the tag of the language. `name` is in the language itself. English is always loaded, and takes the place of a text
 * that another language lacks.
 */
export const languages = {
  en: { name: 'English', load: async () => ({}) },
}
/** @typedef {keyof typeof languages} Language */

/** What the reader chose on this device, or the first language of the browser that the pages have. */
export function chosenLanguage () {
  if (typeof document === 'undefined') return 'en'
  return isLanguage(stored()) ?? languageFor(navigator.languages)
}

/**
 * Takes effect when the page loads again.
 * @param {Language | null} language null: as the browser says
 */
export function chooseLanguage (language) {
  try {
    if (language === null) window.localStorage.removeItem(key)
    else window.localStorage.setItem(key, language)
  } catch {
    // The browser stores nothing for this page.
  }
}

/**
 * @param {readonly string[]} wanted tags, the best first
 * @returns {Language}
 */
export function languageFor (wanted) {
  for (const tag of wanted) {
    const exact = isLanguage(tag)
    if (exact !== null) return exact
    const base = tag.split('-')[0]?.toLowerCase() ?? ''
    const found = Object.keys(languages).find(known => known.split('-')[0] === base)
    if (found !== undefined) return /** @type {Language} */ (found)
  }
  return 'en'
}

/**
 * @param {string | null} tag
 * @returns {Language | null}
 */
function isLanguage (tag) {
  return tag !== null && Object.hasOwn(languages, tag) ? /** @type {Language} */ (tag) : null
}

function stored () {
  try {
    return window.localStorage.getItem(key)
  } catch {
    return null
  }
}
