// The languages of the pages, and which of them the reader wants.
import { forget, recall, remember } from './remember.js'

const key = 'copilot-proxy.language'

/**
 * By the tag of the language. `name` is in the language itself; `load` brings its catalogue, on demand. English is
 * always loaded, and takes the place of a text that another language lacks.
 */
export const languages = {
  en: { name: 'English', load: async () => ({}) },
  'zh-CN': { name: '简体中文', load: () => import('../texts/zh-CN.js').then(({ texts }) => texts) },
  vi: { name: 'Tiếng Việt', load: () => import('../texts/vi.js').then(({ texts }) => texts) },
  es: { name: 'Español', load: () => import('../texts/es.js').then(({ texts }) => texts) },
}
/** @typedef {keyof typeof languages} Language */

/** What the reader chose on this device, or the first language of the browser that the pages have. */
export function chosenLanguage () {
  if (typeof document === 'undefined') return 'en'
  return storedLanguage() ?? languageFor(navigator.languages)
}

/**
 * Takes effect when the page loads again.
 * @param {Language | null} language null: as the browser says
 */
export function chooseLanguage (language) {
  if (language === null) forget(key)
  else remember(key, language)
}

/**
 * The script counts too: a person who reads traditional Chinese did not ask for simplified.
 * @param {readonly string[]} wanted tags, the best first
 * @returns {Language}
 */
export function languageFor (wanted) {
  const known = /** @type {Language[]} */ (Object.keys(languages))
  for (const tag of wanted) {
    const found = known.find(one => writingOf(one) === writingOf(tag))
    if (found !== undefined) return found
  }
  return 'en'
}

/** @returns {Language | null} what the reader chose, if the pages still have it */
export function storedLanguage () {
  const tag = recall(key)
  return tag !== null && Object.hasOwn(languages, tag) ? /** @type {Language} */ (tag) : null
}

/**
 * Language and script, such as `zh-Hans` of `zh-CN`.
 * @param {string} tag
 */
function writingOf (tag) {
  try {
    const { language, script } = new Intl.Locale(tag).maximize()
    return `${language}-${script ?? ''}`
  } catch {
    return tag
  }
}
