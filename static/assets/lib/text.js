// Every text of the pages, in the reader's language. `t` gives a text by its name in the catalogue, `texts/en.js`.
// HTML files hold their English texts, so that a page shows them before this module runs: `data-text` names the text of
// an element, `data-text-label` and the like those of its attributes.
import { english } from '../texts/en.js'
import { chosenLanguage, languages } from './language.js'

/** @import { Text, Texts } from '../types.d.ts' */
/** @typedef {keyof typeof english} TextName */
/** @typedef {string | number | Node} Value */

export const language = chosenLanguage()
/** @type {Readonly<Record<string, Text>>} */
const texts = { ...english, .../** @type {Texts} */ (await languages[language].load()) }
const plurals = new Intl.PluralRules(language)
const numbers = new Intl.NumberFormat(language)
const attributes = { textLabel: 'aria-label', textPlaceholder: 'placeholder', textTitle: 'title' }

if (typeof document !== 'undefined') {
  document.documentElement.lang = language
  translate(document.documentElement)
  delete document.documentElement.dataset['wait']
}

/**
 * @param {TextName} name
 * @param {Readonly<Record<string, string | number>>} [values] take the places of `{name}`; `count` also selects the
 *   plural form, and numbers are written in the reader's way
 */
export function t (name, values = {}) {
  return nodes(name, values).join('')
}

/**
 * As `t`, for texts with elements in them, such as a link.
 * @param {TextName} name
 * @param {Readonly<Record<string, Value>>} values
 * @returns {(string | Node)[]}
 */
export function nodes (name, values) {
  return form(name, values).split(/\{(\w+)\}/).map((part, index) => {
    if (index % 2 === 0) return part
    const value = values[part] ?? `{${part}}`
    return typeof value === 'number' ? numbers.format(value) : value
  })
}

/**
 * Writes the texts that HTML names. `{0}` is the first child element of an element, which may have a text of its own.
 * @param {Element} root
 */
export function translate (root) {
  for (const element of root.querySelectorAll('[data-text]')) {
    if (!(element instanceof HTMLElement)) continue
    const name = /** @type {TextName} */ (element.dataset['text'])
    element.replaceChildren(...nodes(name, Object.fromEntries([...element.children].entries())))
  }
  for (const [key, attribute] of Object.entries(attributes)) {
    const marker = `data-text-${attribute.replace('aria-', '')}`
    for (const element of root.querySelectorAll(`[${marker}]`)) {
      if (!(element instanceof HTMLElement)) continue
      element.setAttribute(attribute, t(/** @type {TextName} */ (element.dataset[key])))
    }
  }
}

/**
 * @param {TextName} name
 * @param {Readonly<Record<string, Value>>} values
 */
function form (name, values) {
  const text = texts[name] ?? name
  if (typeof text === 'string') return text
  return text[plurals.select(Number(values['count']))] ?? text.other ?? name
}
