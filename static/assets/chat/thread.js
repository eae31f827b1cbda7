// The conversation on the screen: its turns in order. It keeps the reader's place, and redraws only what streams. In a
// long conversation it draws a turn in full when the reader comes near it.
import { byId, h, icon, show } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { createNearby } from './nearby.js'
import { versionsOf } from './tree.js'
import { drawPlainTurn, drawTurn } from './turn.js'
/** @import { Conversation, Turn, TurnView } from '../types.d.ts' */

/** This close to the end, the reader follows the answer. */
const nearPx = 80
/** The last turns, which the reader sees first, are drawn in full at once. */
const atOnce = 20

/**
 * @param {{ retry: (turn: Turn) => void, resume: (turn: Turn) => void, edit: (turn: Turn) => void,
 *   onVersion: (turn: Turn) => void, modelName: (id: string) => string }} actions for the buttons of a turn;
 *   `modelName` gives the name that people know a model by
 */
export function createThread (actions) {
  const scroller = byId('thread-scroll')
  const list = byId('thread')
  const jump = byId('jump')
  let isFollowing = true
  /**
   * By the turn's id: the turns that are drawn in full.
   * @type {Map<string, TurnView>}
   */
  let views = new Map()
  const nearby = createNearby(scroller)

  scroller.addEventListener('scroll', () => {
    isFollowing = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearPx
    show(jump, !isFollowing)
  }, { passive: true })
  // The window, or a turn that is drawn in full, changes the height.
  const resized = new window.ResizeObserver(() => follow(false))
  resized.observe(scroller)
  resized.observe(list)
  jump.replaceChildren(icon('down'), h('span', {}, t('chat.latest')))
  jump.addEventListener('click', () => follow(true))

  return {
    /**
     * @param {Conversation} conversation
     */
    draw (conversation) {
      views = new Map()
      nearby.clear()
      list.replaceChildren()
      list.classList.toggle('long', conversation.turns.length > atOnce)
      append(conversation, 0)
      follow(true)
    },
    /**
     * Draws the turns from this place on: the ones before it stay.
     * @param {Conversation} conversation
     * @param {number} index
     */
    drawFrom (conversation, index) {
      for (const element of [...list.children].slice(index)) element.remove()
      append(conversation, index)
    },
    /**
     * Draws a turn again, if it is on the screen.
     * @param {Conversation} conversation
     * @param {Turn} turn
     */
    redraw (conversation, turn) {
      const old = elementOf(turn)
      if (old === null) return
      old.replaceWith(add(turn, versionsOf(conversation)))
      follow(false)
    },
    /** @param {Turn} turn */
    view: turn => views.get(turn.id),
    /**
     * Scrolls to a turn, for instance one that a search found.
     * @param {Turn} turn
     */
    reveal (turn) {
      isFollowing = false
      elementOf(turn)?.scrollIntoView({ block: 'start' })
    },
    follow: () => follow(true),
  }

  /**
   * @param {Conversation} conversation
   * @param {number} from
   */
  function append (conversation, from) {
    const { turns } = conversation
    const versions = versionsOf(conversation)
    const full = Math.max(from, turns.length - atOnce)
    list.append(...turns.slice(from, full).map(turn => addPlain(turn, versions)),
      ...turns.slice(full).map(turn => add(turn, versions)))
    show(byId('empty'), turns.length === 0)
  }

  /**
   * @param {Turn} turn
   * @param {ReturnType<typeof versionsOf>} versions
   */
  function add (turn, versions) {
    const view = drawTurn(turn, { ...actions, versions: versions(turn), onPaint: () => follow(false) })
    views.set(turn.id, view)
    return view.element
  }

  /**
   * @param {Turn} turn
   * @param {ReturnType<typeof versionsOf>} versions
   */
  function addPlain (turn, versions) {
    const element = drawPlainTurn(turn)
    nearby.when(element, () => element.replaceWith(add(turn, versions)))
    return element
  }

  /**
   * @param {Turn} turn
   * @returns {HTMLElement | null}
   */
  function elementOf ({ id }) {
    return list.querySelector(`[data-turn='${id}']`)
  }

  /** @param {boolean} always even if the reader has scrolled up */
  function follow (always) {
    if (always) isFollowing = true
    if (isFollowing) scroller.scrollTop = scroller.scrollHeight
    show(jump, !isFollowing)
  }
}
