// Follows the system until somebody chooses; the choice is no secret and may be remembered.
import { icon } from './dom.js'

const order = ['auto', 'light', 'dark']
const icons = { auto: 'auto', light: 'sun', dark: 'moon' }
const names = { auto: 'as the system', light: 'light', dark: 'dark' }

export function themeButton (button) {
  const draw = () => {
    const now = document.documentElement.dataset.theme ?? 'auto'
    button.replaceChildren(icon(icons[now]))
    button.setAttribute('aria-label', `Theme: ${names[now]}`)
    button.title = `Theme: ${names[now]}`
  }
  button.addEventListener('click', () => {
    const next = order[(order.indexOf(document.documentElement.dataset.theme ?? 'auto') + 1) % order.length]
    if (next === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = next
    try { window.localStorage.setItem('copilot-proxy.theme', next) } catch { /* storage may be off */ }
    draw()
  })
  draw()
}
