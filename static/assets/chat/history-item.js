// One conversation in the history: its title, where a search found it, its tags, and a menu.
import { h } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { addressOf } from './address.js'
import { titleOf } from './conversation.js'
import { menuButton } from './menu.js'
/** @import { Conversation } from '../types.d.ts' */
/** @import { Found } from './history-search.js' */

/**
 * @typedef {{
 *   isCurrent: boolean, isRunning: boolean, found: Found | null,
 *   onChange: (conversation: Conversation) => void, onDelete: (conversation: Conversation) => unknown,
 *   onFound: (conversation: Conversation, turn: string | null) => unknown, redraw: () => void,
 * }} Options
 */

/**
 * @param {Conversation} one
 * @param {Options} options
 */
export function drawItem (one, options) {
  const { isCurrent, isRunning, found, onFound, redraw } = options
  const title = titleOf(one)
  const item = h('li', { class: isCurrent ? 'current' : null, dataset: { conversation: one.id } })
  item.append(
    h('a', { class: 'title', href: addressOf(one.id), 'aria-current': isCurrent ? 'page' : null, onclick: event => {
      // With a key, the browser opens the address in another tab.
      if (event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey)) return
      event.preventDefault()
      onFound(one, found?.turn ?? null)
    } }, isRunning ? h('span', { class: 'spinner', role: 'img', 'aria-label': t('chat.answering') }) : null,
      h('span', { class: 'name' }, title), found === null ? null : drawPlace(found),
      one.tags.length === 0 ? null : h('span', { class: 'tag-names' }, one.tags.join(' · '))),
    menuButton(t('history.more', { title }), () => itemsOf(item, one, options), redraw),
  )
  return item
}

/** @param {Found} found */
function drawPlace ({ before, match, after }) {
  return h('span', { class: 'place' }, before, h('mark', {}, match), after)
}

/**
 * @param {HTMLElement} item
 * @param {Conversation} one
 * @param {Options} options
 * @returns {import('./menu.js').Item[]}
 */
function itemsOf (item, one, { onChange, onDelete, redraw }) {
  return [{ label: t('history.rename'), icon: 'edit',
    action: () =>
      askFor(item, { label: t('history.rename.label'), value: titleOf(one), maxLength: 120, redraw, onText (title) {
        one.title = title
        one.isNamed = title !== ''
        onChange(one)
      } }) }, { label: one.isPinned ? t('history.unpin') : t('history.pin'), icon: 'pin', action: () => {
      one.isPinned = !one.isPinned
      onChange(one)
    } }, { label: t('history.tags'), icon: 'tag',
    action: () =>
      askFor(item, { label: t('history.tags.label'), value: one.tags.join(', '), maxLength: 200, redraw, onText (text) {
        one.tags = tagsOf(text)
        onChange(one)
      } }) }, { label: t('history.delete'), icon: 'trash', isDangerous: true, action: () => onDelete(one) }]
}

/** @param {string} text */
function tagsOf (text) {
  return [...new Set(text.split(',').map(tag => tag.trim().slice(0, 40)).filter(Boolean))].slice(0, 12)
}

/**
 * Enter and leaving the field save, Escape does not.
 * @param {HTMLElement} item whose place the field takes
 * @param {{
 *   label: string, value: string, maxLength: number, onText: (text: string) => void, redraw: () => void,
 * }} field
 */
function askFor (item, { label, value, maxLength, onText, redraw }) {
  const input = h('input', { value, 'aria-label': label, placeholder: label, maxlength: String(maxLength) })
  let isOver = false
  /** @param {boolean} isSaved */
  const end = isSaved => {
    if (isOver) return
    isOver = true
    input.remove()
    if (isSaved) onText(input.value.trim())
    redraw()
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
