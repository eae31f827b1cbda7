// The theme follows the system until the user chooses one. The choice is no secret, so the browser may remember it.
import { icon } from './dom.js'
import { t } from './text.js'

/** @typedef {'auto' | 'light' | 'dark'} Theme */

/** @type {Readonly<Record<Theme, Theme>>} */
const next = { auto: 'light', light: 'dark', dark: 'auto' }
/** @type {Readonly<Record<Theme, 'auto' | 'sun' | 'moon'>>} */
const icons = { auto: 'auto', light: 'sun', dark: 'moon' }
/** @type {Readonly<Record<Theme, 'theme.auto' | 'theme.light' | 'theme.dark'>>} */
const names = { auto: 'theme.auto', light: 'theme.light', dark: 'theme.dark' }

/** @param {HTMLElement} button */
export function themeButton (button) {
  const draw = () => {
    const now = currentTheme()
    button.replaceChildren(icon(icons[now]))
    button.setAttribute('aria-label', t(names[now]))
    button.title = t(names[now])
  }
  button.addEventListener('click', () => {
    const chosen = next[currentTheme()]
    if (chosen === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = chosen
    try {
      window.localStorage.setItem('copilot-proxy.theme', chosen)
    } catch { /* storage may be off */ }
    draw()
  })
  draw()
}

/** @returns {Theme} */
function currentTheme () {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'auto'
}
