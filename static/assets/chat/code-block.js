// A block of code with its language and a copy button. It is coloured once it is complete and the browser has time.
import { copyButton } from '../lib/copy.js'
import { h } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { cleanSpans } from './markdown-library.js'

/** Longer code stays without colours: they would stall the page. */
const maxChars = 30_000
/** @type {Promise<typeof import('/vendor/highlight.js').hljs | null> | null} */
let highlighter = null

/**
 * @param {string} language
 * @param {string} text
 * @param {boolean} isFinal false while the model is still writing it
 */
export function drawCode (language, text, isFinal) {
  const { figure, code } = draw(language, text)
  if (isFinal) finish(figure, code, language)
  return figure
}

/**
 * Code while it streams. New lines go into blocks of their own, so that the browser lays out only what is new.
 * @param {string} language
 */
export function drawOpenCode (language) {
  const { figure, code } = draw(language, '')
  return {
    figure,
    /** @param {string} lines */
    add: lines => {
      code.append(h('span', { class: 'lines' }, lines))
    },
    close () {
      code.replaceChildren(code.textContent ?? '')
      finish(figure, code, language)
    },
  }
}

/**
 * @param {string} language
 * @param {string} text
 */
function draw (language, text) {
  const code = h('code', {}, text)
  const figure = h('figure', { class: 'code-block' },
    h('figcaption', {}, h('span', {}, language === '' ? t('chat.code') : language),
      copyButton(() => (code.textContent ?? '').replace(/\n$/, ''), { what: t('chat.code.what'), fallback: code })),
    h('pre', { tabindex: '0',
      'aria-label': t(language === '' ? 'chat.code.label' : 'chat.code.label.of', { language }) }, code))
  return { figure, code }
}

/**
 * @param {HTMLElement} figure
 * @param {HTMLElement} code
 * @param {string} language
 */
function finish (figure, code, language) {
  if (language.toLowerCase() !== 'mermaid') return colour(code, language)
  void import('./diagrams.js').then(({ addDiagram }) => addDiagram(figure, code.textContent ?? ''), () => {})
}

/**
 * @param {HTMLElement} code
 * @param {string} language
 */
function colour (code, language) {
  const text = code.textContent ?? ''
  if (language === '' || text.length > maxChars) return
  whenIdle(async () => {
    highlighter ??= import('/vendor/highlight.js').then(({ hljs }) => hljs, () => null)
    const hljs = await highlighter
    if (!hljs?.getLanguage(language) || code.textContent !== text) return
    const spans = cleanSpans(hljs.highlight(text, { language, ignoreIllegals: true }).value)
    if (spans !== null) code.replaceChildren(spans)
  })
}

/** @param {() => Promise<void>} work */
function whenIdle (work) {
  if ('requestIdleCallback' in window) {
    window.requestIdleCallback(() => {
      void work()
    }, { timeout: 1_000 })
  } else {setTimeout(() => {
      void work()
    }, 50)}
}
