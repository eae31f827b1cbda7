// The conversations of this device, newest first: search, open, rename, delete.
import { byId, h, icon } from '../lib/dom.js'
import { titleOf } from './conversation.js'

export function createHistoryList ({ onOpen, onRename, onDelete }) {
  const search = byId('search')
  let shown = { conversations: [], current: null, running: () => false }
  search.addEventListener('input', draw)
  return {
    draw (conversations, current, running) {
      shown = { conversations, current, running }
      draw()
    },
    focus: () => search.focus(),
  }

  function draw () {
    const { conversations, current, running } = shown
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const found = conversations.filter(one => one.turns.length > 0 && fits(one, words)).sort((a, b) => b.updatedAt - a.updatedAt)
    byId('history').replaceChildren(...found.map(one => drawItem(one, one.id === current?.id, running(one))))
    byId('history-empty').textContent = found.length > 0 ? '' : words.length > 0 ? 'Nothing found.' : 'Your chats will appear here. They stay on this device.'
  }

  function drawItem (one, isCurrent, isRunning) {
    const title = titleOf(one)
    const item = h('li', { class: isCurrent ? 'current' : null },
      h('button', { type: 'button', class: 'quiet title', 'aria-current': isCurrent ? 'true' : null, onclick: () => onOpen(one) },
        isRunning ? h('span', { class: 'spinner', role: 'img', 'aria-label': 'Answering' }) : null, h('span', {}, title)),
      h('span', { class: 'acts' },
        h('button', { type: 'button', class: 'quiet small square', 'aria-label': `Rename ${title}`, onclick: () => rename(item, one, title) }, icon('edit')),
        h('button', { type: 'button', class: 'quiet small square', 'aria-label': `Delete ${title}`, onclick: () => onDelete(one) }, icon('trash'))))
    return item
  }

  function rename (item, one, title) {
    const input = h('input', { value: title, 'aria-label': 'New title', maxlength: '120' })
    let isOver = false
    const end = save => {
      if (isOver) return
      isOver = true
      if (save) onRename(one, input.value.trim())
      draw()
    }
    input.addEventListener('keydown', event => {
      if (event.key === 'Enter') end(true)
      if (event.key === 'Escape') { event.stopPropagation(); end(false) }
    })
    input.addEventListener('blur', () => end(true))
    item.replaceChildren(input)
    input.select()
    input.focus()
  }
}

function fits ({ title, turns }, words) {
  if (words.length === 0) return true
  const text = [title, ...turns.flatMap(turn => [turn.text, turn.answer?.text ?? '', ...turn.attachments.map(file => file.name)])].join('\n').toLowerCase()
  return words.every(word => text.includes(word))
}
