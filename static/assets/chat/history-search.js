// Searches the messages on this device for words, part by part, so that the page stays usable meanwhile.
import { someTurns } from './database.js'
/** @import { Conversation, Turn } from '../types.d.ts' */

/** @typedef {Readonly<{ turn: string, before: string, match: string, after: string }>} Found */

const partTurns = 100
const beforeChars = 28
const afterChars = 90

/** @param {string} text */
export function wordsOf (text) {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

/**
 * @param {Conversation} conversation
 * @param {readonly string[]} words all of them, in any of its messages or in its title
 * @param {() => boolean} isOver whether the user searches for something else now
 * @returns {Promise<Found | null>} a place with one of the words, of the title alone if none is in a message
 */
export async function searchMessages (conversation, words, isOver) {
  const missing = new Set(words.filter(word => !hasWord(conversation, word)))
  /** @type {Found | null} */
  let found = null
  let most = 0
  /** @type {string | undefined} */
  let after
  for (;;) {
    const turns = await someTurns(conversation.id, after, partTurns)
    if (isOver()) return null
    for (const turn of turns) {
      const text = textOf(turn)
      const lower = text.toLowerCase()
      const hits = words.filter(word => lower.includes(word))
      for (const word of hits) missing.delete(word)
      if (hits.length > most) {
        ;[found, most] = [cut(turn, text, lower.indexOf(hits[0] ?? ''), hits[0] ?? ''), hits.length]
      }
    }
    if (most === words.length || turns.length < partTurns) return missing.size === 0 ? found : null
    after = turns.at(-1)?.id
  }
}

/**
 * @param {Conversation} conversation
 * @param {string} word
 */
export function hasWord ({ title, opening, tags }, word) {
  return [title || opening, ...tags].some(text => text.toLowerCase().includes(word))
}

/** @param {Turn} turn */
function textOf ({ text, answer, attachments }) {
  return [text, answer?.text ?? '', ...attachments.map(({ name }) => name)].join('\n')
}

/**
 * @param {Turn} turn
 * @param {string} text
 * @param {number} at
 * @param {string} word
 * @returns {Found}
 */
function cut ({ id }, text, at, word) {
  const cutAt = Math.max(0, at - beforeChars)
  // From the next word on, if there is one.
  const space = cutAt === 0 ? -1 : text.slice(cutAt, at).search(/\s/)
  const from = cutAt + space + 1
  const line = (/** @type {string} */ part) => part.replace(/\s+/g, ' ')
  return { turn: id, before: (from > 0 ? '…' : '') + line(text.slice(from, at)),
    match: text.slice(at, at + word.length), after: line(text.slice(at + word.length, at + word.length + afterChars)) }
}
