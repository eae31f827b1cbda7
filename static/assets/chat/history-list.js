// The conversations on this device: by date, with pins and tags, search, rename and delete.
import { byId, h, show } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { groupByDate } from './history-groups.js'
import { drawItem } from './history-item.js'
import { hasWord, searchMessages, wordsOf } from './history-search.js'
/** @import { Conversation } from '../types.d.ts' */
/** @import { Found } from './history-search.js' */

const searchAfterMs = 120
/** While a search goes on, the list is drawn this often. */
const drawEveryMs = 200

/**
 * @param {{
 *   onChange: (conversation: Conversation) => void, onDelete: (conversation: Conversation) => unknown,
 *   onFound: (conversation: Conversation, turn: string | null) => unknown,
 * }} page `onChange`: the user changed its title, pin or tags; `onFound`: the user opens it, at a turn that the search
 *   found
 */
export function createHistoryList ({ onChange, onDelete, onFound }) {
  const search = byId('search')
  const list = byId('history')
  /**
   * @type {{ conversations: readonly Conversation[], current: Conversation | null, isRunning: (conversation:
   * Conversation) => boolean }}
   */
  let shown = { conversations: [], current: null, isRunning: () => false }
  /** Those of the tags that the user chose. @type {Set<string>} */
  const chosen = new Set()
  /** Per conversation, where the words of the search are. @type {Map<string, Found | null>} */
  let found = new Map()
  let isSearching = false
  let searchCount = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  search.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => void searchAll(), searchAfterMs)
    found = new Map()
    isSearching = search.value.trim() !== ''
    draw()
  })
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

  async function searchAll () {
    const words = wordsOf(search.value)
    const count = ++searchCount
    const isOver = () => count !== searchCount
    isSearching = words.length > 0
    let drawnAt = 0
    const newestFirst = shown.conversations.toSorted((a, b) => b.updatedAt - a.updatedAt)
    for (const conversation of isSearching ? newestFirst : []) {
      const place = await searchMessages(conversation, words, isOver).catch(() => null)
      if (isOver()) return
      if (place === null) continue
      found.set(conversation.id, place)
      if (Date.now() - drawnAt < drawEveryMs) continue
      draw()
      drawnAt = Date.now()
    }
    isSearching = false
    draw()
  }

  function draw () {
    // An open menu or a field in the list stays as it is. The list is drawn when it closes.
    if (list.querySelector('input, [aria-expanded="true"]') !== null) return
    const { current, isRunning } = shown
    drawTags()
    const words = wordsOf(search.value)
    const listed = shown.conversations.filter(one =>
      [...chosen].every(tag => one.tags.includes(tag)) && (found.has(one.id) || words.every(word => hasWord(one, word)))
    )
    const focused = list.contains(document.activeElement) ? keyOf(document.activeElement) : null
    list.replaceChildren(
      ...groupByDate(listed).map(({ label, conversations }) =>
        h('section', {}, h('h2', {}, label), h('ol', {}, conversations.map(one =>
          drawItem(one, { isCurrent: one.id === current?.id, isRunning: isRunning(one),
            found: found.get(one.id) ?? null, onChange, onDelete, onFound, redraw: draw })
        )))
      ),
    )
    if (focused !== null) focus(focused)
    byId('history-empty').textContent = listed.length > 0
      ? ''
      : isSearching
      ? t('history.searching')
      : words.length + chosen.size > 0
      ? t('history.nothing')
      : t('history.empty')
  }

  function drawTags () {
    const tags = [...new Set(shown.conversations.flatMap(one => one.tags))].sort((a, b) => a.localeCompare(b))
    for (const tag of chosen) if (!tags.includes(tag)) chosen.delete(tag)
    const place = byId('tags')
    const focused = place.contains(document.activeElement) ? document.activeElement?.textContent : null
    show(place, tags.length > 0)
    place.replaceChildren(
      ...tags.map(tag =>
        h('button', { type: 'button', class: 'tag', 'aria-pressed': String(chosen.has(tag)), onclick: () => {
          if (!chosen.delete(tag)) chosen.add(tag)
          draw()
        } }, tag)
      ),
    )
    for (const button of place.children) {
      if (button.textContent === focused && button instanceof HTMLElement) button.focus()
    }
  }

  /** @param {Element | null} element */
  function keyOf (element) {
    const id = element?.closest('li')?.dataset['conversation']
    return id === undefined ? null : { id, selector: element?.classList.contains('more') ? '.more' : '.title' }
  }

  /** @param {{ id: string, selector: string }} place */
  function focus ({ id, selector }) {
    const element = list.querySelector(`[data-conversation='${id}'] ${selector}`)
    if (element instanceof HTMLElement) element.focus()
  }
}
