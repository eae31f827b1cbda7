// Tabs by the ARIA practices: one stop for the Tab key, arrow keys between the tabs, the panel follows at once.

/** @typedef {HTMLElement} Tab */

/**
 * @param {HTMLElement} list
 * @param {(tab: Tab) => void} onSelect
 */
export function tabs (list, onSelect) {
  /** @returns {Tab[]} */
  const all = () => [...list.querySelectorAll('[role="tab"]')].filter(tab => tab instanceof HTMLElement)
  /**
   * @param {Tab} tab
   * @param {boolean} [focus]
   */
  const select = (tab, focus = false) => {
    for (const other of all()) {
      other.setAttribute('aria-selected', String(other === tab))
      other.tabIndex = other === tab ? 0 : -1
    }
    if (focus) tab.focus()
    onSelect(tab)
  }
  list.addEventListener('click', event => {
    const { target, ctrlKey, metaKey, shiftKey } = event
    const tab = all().find(tab => target instanceof Node && tab.contains(target))
    // A tab that is a link opens in a new window by these keys.
    if (!tab || ctrlKey || metaKey || shiftKey) return
    event.preventDefault()
    select(tab)
  })
  list.addEventListener('keydown', event => {
    const every = all()
    const at = every.findIndex(tab => tab === document.activeElement)
    const to = targetOf(event.key, at, every.length)
    const next = at < 0 || to === null ? undefined : every[to]
    if (next === undefined) return
    event.preventDefault()
    select(next, true)
  })
  return { select }
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} length
 */
function targetOf (key, at, length) {
  if (key === 'Home') return 0
  if (key === 'End') return length - 1
  const step = ['ArrowRight', 'ArrowDown'].includes(key) ? 1 : ['ArrowLeft', 'ArrowUp'].includes(key) ? -1 : 0
  return step === 0 ? null : (at + step + length) % length
}
