// What surrounds the conversation: the drawer of chats, the keyboard's shortcuts, a question before something is lost.
import { byId, h, icon, show } from '../lib/dom.js'

const isNarrow = window.matchMedia('(max-width: 52rem)')

export function setUpShell ({ onNew, onSearch, onStop, onExport, onImport, onSignOut }) {
  const side = byId('side')
  const toggle = byId('history-toggle')
  toggle.replaceChildren(icon('menu'))
  byId('options').replaceChildren(icon('sliders'), h('span', { class: 'wide' }, 'Options'))
  byId('new').prepend(icon('plus'))

  toggle.addEventListener('click', () => setHistory(!isOpen()))
  byId('new').addEventListener('click', onNew)
  byId('shade').addEventListener('click', closeHistory)
  byId('export').addEventListener('click', onExport)
  byId('import').addEventListener('click', () => byId('import-file').click())
  byId('import-file').addEventListener('change', event => { const [file] = event.target.files; event.target.value = ''; if (file) onImport(file) })
  byId('sign-out').addEventListener('click', onSignOut)
  isNarrow.addEventListener('change', closeHistory)
  document.addEventListener('keydown', event => {
    if (document.querySelector('dialog[open]') || byId('chat').hidden) return
    const isCommand = event.ctrlKey || event.metaKey
    if (event.key === 'Escape') isNarrow.matches && isOpen() ? closeHistory() : onStop()
    else if (isCommand && event.key.toLowerCase() === 'k') { event.preventDefault(); setHistory(true); onSearch() }
    else if (isCommand && event.shiftKey && event.key.toLowerCase() === 'o') { event.preventDefault(); onNew() }
    else if (event.key === '/' && !isCommand && !/^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { event.preventDefault(); byId('message').focus() }
  })
  closeHistory()
  return { closeHistory, confirm: ask }

  function isOpen () {
    return side.classList.contains('open')
  }

  function closeHistory () {
    setHistory(false)
  }

  /** On a phone the chats lie above the conversation; elsewhere they stand beside it, always. */
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

/** @returns whether it was agreed to */
function ask (title, text) {
  const dialog = byId('confirm-dialog')
  byId('confirm-title').textContent = title
  byId('confirm-text').textContent = text
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }))
}
