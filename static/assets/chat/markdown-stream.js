// Draws Markdown that arrives in pieces, in linear work. A block that has ended is rendered once. Only the open block
// at the end is redrawn, once per frame. The longer an open block gets, the rarer it is redrawn; in between, its newest
// words are plain text. Code is not parsed until its fence closes.
import { h } from '../lib/dom.js'
import { drawOpenCode } from './code-block.js'
import { lex, render } from './markdown.js'

/** An open block up to this size is redrawn every frame. */
const smallChars = 3_000
/** How long one frame may work, and how many characters it handles between two looks at the clock. */
const frameMs = 6
const stepChars = 2_000

/**
 * @param {HTMLElement} container
 * @param {{ onPaint?: () => void, nextFrame?: (work: () => void) => void }} [options] `onPaint` is called after each
 * frame that
 *   changed something
 */
export function createMarkdownStream (container, { onPaint = () => {}, nextFrame = soon } = {}) {
  /**
   * Text that has arrived and is not handled yet.
   * @type {string[]}
   */
  const queue = []
  /** The open block's text. */
  let tail = ''
  /** The tail's length when it was last drawn, and the length from which it is drawn again. */
  let drawn = 0
  let due = 0
  /** @type {ReturnType<typeof createOpenCode> | null} */
  let code = null
  /** A carriage return at the end of the text so far: the line feed of the same line end may follow. */
  let heldReturn = ''
  let isScheduled = false
  let isEnding = false
  const open = h('div', { class: 'open-block' })
  container.replaceChildren(open)
  let finish = () => {}
  const finished = new Promise(resolve => {
    finish = () => resolve(undefined)
  })

  return {
    /** @param {string} piece */
    push (piece) {
      const text = oneLineEnd(heldReturn + piece)
      heldReturn = text.endsWith('\r') ? '\r' : ''
      const length = text.length - heldReturn.length
      for (let at = 0; at < length; at += stepChars) queue.push(text.slice(at, Math.min(length, at + stepChars)))
      schedule()
    },
    /** @returns {Promise<unknown>} settles when everything is drawn for good */
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

  /** @param {string} text */
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

  /** Renders every block but the last for good. It ignores a line that is not complete. */
  function settle () {
    const lines = tail.slice(0, tail.lastIndexOf('\n') + 1)
    if (lines === '') return
    const tokens = lex(lines)
    let last = tokens.length - 1
    while (last > 0 && tokens[last]?.type === 'space') last--
    const block = tokens[last]
    const fence = block?.type === 'code' ? openFence(block.raw) : null
    const ended = tokens.slice(0, last)
    if (ended.length > 0) {
      open.before(render(ended))
      tail = tail.slice(ended.reduce((length, { raw }) => length + raw.length, 0))
      drawn = -1
    }
    if (fence === null) return
    code = createOpenCode(fence, open)
    const rest = code.feed(tail.slice(tail.indexOf('\n') + 1))
    tail = rest ?? ''
    drawn = -1
    if (rest !== null) {
      code = null
      settle()
    }
  }

  function paint () {
    if (tail.length === drawn) return
    if (drawn > 0 && tail.length > smallChars) deepest(open).append(tail.slice(drawn))
    else open.replaceChildren(...(tail === '' ? [] : [render(lex(tail, true), false)]))
    drawn = tail.length
  }

  function close () {
    code?.close()
    open.remove()
    if (tail !== '') container.append(render(lex(tail)))
    finish()
  }
}

/**
 * Draws the lines of a fenced block until the fence that closes it.
 * @param {{ language: string, closing: RegExp, indent: RegExp }} fence `indent` is what each line loses
 * @param {HTMLElement} before
 */
function createOpenCode ({ language, closing, indent }, before) {
  const view = drawOpenCode(language)
  before.before(view.figure)
  let partial = ''
  return {
    /**
     * @param {string} text
     * @returns {string | null} the text after the block, or null while the block is open
     */
    feed (text) {
      // Only the new text is split: a line may be as long as the whole answer.
      const lines = text.split('\n')
      lines[0] = partial + (lines[0] ?? '')
      partial = lines.pop() ?? ''
      const end = lines.findIndex(line => closing.test(line))
      const body = (end < 0 ? lines : lines.slice(0, end)).map(line => line.replace(indent, ''))
      if (body.length > 0) view.add(`${body.join('\n')}\n`)
      if (end < 0) return null
      view.close()
      return [...lines.slice(end + 1), partial].join('\n')
    },
    close () {
      if (partial !== '' && !closing.test(partial)) view.add(`${partial.replace(indent, '')}\n`)
      view.close()
    },
  }
}

/**
 * The language and the form of the closing fence. Null if the fence is closed, or if there is none. CommonMark, section
 * 4.5.
 * @param {string} raw
 */
function openFence (raw) {
  const [, indent = '', marker, info = ''] = /^( {0,3})(`{3,}|~{3,})([^\n]*)\n/.exec(raw) ?? []
  if (marker === undefined) return null
  const closing = new RegExp(`^ {0,3}${marker[0] === '`' ? '`' : '~'}{${marker.length},}[ \\t]*$`)
  return raw.trimEnd().split('\n').slice(1).some(line => closing.test(line))
    ? null
    : { language: info.trim().split(/\s+/)[0] ?? '', closing, indent: new RegExp(`^ {0,${indent.length}}`) }
}

/**
 * Replaces line ends as marked does before it measures its tokens, so that the tokens' lengths fit the text. A `\r` at
 * the end stays.
 * @param {string} text
 */
function oneLineEnd (text) {
  return text.includes('\r') ? text.replace(/\r\n|\r(?!$)/g, '\n') : text
}

/**
 * The element that takes further words.
 * @param {Element} element
 * @returns {Element}
 */
function deepest (element) {
  const last = element.lastElementChild
  return last !== null && ['P', 'UL', 'OL', 'LI', 'BLOCKQUOTE'].includes(last.tagName) ? deepest(last) : element
}

/**
 * A hidden page has no frames, but its answer must be complete when the user returns.
 * @param {() => void} work
 */
function soon (work) {
  if (document.hidden) setTimeout(work, 100)
  else window.requestAnimationFrame(work)
}
