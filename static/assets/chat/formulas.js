// Finds formulas and footnotes in Markdown, for marked. `\(a\)`, `\[a\]` and `$$a$$` are formulas; `$a$` only if it
// looks like one and not like two prices. No formula has an empty line in it, so a formula that streams never changes
// the blocks around it.
/** @import { Hooks, MarkedExtension, Tokens } from 'marked' */

/** The longest formula. It bounds how far one opening mark is followed. */
const maxChars = 4_000
/** How far a paragraph is searched for a formula that interrupts it. */
const maxAhead = 2_000
const closings = { '\\(': '\\)', '\\[': '\\]', $$: '$$', $: '$' }
const openings = /\\[([]|(?<![\w$\\])\$|\[\^/
const interrupting = /\n {0,3}(?:\\\[|\$\$)/

/** @typedef {{ raw: string, tex: string, isDisplay: boolean, isClosed: boolean }} Formula */

/**
 * For `Marked.use`.
 * @param {(text: string) => string} escapeHtml makes text safe between tags
 * @returns {MarkedExtension}
 */
export function createFormulas (escapeHtml) {
  /** @param {Tokens.Generic} token */
  const draw = ({ raw, tex, isDisplay, isClosed }) =>
    isClosed
      ? `<span class="formula${isDisplay ? ' display' : ''}">${escapeHtml(tex)}</span>`
      : `<span class="open-formula">${escapeHtml(raw)}</span>`
  return {
    hooks: /** @type {Hooks} */ ({ emStrongMask: hideFormulas }),
    extensions: [{
      name: 'formulaBlock',
      level: 'block',
      start: src => interrupting.exec(src.slice(0, maxAhead))?.index,
      tokenizer: src => blockFormula(src),
      renderer: token => `<p>${draw(token)}${escapeHtml(token['after'])}</p>`,
    }, {
      name: 'formula',
      level: 'inline',
      start: src => src.match(openings)?.index,
      tokenizer (src) {
        const found = formulaAt(src)
        if (found === null) return undefined
        // A formula that is still arriving must not be read as Markdown. In a complete text the mark is just text.
        const isOpen = /** @type {{ isOpen?: boolean }} */ (this.lexer.options).isOpen === true
        return found.isClosed || isOpen && found.raw[0] === '\\' ? { type: 'formula', ...found } : undefined
      },
      renderer: draw,
    }, {
      name: 'footnoteRef',
      level: 'inline',
      tokenizer (src) {
        const [raw, name] = /^\[\^([\w-]{1,40})\](?!:)/.exec(src) ?? []
        return raw === undefined ? undefined : { type: 'footnoteRef', raw, footnote: name }
      },
      renderer: ({ footnote }) => `<sup class="note-mark">${escapeHtml(footnote)}</sup>`,
    }, {
      name: 'footnote',
      level: 'block',
      tokenizer (src) {
        const [raw, name, text = ''] =
          /^ {0,3}\[\^([\w-]{1,40})\]:[ \t]*([^\n]*(?:\n(?! {0,3}\[\^|[ \t]*(?:\n|$))[^\n]*)*)(?:\n+|$)/.exec(src) ?? []
        return raw === undefined
          ? undefined
          : { type: 'footnote', raw, footnote: name, tokens: this.lexer.inline(text.replace(/\n[ \t]+/g, '\n')) }
      },
      renderer ({ footnote, tokens = [] }) {
        return `<p class="note"><sup class="note-name">${escapeHtml(footnote)}</sup> ${
          this.parser.parseInline(tokens)
        }</p>`
      },
    }],
  }
}

/**
 * A formula that begins a block. It goes to its closing mark, or, without one, to the next empty line. Words behind it
 * are the next block.
 * @param {string} src
 */
function blockFormula (src) {
  const [indent = '', mark] = /^ {0,3}(\\\[|\$\$)/.exec(src) ?? []
  if (mark === undefined) return undefined
  const found = formulaAt(src.slice(indent.length - mark.length))
  if (found === null) return undefined
  const start = indent.length - mark.length
  // `\[draft] title` is a bracket. The first line decides, because the others may not have arrived.
  const [line = ''] = found.raw.split('\n', 1)
  if (mark === '\\[' && line.includes(']') && !line.includes('\\]')) return undefined
  if (!found.isClosed) return { type: 'formulaBlock', ...found, raw: src.slice(0, start) + found.raw, after: '' }
  const end = start + found.raw.length
  const [after = ''] = /^[ \t]*[.,;:]?[ \t]*(?:\n+|$)/.exec(src.slice(end, end + 100)) ?? []
  return { type: 'formulaBlock', ...found, raw: src.slice(0, end) + after, after: after.trim() }
}

/**
 * The formula with which the text begins. Without its closing mark it goes to the end of the paragraph.
 * @param {string} src
 * @returns {Formula | null}
 */
export function formulaAt (src) {
  const [mark] = /^(?:\\[([]|\$\$?)/.exec(src) ?? []
  if (mark === undefined) return null
  const near = src.slice(0, maxChars)
  const gap = near.search(/\n[ \t]*(?:\n|$)/)
  const paragraph = gap < 0 ? near : near.slice(0, gap)
  const closing = closings[/** @type {keyof typeof closings} */ (mark)]
  const at = endOf(paragraph, closing, mark.length)
  const isDisplay = mark === '$$' || mark === '\\['
  if (at < 0) {
    return near.length < src.length && gap < 0
      ? null
      : { raw: paragraph, tex: paragraph.slice(mark.length), isDisplay, isClosed: false }
  }
  const tex = paragraph.slice(mark.length, at)
  // Markdown also writes a bracket as `\[`, as in `\[1\]`.
  if (mark === '\\[' && !/[\\=^_+<>\n]/.test(tex)) return null
  if (tex.trim() === '' || mark === '$' && !looksLikeFormula(tex, src[at + 1] ?? '')) return null
  return { raw: paragraph.slice(0, at + closing.length), tex: tex.trim(), isDisplay, isClosed: true }
}

/**
 * A dollar with a backslash closes nothing.
 * @param {string} text
 * @param {string} closing
 * @param {number} from
 */
function endOf (text, closing, from) {
  let at = text.indexOf(closing, from)
  while (at > 0 && closing[0] === '$' && text[at - 1] === '\\') at = text.indexOf(closing, at + 1)
  return at
}

/**
 * Whether `$…$` is a formula. Prices, variables of a shell and the like are none: "$5 and $6", "$HOME:$PATH".
 * @param {string} tex
 * @param {string} next the character after the closing mark
 */
function looksLikeFormula (tex, next) {
  if (tex.length > 300 || tex.includes('\n') || /^\s|\s$|`/.test(tex) || /[\w$]/.test(next)) return false
  // A price, and then words up to the next dollar.
  if (/^\d[\d.,]*[KkMmBb]?(?:\s|[-–/](?![\d.]+$)).*[A-Za-z]{2}/.test(tex) && !/[\\^_]/.test(tex)) return false
  if (/\\\S|[\^_=<>]/.test(tex)) return true
  return /^[\w\s+\-*/().,!'|:]+$/.test(tex) && !/[A-Za-z]{3}|[A-Za-z]\s+[A-Za-z]{2}/.test(tex)
}

/**
 * The same text with harmless letters in its formulas, so that their stars and underscores open no emphasis.
 * @param {string} src
 */
function hideFormulas (src) {
  return src.replace(/\\\([^\n]{1,300}?\\\)|\$[^$\n]{1,300}\$/g,
    found => formulaAt(found)?.raw === found ? 'a'.repeat(found.length) : found)
}
