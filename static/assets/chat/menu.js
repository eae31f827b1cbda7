// A menu of actions below a button: https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/
import { h, icon } from '../lib/dom.js'

/** @typedef {{ label: string, icon: Parameters<typeof icon>[0], action: () => void, isDangerous?: boolean }} Item */

/**
 * @param {string} name for screen readers
 * @param {() => readonly Item[]} items
 * @param {() => void} onClose
 */
export function menuButton (name, items, onClose) {
  const button = h('button', { type: 'button', class: 'quiet small square more', 'aria-label': name,
    'aria-haspopup': 'menu', 'aria-expanded': 'false' }, icon('more'))
  button.addEventListener('click', () => open(button, name, items(), onClose))
  return button
}

/**
 * @param {HTMLElement} button
 * @param {string} name
 * @param {readonly Item[]} items
 * @param {() => void} onClose
 */
function open (button, name, items, onClose) {
  const menu = h('div', { class: 'menu', role: 'menu', 'aria-label': name, popover: 'auto' })
  menu.append(
    ...items.map(({ label, icon: image, action, isDangerous = false }) =>
      h('button', { type: 'button', role: 'menuitem', tabindex: '-1', class: isDangerous ? 'quiet danger' : 'quiet',
        onclick: () => {
          menu.hidePopover()
          action()
        } }, icon(image), label)
    ),
  )
  menu.addEventListener('keydown', event => move(menu, event))
  menu.addEventListener('beforetoggle', event => {
    if (event.newState === 'closed') button.setAttribute('aria-expanded', 'false')
  })
  menu.addEventListener('toggle', event => {
    if (event.newState === 'open') return
    menu.remove()
    onClose()
  })
  button.setAttribute('aria-expanded', 'true')
  button.after(menu)
  menu.showPopover()
  const { left, bottom, top } = button.getBoundingClientRect()
  const isBelow = bottom + menu.offsetHeight < window.innerHeight
  menu.style.left = `${Math.max(8, Math.min(left, window.innerWidth - menu.offsetWidth - 8))}px`
  menu.style.top = `${Math.max(8, isBelow ? bottom + 4 : top - menu.offsetHeight - 4)}px`
  menu.querySelector('button')?.focus()
}

/**
 * @param {HTMLElement} menu
 * @param {KeyboardEvent} event
 */
function move (menu, event) {
  const items = [...menu.querySelectorAll('button')]
  const at = items.findIndex(item => item === document.activeElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
  if (to !== undefined) {
    event.preventDefault()
    items.at(to % items.length)?.focus()
  } else if (event.key === 'Escape') event.stopPropagation()
  else if (event.key === 'Tab') menu.hidePopover()
}
