// Draws one turn: what the user wrote, then the answer with its reasoning, its price and its buttons.
import { copyButton } from '../lib/copy.js'
import { h, icon, show } from '../lib/dom.js'
import { count, credits, tenths } from '../lib/format.js'
import { t } from '../lib/text.js'
import { drawFiles } from './file-chips.js'
import { connectFootnotes } from './footnotes.js'
import { lex, render } from './markdown.js'
import { createMarkdownStream } from './markdown-stream.js'
import { drawSources } from './sources.js'
import { drawVersions } from './versions.js'
/** @import { Answer, Turn, TurnView, Usage } from '../types.d.ts' */

/**
 * @typedef {{
 *   retry: (turn: Turn) => void, resume: (turn: Turn) => void, edit: (turn: Turn) => void,
 *   versions: { questions: readonly Turn[], answers: readonly Turn[] }, onVersion: (turn: Turn) => void,
 *   modelName: (id: string) => string, onPaint: () => void,
 * }} Actions
 */

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

/**
 * A turn far from what the reader sees: its words alone. A search in the page finds them.
 * @param {Turn} turn
 */
export function drawPlainTurn (turn) {
  return h('li', { class: 'turn', dataset: { turn: turn.id } },
    h('div', { class: 'question' }, turn.text === '' ? null : h('div', { class: 'bubble' }, turn.text)),
    h('div', { class: 'answer' }, h('div', { class: 'words plain' }, turn.answer?.text ?? '')))
}

/** A turn on which nothing arrives. */
const still = { push () {}, think () {}, finish: async () => {} }

/**
 * @param {Turn} turn
 * @param {Actions} actions
 * @returns {TurnView}
 */
function draw (turn, { retry, resume, edit, versions, onVersion, modelName, onPaint }) {
  const answerPlace = h('div', { class: 'answer' })
  const element = h('li', { class: 'turn', dataset: { turn: turn.id } },
    h('div', { class: 'question' }, h('h2', { class: 'offscreen' }, t('turn.you')),
      turn.attachments.length > 0 ? drawFiles(turn.attachments) : null,
      turn.text === '' ? null : h('div', { class: 'bubble' }, turn.text),
      h('div', { class: versions.questions.length > 1 ? 'tools always' : 'tools' },
        drawVersions('question', versions.questions, turn, onVersion),
        h('button', { type: 'button', class: 'quiet small', onclick: () => edit(turn) }, icon('edit'), t('turn.edit')),
        copyButton(() => turn.text, { what: t('turn.copy.question') }))), answerPlace)
  if (turn.answer === null) return { element, ...still }

  const { answer } = turn
  const words = h('div', { class: 'words markdown' })
  const wait = h('p', { class: 'wait' }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), t('turn.thinking'))
  const thoughts = createThoughts(answer)
  const foot = h('div', { class: 'foot' })
  answerPlace.append(h('h2', { class: 'offscreen' }, t('turn.answer', { model: modelName(answer.model) })),
    thoughts.element, wait, words, foot)
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
      ...(answer.error === null && answer.status !== 'failed' ? [] : [drawFailure(answer)]),
      ...(note === '' ? [] : [h('p', { class: 'muted small-text' }, note)]),
      h('div', { class: 'tools' }, drawVersions('answer', versions.answers, turn, onVersion),
        answer.text === '' ? null : copyButton(() => answer.text, { what: t('turn.copy.answer') }),
        canGoOn(answer)
          ? h('button', { type: 'button', class: 'quiet small', onclick: () => resume(turn) }, icon('down'),
            t('turn.continue'))
          : null,
        h('button', { type: 'button', class: 'quiet small', onclick: () => retry(turn) }, icon('retry'),
          t('turn.retry')), h('span', { class: 'cost' }, costOf(answer, modelName))))
  }
}

/** @param {Answer} answer */
function canGoOn ({ status, finish, text }) {
  return text !== '' && (status === 'stopped' || status === 'cut' || status === 'done' && finish === 'length')
}

/** @param {Answer} answer */
function noteOf ({ status, finish, text }) {
  if (status === 'stopped') return t('turn.stopped')
  if (status === 'cut') return text === '' ? t('turn.cut.empty') : t('turn.cut')
  if (finish === 'length') return t('turn.limit')
  if (finish === 'content_filter') return t('turn.filtered')
  return status === 'done' && text === '' ? t('turn.empty') : ''
}

/** @param {Answer} answer */
function drawFailure ({ status, error, text }) {
  return h('div', { class: 'banner bad', role: 'alert' }, icon('warn'),
    h('p', {}, error?.message ?? t('turn.failed'), status === 'cut' || text === '' ? '' : ` ${t('turn.failed.part')}`))
}

/**
 * The reasoning, folded. It is open while there is nothing else to read.
 * @param {Answer} answer
 */
function createThoughts (answer) {
  const text = h('div', { class: 'thought' }, answer.reasoning)
  const label = h('summary', {}, t('turn.reasoning'))
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
  return [modelName(model), usage === null ? '' : usageOf(usage),
    spent === null ? '' : spent === 0 ? t('turn.cost.free') : t('turn.cost', { credits: credits(spent) }),
    ms === null || ms < 100 ? '' : t('turn.time', { seconds: tenths(ms / 1_000) })].filter(Boolean).join(' · ')
}

/** @param {Usage} usage */
function usageOf ({ input, cached, output }) {
  const counts = { input: count(input), cached: count(cached), output: count(output) }
  return cached > 0 ? t('turn.usage.cached', counts) : t('turn.usage', counts)
}
