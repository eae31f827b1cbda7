// Markdown that arrives in pieces, in linear work. A block whose end has been seen is rendered once and never again; only
// the open one at the end is drawn anew, once a frame. An open block that grows long is drawn at growing distances, its
// newest words as plain text in between; code is not parsed at all until its fence closes.
import { h } from '../lib/dom.js'
import { drawOpenCode } from './code-block.js'
import { lex, render } from './markdown.js'

/** An open block up to this size is drawn anew every frame. */
const smallChars = 3_000
/** Work of one frame, in milliseconds and in characters looked at before the clock is. */
const frameMs = 6
const stepChars = 2_000

/** @param onPaint called after each frame that changed something */
export function createMarkdownStream (container, { onPaint = () => {}, nextFrame = soon } = {}) {
  /** Arrived, not yet looked at. */
  const queue = []
  /** The open block's text. */
  let tail = ''
  /** The tail's length when it was last drawn, and the length from which it is drawn again. */
  let drawn = 0
  let due = 0
  let code = null
  let isScheduled = false
  let isEnding = false
  let finish
  const open = h('div', { class: 'open-block' })
  container.replaceChildren(open)
  const finished = new Promise(resolve => { finish = resolve })

  return {
    push (text) {
      for (let at = 0; at < text.length; at += stepChars) queue.push(text.slice(at, at + stepChars))
      schedule()
    },
    /** @returns when everything has been drawn for good */
    end () {
      isEnding = true
      schedule()
      return finished
    },
  }

  function schedule () {
    if (isScheduled) return
    isScheduled = true
    nextFrame(frame)
  }

  function frame () {
    isScheduled = false
    const until = window.performance.now() + frameMs
    let taken = 0
    while (taken < queue.length && window.performance.now() < until) {
      let piece = ''
      while (taken < queue.length && piece.length < stepChars) piece += queue[taken++]
      step(piece)
    }
    queue.splice(0, taken)
    if (queue.length > 0) schedule()
    else if (isEnding) close()
    if (!isEnding || queue.length > 0) paint()
    onPaint()
  }

  function step (text) {
    const rest = code === null ? text : code.feed(text)
    if (rest === null) return
    code = null
    tail += rest
    if (tail.length < due) return
    settle()
    drawn = -1
    if (code === null) due = tail.length < smallChars ? 0 : tail.length * 1.25
  }

  /** Renders for good what has ended: every block but the last. A line that is not whole decides nothing. */
  function settle () {
    const lines = tail.slice(0, tail.lastIndexOf('\n') + 1)
    if (lines === '') return
    const tokens = lex(lines)
    let last = tokens.length - 1
    while (last > 0 && tokens[last].type === 'space') last--
    const fence = tokens[last]?.type === 'code' ? openFence(tokens[last].raw) : null
    const ended = tokens.slice(0, last)
    if (ended.length > 0) {
      open.before(render(ended))
      tail = tail.slice(ended.reduce((length, { raw }) => length + raw.length, 0))
      drawn = -1
    }
    if (fence === null) return
    const body = tail.slice(tail.indexOf('\n') + 1)
    const rest = (code = createOpenCode(fence, open)).feed(body)
    tail = rest ?? ''
    drawn = -1
    if (rest !== null) { code = null; settle() }
  }

  function paint () {
    if (tail.length === drawn) return
    if (drawn > 0 && tail.length > smallChars) deepest(open).append(tail.slice(drawn))
    else open.replaceChildren(...(tail === '' ? [] : [render(lex(tail), false)]))
    drawn = tail.length
  }

  function close () {
    code?.close()
    open.remove()
    if (tail !== '') container.append(render(lex(tail)))
    finish()
  }
}

/** Feeds the lines of a fenced block, until the fence that closes it. */
function createOpenCode ({ language, closing }, before) {
  const view = drawOpenCode(language)
  before.before(view.figure)
  let partial = ''
  return {
    /** @returns what comes after the block, or null while it is open */
    feed (text) {
      partial += text
      const lines = partial.split('\n')
      partial = lines.pop()
      const end = lines.findIndex(line => closing.test(line))
      const body = end < 0 ? lines : lines.slice(0, end)
      if (body.length > 0) view.add(`${body.join('\n')}\n`)
      if (end < 0) return null
      view.close()
      return [...lines.slice(end + 1), partial].join('\n')
    },
    close () {
      if (partial !== '' && !closing.test(partial)) view.add(`${partial}\n`)
      view.close()
    },
  }
}

/** Language, and what the closing fence looks like; null when it has been closed or is none. CommonMark, section 4.5. */
function openFence (raw) {
  const [, marker, info] = /^ {0,3}(`{3,}|~{3,})([^\n]*)\n/.exec(raw) ?? []
  if (marker === undefined) return null
  const closing = new RegExp(`^ {0,3}${marker[0] === '`' ? '`' : '~'}{${marker.length},}[ \\t]*$`)
  return raw.trimEnd().split('\n').slice(1).some(line => closing.test(line)) ? null : { language: info.trim().split(/\s+/)[0], closing }
}

/** Where words that follow belong. */
function deepest (element) {
  const last = element.lastElementChild
  return last !== null && ['P', 'UL', 'OL', 'LI', 'BLOCKQUOTE'].includes(last.tagName) ? deepest(last) : element
}

/** A hidden page has no frames, yet its answer has to be there when it is looked at again. */
function soon (work) {
  if (document.hidden) setTimeout(work, 100)
  else window.requestAnimationFrame(work)
}
