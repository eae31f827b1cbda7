// Connects the marks of footnotes with the notes, in an answer that is complete. The elements have no ids: several
// answers on the page may have a note of the same name.
import { h } from '../lib/dom.js'
import { t } from '../lib/text.js'

/**
 * A mark without a note is shown as the model wrote it. Calling it again changes nothing.
 * @param {HTMLElement} words a whole answer
 */
export function connectFootnotes (words) {
  /** @type {Map<string, HTMLElement>} */
  const notes = new Map()
  for (const note of words.querySelectorAll('.note')) {
    const name = note.querySelector('.note-name')?.textContent ?? ''
    if (note instanceof HTMLElement && !notes.has(name)) notes.set(name, note)
  }
  for (const mark of words.querySelectorAll('.note-mark:not(:has(button))')) {
    const name = mark.textContent ?? ''
    const note = notes.get(name)
    if (note === undefined) mark.replaceWith(`[^${name}]`)
    else connect(mark, note, name)
  }
}

/**
 * @param {Element} mark
 * @param {HTMLElement} note
 * @param {string} name
 */
function connect (mark, note, name) {
  const forth = h('button', { type: 'button', 'aria-label': t('chat.footnote', { name }), onclick: () => go(note) },
    name)
  mark.replaceChildren(forth)
  note.tabIndex = -1
  if (note.querySelector('.note-back') === null) {
    note.append(' ',
      h('button', { type: 'button', class: 'note-back', 'aria-label': t('chat.footnote.back', { name }), onclick: () =>
        go(forth) }, '↩'))
  }
}

/** @param {HTMLElement} target */
function go (target) {
  target.scrollIntoView({ block: 'center' })
  target.focus({ preventScroll: true })
}
