// One turn: what was said, then the answer with its thoughts, its price, and what can be done with it.
import { copyButton } from '../lib/copy.js'
import { h, icon, show } from '../lib/dom.js'
import { count, credits } from '../lib/format.js'
import { drawFiles } from './file-chips.js'
import { lex, render } from './markdown.js'
import { createMarkdownStream } from './markdown-stream.js'

const endings = { length: 'The answer reached the model’s limit and stops here.', content_filter: 'A content filter ended the answer.' }

/** @returns `{ element, push, think, finish }` */
export function drawTurn (turn, { retry, edit, modelName, onPaint }) {
  const answerPlace = h('div', { class: 'answer' })
  const element = h('li', { class: 'turn', dataset: { turn: turn.id } },
    h('div', { class: 'said' },
      h('h2', { class: 'offscreen' }, 'You said'),
      ...(turn.attachments.length > 0 ? [drawFiles(turn.attachments)] : []),
      ...(turn.text === '' ? [] : [h('div', { class: 'bubble' }, turn.text)]),
      h('div', { class: 'tools' },
        h('button', { type: 'button', class: 'quiet small', onclick: () => edit(turn) }, icon('edit'), 'Edit'),
        copyButton(() => turn.text, { what: 'what you said' }))),
    answerPlace)
  if (turn.answer === null) return { element, push () {}, think () {}, finish: async () => {} }

  const { answer } = turn
  const words = h('div', { class: 'words markdown' })
  const wait = h('p', { class: 'wait' }, h('span', { class: 'pulse', 'aria-hidden': 'true' }), 'Thinking…')
  const thoughts = createThoughts(answer)
  const foot = h('div', { class: 'foot' })
  answerPlace.append(h('h2', { class: 'offscreen' }, `Answer of ${modelName(answer.model)}`), thoughts.element, wait, words, foot)
  let stream = null

  if (answer.status === 'running') {
    stream = createMarkdownStream(words, { onPaint })
    if (answer.text !== '') { stream.push(answer.text); show(wait, false) }
    answerPlace.setAttribute('aria-busy', 'true')
  } else {
    if (answer.text !== '') words.append(render(lex(answer.text)))
    drawEnd()
  }
  return {
    element,
    push (text) { show(wait, false); thoughts.fold(); stream?.push(text) },
    think (text) { show(wait, false); thoughts.add(text); onPaint() },
    async finish () {
      answerPlace.removeAttribute('aria-busy')
      thoughts.fold()
      await stream?.end()
      drawEnd()
      onPaint()
    },
  }

  function drawEnd () {
    show(wait, false)
    const note = answer.status === 'stopped' ? 'Stopped.' : endings[answer.finish] ?? (answer.status === 'done' && answer.text === '' ? 'The model answered with nothing.' : '')
    foot.replaceChildren(
      ...(answer.status === 'failed' ? [h('div', { class: 'banner bad', role: 'alert' }, icon('warn'), h('p', {}, answer.error?.message ?? 'That failed.', answer.text === '' ? '' : ' What came before is not part of the conversation.'))] : []),
      ...(note === '' ? [] : [h('p', { class: 'muted small-text' }, note)]),
      h('div', { class: 'tools' },
        ...(answer.text === '' ? [] : [copyButton(() => answer.text, { what: 'the answer' })]),
        h('button', { type: 'button', class: 'quiet small', onclick: () => retry(turn) }, icon('retry'), 'Retry'),
        h('span', { class: 'cost' }, costOf(answer, modelName))))
  }
}

/** Folded away, for those who want to know. Open while there is nothing else to read. */
function createThoughts (answer) {
  const text = h('div', { class: 'thought' }, answer.reasoning)
  const label = h('summary', {}, 'Reasoning')
  const element = h('details', { class: 'thoughts', hidden: answer.reasoning === '' }, label, text)
  return {
    element,
    add (more) {
      if (element.hidden) element.open = true
      show(element, true)
      text.append(more)
    },
    fold () { if (!element.hidden && !element.dataset.folded) { element.open = false; element.dataset.folded = 'true' } },
  }
}

function costOf ({ model, usage, credits: spent, ms }, modelName) {
  return [
    modelName(model),
    usage === null ? '' : `${count(usage.input)} in${usage.cached > 0 ? ` (${count(usage.cached)} cached)` : ''}, ${count(usage.output)} out`,
    spent === null ? '' : spent === 0 ? 'no credits' : `${credits(spent)} credits`,
    ms === null || ms < 100 ? '' : `${(ms / 1_000).toFixed(1)} s`,
  ].filter(Boolean).join(' · ')
}
