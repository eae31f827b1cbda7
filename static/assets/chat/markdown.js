// The one place where text of a model becomes elements. Raw HTML is shown as text, links lead to the web or a mailbox
// only, images are links, and what is left passes DOMPurify. Without the libraries everything is plain text.
import { h } from '../lib/dom.js'
import { drawCode } from './code-block.js'

const library = await import('/vendor/markdown.js').catch(() => null)
const marked = library === null ? null : new library.Marked({ gfm: true, renderer: {
  html: ({ text }) => escapeHtml(text),
  // An image would tell its server that it was looked at, and the policy forbids it: T31.
  image: ({ href, text }) => isWeb(href) ? `<a href="${escapeHtml(href)}">${escapeHtml(text === '' ? href : text)}</a>` : escapeHtml(text),
  checkbox: ({ checked }) => checked ? '☑ ' : '☐ ',
  // Below the page's own headings.
  heading ({ tokens, depth }) { const tag = `h${Math.min(6, depth + 2)}`; return `<${tag}>${this.parser.parseInline(tokens)}</${tag}>` },
} })
const allowed = {
  ALLOWED_TAGS: ['p', 'br', 'hr', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a'],
  ALLOWED_ATTR: ['href', 'title', 'class', 'align', 'start'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
}

/** @returns block tokens whose `raw` texts together are the text; one plain token without the library */
export function lex (text) {
  return marked === null ? [{ type: 'text', raw: text }] : marked.lexer(text)
}

/** @param isFinal whether code in it will not change any more, and may be coloured */
export function render (tokens, isFinal = true) {
  if (marked === null) return h('div', { class: 'plain' }, tokens.map(({ raw }) => raw).join(''))
  const fragment = library.DOMPurify.sanitize(marked.parser(tokens), allowed)
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank'
    link.rel = 'noopener noreferrer nofollow'
  }
  for (const table of fragment.querySelectorAll('table')) {
    const frame = h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Table' })
    table.replaceWith(frame)
    frame.append(table)
  }
  for (const code of fragment.querySelectorAll('pre > code')) {
    const language = /(?:^| )language-(\S+)/.exec(code.className)?.[1] ?? ''
    code.parentElement.replaceWith(drawCode(language, code.textContent, isFinal))
  }
  return fragment
}

/** Coloured code, as highlight.js writes it: spans with classes. */
export function cleanSpans (html) {
  return library.DOMPurify.sanitize(html, { ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class'], RETURN_DOM_FRAGMENT: true })
}

function isWeb (href) {
  return /^https?:\/\//i.test(href)
}

function escapeHtml (text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
