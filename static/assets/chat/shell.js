// The frame around the conversation: the list of chats and keyboard shortcuts.
import { byId, h, icon, show } from '../lib/dom.js'
import { t } from '../lib/text.js'

const isNarrow = window.matchMedia('(max-width: 52rem)')

/**
 * @param {{
 * onNew: () => unknown, onSearch: () => void, onStop: () => void, onExport: () => unknown, onImport: (file: File) =>
 * unknown,
 *   onSignOut: () => void,
 * }} page
 */
export function setUpShell ({ onNew, onSearch, onStop, onExport, onImport, onSignOut }) {
  const side = byId('side')
  const toggle = byId('history-toggle')
  const importFile = byId('import-file')
  toggle.replaceChildren(icon('menu'))
  byId('options').replaceChildren(icon('sliders'), h('span', { class: 'wide' }, t('chat.options.button')))
  byId('new').prepend(icon('plus'))

  toggle.addEventListener('click', () => setHistory(!isOpen()))
  byId('new').addEventListener('click', onNew)
  byId('shade').addEventListener('click', closeHistory)
  byId('export').addEventListener('click', onExport)
  byId('import').addEventListener('click', () => importFile.click())
  importFile.addEventListener('change', () => {
    const file = importFile.files?.[0]
    importFile.value = ''
    if (file) onImport(file)
  })
  byId('keys-help').addEventListener('click', showHelp)
  byId('sign-out').addEventListener('click', onSignOut)
  isNarrow.addEventListener('change', closeHistory)
  document.addEventListener('keydown', event => {
    if (document.querySelector('dialog[open]') || byId('chat').hidden) return
    const isCommand = event.ctrlKey || event.metaKey
    if (event.key === 'Escape') isNarrow.matches && isOpen() ? closeHistory() : onStop()
    else if (isCommand && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      setHistory(true)
      onSearch()
    } else if (isCommand && event.shiftKey && event.key.toLowerCase() === 'o') {
      event.preventDefault()
      onNew()
    } else if (event.key === 'm' && !isCommand && !event.altKey && !isField(event.target)) {
      event.preventDefault()
      byId('model').click()
    } else if (event.key === '?' && !isCommand && !isField(event.target)) {
      event.preventDefault()
      showHelp()
    } else if (event.key === '/' && !isCommand && !isField(event.target)) {
      event.preventDefault()
      byId('message').focus()
    }
  })
  closeHistory()
  return { closeHistory }

  function isOpen () {
    return side.classList.contains('open')
  }

  function closeHistory () {
    setHistory(false)
  }

  /**
   * On a phone the list of chats covers the conversation. On a wide screen it is always next to it.
   * @param {boolean} isShown
   */
  function setHistory (isShown) {
    const hadFocus = side.contains(document.activeElement)
    side.classList.toggle('open', isShown)
    side.inert = isNarrow.matches && !isShown
    byId('main').inert = isNarrow.matches && isShown
    show(byId('shade'), isNarrow.matches && isShown)
    toggle.setAttribute('aria-expanded', String(isShown))
    if (isNarrow.matches && isShown) byId('search').focus()
    else if (isNarrow.matches && hadFocus) toggle.focus()
  }
}

function showHelp () {
  void import('./keys-help.js').then(({ showKeys }) => showKeys())
}

/** @param {EventTarget | null} target */
function isField (target) {
  return target instanceof Element && /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}
