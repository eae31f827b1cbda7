// The menu of languages in the header of each page. Each language is written in itself.
import { h, icon } from './dom.js'
import { chooseLanguage, languages, storedLanguage } from './language.js'
import { t } from './text.js'
/** @import { Language } from './language.js' */

/** @param {HTMLSelectElement} select */
export function languageMenu (select) {
  const named = Object.entries(languages).map(([tag, { name }]) => h('option', { value: tag, lang: tag }, name))
  select.replaceChildren(h('option', { value: '' }, t('language.browser')), ...named)
  select.value = storedLanguage() ?? ''
  select.title = t('language.label')
  select.before(icon('globe'))
  select.addEventListener('change', () => {
    chooseLanguage(select.value === '' ? null : /** @type {Language} */ (select.value))
    location.reload()
  })
}
