// The conversation on the screen: turns in order, the reader's place kept, and only what streams is redrawn.
import { byId, h, icon, show } from '../lib/dom.js'
import { drawTurn } from './turn.js'

/** So near the end counts as reading along. */
const nearPx = 80

/** @param actions what the buttons of a turn do: `retry`, `edit` */
export function createThread (actions) {
  const scroller = byId('thread-scroll')
  const list = byId('thread')
  const jump = byId('jump')
  let isFollowing = true
  /** By the turn's id. */
  let views = new Map()

  scroller.addEventListener('scroll', () => {
    isFollowing = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearPx
    show(jump, !isFollowing)
  }, { passive: true })
  window.addEventListener('resize', () => follow(false))
  jump.replaceChildren(icon('down'), h('span', {}, 'Latest'))
  jump.addEventListener('click', () => follow(true))

  return {
    /** @param modelName a display name by id */
    draw (conversation, modelName) {
      views = new Map()
      const turns = conversation.turns.map(turn => add(turn, modelName))
      list.replaceChildren(...turns)
      show(byId('empty'), conversation.turns.length === 0)
      follow(true)
    },
    append (turn, modelName) {
      list.append(add(turn, modelName))
      show(byId('empty'), false)
      follow(true)
    },
    /** Shown again from its record: after an answer began anew. */
    redraw (turn, modelName) {
      const old = views.get(turn.id)?.element
      if (old) old.replaceWith(add(turn, modelName))
    },
    removeAfter (index) {
      for (const element of [...list.children].slice(index)) element.remove()
    },
    view: turn => views.get(turn.id),
    follow: () => follow(false),
  }

  function add (turn, modelName) {
    const view = drawTurn(turn, { ...actions, modelName, onPaint: () => follow(false) })
    views.set(turn.id, view)
    return view.element
  }

  /** @param always also for a reader who has scrolled up */
  function follow (always) {
    if (always) isFollowing = true
    if (isFollowing) scroller.scrollTop = scroller.scrollHeight
    show(jump, !isFollowing)
  }
}
