// Draws one turn: what the user wrote, then the answer with its reasoning, its price and its buttons.
import { copyButton } from '../lib/copy.js'
import { h, icon, show } from '../lib/dom.js'
import { count, credits } from '../lib/format.js'
import { drawFiles } from './file-chips.js'
import { connectFootnotes } from './footnotes.js'
import { lex, render } from './markdown.js'
import { createMarkdownStream } from './markdown-stream.js'
import { drawSources } from './sources.js'
/** @import { Answer, Turn, TurnView } from '../types.d.ts' */

/**
 * @typedef {{ retry: (turn: Turn) => void, edit: (turn: Turn) => void, modelName: (id: string) => string, onPaint: ()
 * => void }} Actions
 */

const endings = new Map([['length', 'The answer reached the model’s limit and stops here.'], ['content_filter',
  'A content filter ended the answer.']])

/** A stored answer of more characters is drawn in pieces, as if it arrived, so that the page stays usable meanwhile. */
const longChars = 8_000

/**
 * Never throws: if a turn cannot be drawn, it shows the turn's words.
 * @param {Turn} turn
 * @param {Actions} actions
 * @returns {TurnView}
 */
export function drawTurn (turn, actions) {
  try {
    return draw(turn, actions)
  } catch {
    const words = [turn.text, turn.answer?.text].map(text => h('div', { class: 'plain' }, String(text ?? '')))
    return { element: h('li', { class: 'turn', dataset: { turn: turn.id } }, words), ...still }
  }
}

/** A turn on which nothing arrives. */
const still = { push () {}, think () {}, finish: async () => {} }

/**
 * @param {Turn} turn
 * @param {Actions} actions
 * @returns {TurnView}
 */
function draw (turn, { retry, edit, modelName, onPaint }) {
  const answerPlace = h('div', { class: 'answer' })
  const element = h('li', { class: 'turn', dataset: { turn: turn.id } },
    h('div', { class: 'question' }, h('h2', { class: 'offscreen' }, 'You wrote'),
      turn.attachments.length > 0 ? drawFiles(turn.attachments) : null,
      turn.text === '' ? null : h('div', { class: 'bubble' }, turn.text),
      h('div', { class: 'tools' },
        h('button', { type: 'button', class: 'quiet small', onclick: () => edit(turn) }, icon('edit'), 'Edit'),
        copyButton(() => turn.text, { what: 'your message' }))), answerPlace)
  if (turn.answer === null) return { element, ...still }

  const { answer } = turn
  const words = h('div', { class: 'words markdown' })
  const wait = h('p', { class: 'wait' }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), 'Thinking…')
  const thoughts = createThoughts(answer)
  const foot = h('div', { class: 'foot' })
  answerPlace.append(h('h2', { class: 'offscreen' }, `Answer of ${modelName(answer.model)}`), thoughts.element, wait,
    words, foot)
  /** @type {ReturnType<typeof createMarkdownStream> | null} */
  let stream = null

  if (answer.status === 'running') {
    stream = createMarkdownStream(words, { onPaint })
    if (answer.text !== '') {
      stream.push(answer.text)
      show(wait, false)
    }
    answerPlace.setAttribute('aria-busy', 'true')
  } else {
    if (answer.text.length > longChars) {
      const stored = createMarkdownStream(words, { onPaint })
      stored.push(answer.text)
      void stored.end().then(() => connectFootnotes(words))
    } else if (answer.text !== '') words.append(render(lex(answer.text)))
    drawEnd()
  }
  return {
    element,
    push (text) {
      show(wait, false)
      thoughts.fold()
      stream?.push(text)
    },
    think (text) {
      show(wait, false)
      thoughts.add(text)
      onPaint()
    },
    async finish () {
      answerPlace.removeAttribute('aria-busy')
      thoughts.fold()
      await stream?.end()
      drawEnd()
      onPaint()
    },
  }

  function drawEnd () {
    connectFootnotes(words)
    show(wait, false)
    const note = noteOf(answer)
    foot.replaceChildren(...drawSources(answer.sources ?? []),
      ...(answer.status === 'failed' ? [drawFailure(answer)] : []),
      ...(note === '' ? [] : [h('p', { class: 'muted small-text' }, note)]),
      h('div', { class: 'tools' }, answer.text === '' ? null : copyButton(() => answer.text, { what: 'the answer' }),
        h('button', { type: 'button', class: 'quiet small', onclick: () => retry(turn) }, icon('retry'), 'Retry'),
        h('span', { class: 'cost' }, costOf(answer, modelName))))
  }
}

/** @param {Answer} answer */
function noteOf ({ status, finish, text }) {
  if (status === 'stopped') return 'Stopped.'
  return endings.get(finish ?? '') ?? (status === 'done' && text === '' ? 'The model sent an empty answer.' : '')
}

/** @param {Answer} answer */
function drawFailure ({ error, text }) {
  return h('div', { class: 'banner bad', role: 'alert' }, icon('warn'),
    h('p', {}, error?.message ?? 'That failed.', text === '' ? '' : ' The part above is not part of the conversation.'))
}

/**
 * The reasoning, folded. It is open while there is nothing else to read.
 * @param {Answer} answer
 */
function createThoughts (answer) {
  const text = h('div', { class: 'thought' }, answer.reasoning)
  const label = h('summary', {}, 'Reasoning')
  const element = h('details', { class: 'thoughts', hidden: answer.reasoning === '' }, label, text)
  return {
    element,
    /** @param {string} more */
    add (more) {
      if (element.hidden) element.open = true
      show(element, true)
      text.append(more)
    },
    fold () {
      if (!element.hidden && !element.dataset.folded) {
        element.open = false
        element.dataset.folded = 'true'
      }
    },
  }
}

/**
 * @param {Answer} answer
 * @param {(id: string) => string} modelName
 */
function costOf ({ model, usage, credits: spent, ms }, modelName) {
  return [modelName(model),
    usage === null
      ? ''
      : `${count(usage.input)} in${usage.cached > 0 ? ` (${count(usage.cached)} cached)` : ''}, ${
        count(usage.output)
      } out`, spent === null ? '' : spent === 0 ? 'no credits' : `${credits(spent)} credits`,
    ms === null || ms < 100 ? '' : `${(ms / 1_000).toFixed(1)} s`].filter(Boolean).join(' · ')
}
