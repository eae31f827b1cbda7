// Tabs as the ARIA practices want them: one stop for the Tab key, arrows between, the panel follows at once.

/** @param onSelect called with the chosen tab */
export function tabs (list, onSelect) {
  const all = () => [...list.querySelectorAll('[role="tab"]')]
  const select = (tab, focus = false) => {
    for (const other of all()) {
      other.setAttribute('aria-selected', String(other === tab))
      other.tabIndex = other === tab ? 0 : -1
    }
    if (focus) tab.focus()
    onSelect(tab)
  }
  list.addEventListener('click', event => {
    const tab = event.target.closest('[role="tab"]')
    if (tab) select(tab)
  })
  list.addEventListener('keydown', event => {
    const at = all().indexOf(document.activeElement)
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const next = step ? (at + step + all().length) % all().length : { Home: 0, End: all().length - 1 }[event.key]
    if (at < 0 || next === undefined) return
    event.preventDefault()
    select(all()[next], true)
  })
  return { select }
}
