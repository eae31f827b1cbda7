// The conversation on the screen: its turns in order. It keeps the reader's place, and redraws only what streams.
import { byId, h, icon, show } from '../lib/dom.js'
import { drawTurn } from './turn.js'
/** @import { Conversation, Turn, TurnView } from '../types.d.ts' */

/** @typedef {(id: string) => string} ModelName a display name for a model's id */

/** This close to the end, the reader follows the answer. */
const nearPx = 80

/** @param {{ retry: (turn: Turn) => void, edit: (turn: Turn) => void }} actions for the buttons of a turn */
export function createThread (actions) {
  const scroller = byId('thread-scroll')
  const list = byId('thread')
  const jump = byId('jump')
  let isFollowing = true
  /**
   * By the turn's id.
   * @type {Map<string, TurnView>}
   */
  let views = new Map()

  scroller.addEventListener('scroll', () => {
    isFollowing = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearPx
    show(jump, !isFollowing)
  }, { passive: true })
  window.addEventListener('resize', () => follow(false))
  jump.replaceChildren(icon('down'), h('span', {}, 'Latest'))
  jump.addEventListener('click', () => follow(true))

  return {
    /**
     * @param {Conversation} conversation
     * @param {ModelName} modelName
     */
    draw (conversation, modelName) {
      views = new Map()
      const turns = conversation.turns.map(turn => add(turn, modelName))
      list.replaceChildren(...turns)
      show(byId('empty'), conversation.turns.length === 0)
      follow(true)
    },
    /**
     * @param {Turn} turn
     * @param {ModelName} modelName
     */
    append (turn, modelName) {
      list.append(add(turn, modelName))
      show(byId('empty'), false)
      follow(true)
    },
    /**
     * Draws a turn again after its answer has started over.
     * @param {Turn} turn
     * @param {ModelName} modelName
     */
    redraw (turn, modelName) {
      const old = views.get(turn.id)?.element
      if (old) old.replaceWith(add(turn, modelName))
    },
    /** @param {number} index */
    removeAfter (index) {
      for (const element of [...list.children].slice(index)) element.remove()
    },
    /** @param {Turn} turn */
    view: turn => views.get(turn.id),
    follow: () => follow(false),
  }

  /**
   * @param {Turn} turn
   * @param {ModelName} modelName
   */
  function add (turn, modelName) {
    const view = drawTurn(turn, { ...actions, modelName, onPaint: () => follow(false) })
    views.set(turn.id, view)
    return view.element
  }

  /** @param {boolean} always even if the reader has scrolled up */
  function follow (always) {
    if (always) isFollowing = true
    if (isFollowing) scroller.scrollTop = scroller.scrollHeight
    show(jump, !isFollowing)
  }
}
