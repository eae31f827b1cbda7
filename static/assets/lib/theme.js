// The theme follows the system until the user chooses one. The choice is no secret, so the browser may remember it.
import { icon } from './dom.js'
import { remember } from './remember.js'
import { t } from './text.js'

/** @typedef {'auto' | 'light' | 'dark'} Theme */

/** @type {Readonly<Record<Theme, Theme>>} */
const next = { auto: 'light', light: 'dark', dark: 'auto' }
/** @type {Readonly<Record<Theme, 'auto' | 'sun' | 'moon'>>} */
const icons = { auto: 'auto', light: 'sun', dark: 'moon' }
/** @type {Readonly<Record<Theme, 'theme.auto' | 'theme.light' | 'theme.dark'>>} */
const names = { auto: 'theme.auto', light: 'theme.light', dark: 'theme.dark' }

/** `--card` of base.css, the ground of the header. */
const colours = { light: '#ffffff', dark: '#191b1e' }

/** @param {HTMLElement} button */
export function themeButton (button) {
  const draw = () => {
    const now = currentTheme()
    button.replaceChildren(icon(icons[now]))
    button.setAttribute('aria-label', t(names[now]))
    button.title = t(names[now])
    colourBrowser(now)
  }
  button.addEventListener('click', () => {
    const chosen = next[currentTheme()]
    if (chosen === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = chosen
    remember('copilot-proxy.theme', chosen)
    draw()
  })
  draw()
}

/** @returns {Theme} */
function currentTheme () {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'auto'
}

/**
 * What the browser draws around the page: the page names a colour for each theme of the system.
 * @param {Theme} theme
 */
function colourBrowser (theme) {
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    const own = meta.getAttribute('media')?.includes('dark') ? 'dark' : 'light'
    meta.setAttribute('content', colours[theme === 'auto' ? own : theme])
  }
}
