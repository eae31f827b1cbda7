// Limits the work for one Markdown text. marked recurses for each level of nesting and looks ahead from each delimiter,
// so a few kilobytes of `>` exhaust the stack, and a few more of `_a_` take seconds. A text over a limit is shown as
// plain text.
/** @import { Lexer, MarkedExtension, Token, Tokens, TokensList } from 'marked' */

/** Blocks inside blocks, and inline elements inside inline elements. People write three or four. */
const maxDepth = 24
/** Per text. While an answer streams, only its open block is lexed, so these limit one paragraph, list or table. */
const maxChars = 100_000
const maxLines = 4_000
/**
 * How often each character may be read as part of a block: once for each level, and again if a quote continues without
 * its mark.
 */
const maxReadings = 32
/**
 * Delimiters times characters, summed over the paragraphs of a text: about a tenth of a second. Prose needs a
 * hundredth.
 */
const maxInlineWork = 3e7

/**
 * A block that is shown as plain text. It has its own type because marked merges adjacent blocks of the types `text`
 * and `paragraph`.
 * @param {string} text
 * @returns {Tokens.Generic & { text: string }}
 */
export function plain (text) {
  return { type: 'plain', raw: text, text }
}

/**
 * For `Marked.use`.
 * @param {(text: string) => string} escapeHtml makes text safe between tags
 * @returns {MarkedExtension}
 */
export function createBounds (escapeHtml) {
  return {
    extensions: [{ name: 'plain', renderer: ({ text }) => `<p class="plain">${escapeHtml(text)}</p>` }],
    tokenizer: {
      /** marked fills short rows up to the width of the header: a table of n characters may get n * n cells. */
      table (src) {
        const [raw = ''] = this.rules.block.table.exec(src) ?? []
        const columns = count(raw.slice(0, raw.indexOf('\n')), '|') + 1
        // marked's renderer takes any token of a known type, but the type of this method names tables only.
        return raw === '' || columns * count(raw, '\n') <= 2 * raw.length ? false : /** @type {any} */ (plain(raw))
      },
    },
  }
}

/**
 * `lex` of the returned class never throws, and the `raw` texts of its tokens add up to the text.
 * @param {typeof Lexer} Base marked's lexer
 */
export function boundLexer (Base) {
  return class BoundedLexer extends Base {
    #blockDepth = 0
    #blockWork = 0
    #mostBlockWork = 0
    #inlineDepth = 0
    #inlineWork = 0

    /**
     * @override
     * @param {string} text
     * @returns {TokensList}
     */
    lex (text) {
      if (text.length > maxChars || count(text, '\n') > maxLines) return plainList(text)
      this.#mostBlockWork = maxReadings * text.length
      try {
        return super.lex(text)
      } catch {
        return plainList(text)
      }
    }

    /**
     * @override
     * @param {string} src
     * @param {any[]} [tokens] marked's overloads differ in this type alone
     * @param {boolean} [lastParagraphClipped]
     * @returns {any}
     */
    blockTokens (src, tokens = [], lastParagraphClipped) {
      this.#blockWork += src.length
      if (this.#blockDepth === maxDepth || this.#blockWork > this.#mostBlockWork) {
        this.state.top = true // as marked leaves it
        tokens.push(plain(src))
        return tokens
      }
      this.#blockDepth++
      try {
        return super.blockTokens(src, tokens, lastParagraphClipped)
      } finally {
        this.#blockDepth--
      }
    }

    /**
     * @override
     * @param {string} src
     * @param {Token[]} [tokens]
     * @returns {Token[]}
     */
    inlineTokens (src, tokens = []) {
      const work = inlineWorkOf(src)
      if (this.#inlineDepth === maxDepth || work > maxInlineWork - this.#inlineWork) {
        tokens.push({ type: 'text', raw: src, text: src, escaped: false })
        return tokens
      }
      this.#inlineWork += work
      this.#inlineDepth++
      try {
        return super.inlineTokens(src, tokens)
      } finally {
        this.#inlineDepth--
      }
    }
  }
}

/**
 * @param {string} text
 * @returns {TokensList}
 */
function plainList (text) {
  return Object.assign([plain(text)], { links: {} })
}

/**
 * marked may look from each delimiter to the end of the text, and if the text has an `@`, from each letter to the end
 * of the word.
 * @param {string} src
 */
function inlineWorkOf (src) {
  const delimiters = src.match(/[*_~`[<$\\]/g)?.length ?? 0
  return src.length * delimiters + (src.includes('@') ? longestWord(src) ** 2 : 0)
}

/** @param {string} text */
function longestWord (text) {
  let longest = 0
  for (const { length } of text.split(/\s/)) if (length > longest) longest = length
  return longest
}

/**
 * @param {string} text
 * @param {string} character
 */
function count (text, character) {
  return text.split(character).length - 1
}
