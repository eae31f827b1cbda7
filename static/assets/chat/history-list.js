// The conversations on this device, newest first: search, open, rename, delete.
import { byId, h, icon } from '../lib/dom.js'
import { titleOf } from './conversation.js'
/** @import { Conversation } from '../types.d.ts' */

/**
 * @param {{
 *   onOpen: (conversation: Conversation) => unknown, onRename: (conversation: Conversation, title: string) => void,
 *   onDelete: (conversation: Conversation) => unknown,
 * }} page
 */
export function createHistoryList ({ onOpen, onRename, onDelete }) {
  const search = byId('search')
  /**
   * @type {{ conversations: readonly Conversation[], current: Conversation | null, isRunning: (conversation:
   * Conversation) => boolean }}
   */
  let shown = { conversations: [], current: null, isRunning: () => false }
  search.addEventListener('input', draw)
  return {
    /**
     * @param {readonly Conversation[]} conversations
     * @param {Conversation} current
     * @param {(conversation: Conversation) => boolean} isRunning
     */
    draw (conversations, current, isRunning) {
      shown = { conversations, current, isRunning }
      draw()
    },
    focus: () => search.focus(),
  }

  function draw () {
    const { conversations, current, isRunning } = shown
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const found = conversations.filter(one => one.turns.length > 0 && hasWords(one, words)).sort((a, b) =>
      b.updatedAt - a.updatedAt
    )
    byId('history').replaceChildren(...found.map(one => drawItem(one, one.id === current?.id, isRunning(one))))
    byId('history-empty').textContent = found.length > 0
      ? ''
      : words.length > 0
      ? 'Nothing found.'
      : 'Your chats will appear here. They stay on this device.'
  }

  /**
   * @param {Conversation} one
   * @param {boolean} isCurrent
   * @param {boolean} isRunning
   */
  function drawItem (one, isCurrent, isRunning) {
    const title = titleOf(one)
    const item = h('li', { class: isCurrent ? 'current' : null })
    item.append(
      h('button', { type: 'button', class: 'quiet title', 'aria-current': isCurrent ? 'true' : null, onclick: () =>
        onOpen(one) }, isRunning ? h('span', { class: 'spinner', role: 'img', 'aria-label': 'Answering' }) : null,
        h('span', {}, title)),
      h('span', { class: 'acts' },
        h('button', { type: 'button', class: 'quiet small square', 'aria-label': `Rename ${title}`, onclick: () =>
          rename(item, one, title) }, icon('edit')),
        h('button', { type: 'button', class: 'quiet small square', 'aria-label': `Delete ${title}`, onclick: () =>
          onDelete(one) }, icon('trash'))),
    )
    return item
  }

  /**
   * @param {HTMLElement} item
   * @param {Conversation} one
   * @param {string} title
   */
  function rename (item, one, title) {
    const input = h('input', { value: title, 'aria-label': 'New title', maxlength: '120' })
    let isOver = false
    /** @param {boolean} save */
    const end = save => {
      if (isOver) return
      isOver = true
      if (save) onRename(one, input.value.trim())
      draw()
    }
    input.addEventListener('keydown', event => {
      if (event.key === 'Enter') end(true)
      if (event.key === 'Escape') {
        event.stopPropagation()
        end(false)
      }
    })
    input.addEventListener('blur', () => end(true))
    item.replaceChildren(input)
    input.select()
    input.focus()
  }
}

/**
 * @param {Conversation} conversation
 * @param {readonly string[]} words
 */
function hasWords ({ title, turns }, words) {
  if (words.length === 0) return true
  const text = [title,
    ...turns.flatMap(turn => [turn.text, turn.answer?.text ?? '', ...turn.attachments.map(file => file.name)])].join(
      '\n',
    ).toLowerCase()
  return words.every(word => text.includes(word))
}
