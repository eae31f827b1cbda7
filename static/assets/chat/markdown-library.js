// The libraries for Markdown, set up for text that a model wrote. Without them, `library` is null and all text is
// plain.
import { createFormulas } from './formulas.js'
import { boundLexer, createBounds } from './markdown-bounds.js'

export const library = await import('/vendor/markdown.js').then(setUp, () => null)

/**
 * Coloured code as highlight.js writes it: spans with classes. Null without the library.
 * @param {string} html
 */
export function cleanSpans (html) {
  return library === null
    ? null
    : library.DOMPurify.sanitize(html, { ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class'], RETURN_DOM_FRAGMENT: true })
}

/**
 * The structure of a document, for its words: no address, no attribute. Without the library nothing remains.
 * @param {string} html
 * @returns {ParentNode}
 */
export function sanitised (html) {
  return library === null ? document.createDocumentFragment() : library.DOMPurify.sanitize(html, {
    ALLOWED_TAGS: ['p', 'br', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr',
      'th', 'td', 'blockquote'],
    ALLOWED_ATTR: [],
    RETURN_DOM_FRAGMENT: true,
  })
}

/**
 * A formula as KaTeX writes it. The source that KaTeX adds as an annotation would be shown as text.
 * @param {string} html
 */
export function cleanFormula (html) {
  return library === null
    ? null
    : library.DOMPurify.sanitize(html, { USE_PROFILES: { mathMl: true }, FORBID_CONTENTS: ['annotation'],
      FORBID_ATTR: ['href', 'style', 'class', 'id'], RETURN_DOM_FRAGMENT: true })
}

/** @param {typeof import('/vendor/markdown.js')} modules */
function setUp ({ Marked, Lexer, DOMPurify }) {
  const marked = new Marked({ gfm: true, renderer: {
    html: ({ text }) => escapeHtml(text),
    // A loaded image would tell its server that somebody reads the answer; the page's policy also forbids it (T31).
    // A picture that is in the answer itself is loaded from nowhere.
    image: ({ href, text }) =>
      isPicture(href)
        ? `<img src="${escapeHtml(href)}" alt="${escapeHtml(text)}">`
        : isWeb(href)
        ? `<a href="${escapeHtml(href)}">${escapeHtml(text === '' ? href : text)}</a>`
        : escapeHtml(text),
    checkbox: ({ checked }) => checked ? '☑ ' : '☐ ',
    // Below the page's own headings.
    heading ({ tokens, depth }) {
      const tag = `h${Math.min(6, depth + 2)}`
      return `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`
    },
  } }, createBounds(escapeHtml), createFormulas(escapeHtml))
  return { marked, DOMPurify, Lexer: boundLexer(Lexer) }
}

/** @param {string} href */
function isWeb (href) {
  return /^https?:\/\//i.test(href)
}

/** @param {string} href */
function isPicture (href) {
  return /^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=]+$/i.test(href)
}

/** @param {string} text */
function escapeHtml (text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
