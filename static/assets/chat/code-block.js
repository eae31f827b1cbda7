// A block of code with its language and a copy button; coloured once it is whole, when the browser has time.
import { copyButton } from '../lib/copy.js'
import { h } from '../lib/dom.js'
import { cleanSpans } from './markdown.js'

/** Beyond this, colours are not worth the pause. */
const maxChars = 30_000
let highlighter = null

/** @param isFinal false while it is still being written */
export function drawCode (language, text, isFinal) {
  const code = h('code', {}, text)
  const figure = h('figure', { class: 'code-block' },
    h('figcaption', {}, h('span', {}, language === '' ? 'code' : language), copyButton(() => code.textContent.replace(/\n$/, ''), { what: 'the code', fallback: code })),
    h('pre', { tabindex: '0', 'aria-label': language === '' ? 'Code' : `Code, ${language}` }, code))
  if (isFinal) colour(code, language)
  return figure
}

/** While it streams: lines are added in blocks, so that the browser lays out only what is new. */
export function drawOpenCode (language) {
  const figure = drawCode(language, '', false)
  const code = figure.querySelector('code')
  return {
    figure,
    add: lines => { code.append(h('span', { class: 'lines' }, lines)) },
    close () {
      const text = code.textContent
      code.textContent = text
      colour(code, language)
    },
  }
}

function colour (code, language) {
  const text = code.textContent
  if (language === '' || text.length > maxChars) return
  whenIdle(async () => {
    highlighter ??= import('/vendor/highlight.js').then(({ hljs }) => hljs, () => null)
    const hljs = await highlighter
    if (!hljs?.getLanguage(language) || code.textContent !== text) return
    code.replaceChildren(cleanSpans(hljs.highlight(text, { language, ignoreIllegals: true }).value))
  })
}

function whenIdle (work) {
  if ('requestIdleCallback' in window) window.requestIdleCallback(() => { void work() }, { timeout: 1_000 })
  else setTimeout(() => { void work() }, 50)
}
