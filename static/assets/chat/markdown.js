// The only module that turns a model's text into elements. It shows raw HTML as text and images as links, allows only
// links to the web or to a mailbox, and passes the result through DOMPurify. Without the libraries, all text is plain.
import { h } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { drawCode } from './code-block.js'
import { plain } from './markdown-bounds.js'
import { library } from './markdown-library.js'
import { drawFormulas } from './math.js'
import { enlargeable } from './picture.js'
/** @import { Token } from 'marked' */

const allowed = {
  ALLOWED_TAGS: ['p', 'br', 'hr', 'h3', 'h4', 'h5', 'h6', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul',
    'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a', 'span', 'sup', 'img'],
  ALLOWED_ATTR: ['href', 'title', 'class', 'align', 'start', 'src', 'alt'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
}

/** A cell with more characters is at least some words wide. */
const longCellChars = 30

/**
 * @param {string} text
 * @param {boolean} [isOpen] whether more may follow, so that a formula at the end may be incomplete
 * @returns {Token[]} block tokens whose `raw` texts add up to the text; one plain token without the library
 */
export function lex (text, isOpen = false) {
  if (library === null) return [plain(text)]
  const options = { ...library.marked.defaults, isOpen }
  return new library.Lexer(options).lex(text)
}

/**
 * Never throws: it shows text that cannot be rendered as it is.
 * @param {readonly Token[]} tokens
 * @param {boolean} [isFinal] whether the code in it is complete, so that it may be coloured
 */
export function render (tokens, isFinal = true) {
  try {
    if (library !== null) return renderMarkdown(library, tokens, isFinal)
  } catch { /* as without the library */ }
  return h('div', { class: 'plain' }, tokens.map(({ raw }) => raw).join(''))
}

/**
 * @param {NonNullable<typeof library>} modules
 * @param {readonly Token[]} tokens
 * @param {boolean} isFinal
 */
function renderMarkdown ({ marked, DOMPurify }, tokens, isFinal) {
  const fragment = DOMPurify.sanitize(marked.parser([...tokens]), { ...allowed, RETURN_DOM_FRAGMENT: true })
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank'
    link.rel = 'noopener noreferrer nofollow'
  }
  for (const table of fragment.querySelectorAll('table')) {
    const frame = h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': t('chat.table') })
    table.replaceWith(frame)
    frame.append(table)
    for (const cell of table.querySelectorAll('th, td')) {
      cell.classList.toggle('long', (cell.textContent ?? '').length > longCellChars)
    }
  }
  for (const code of fragment.querySelectorAll('pre > code')) {
    const language = /(?:^| )language-(\S+)/.exec(code.className)?.[1] ?? ''
    code.parentElement?.replaceWith(drawCode(language, code.textContent ?? '', isFinal))
  }
  for (const picture of fragment.querySelectorAll('img')) picture.replaceWith(enlargeable(picture))
  drawFormulas(fragment)
  return fragment
}
