// What a file may hold to be sent as text, and the reason for one that cannot be read.

/** The most that is sent of one file: about 250,000 tokens. */
export const maxTextChars = 1_000_000
/** A larger file would make the page stall. */
export const maxFileBytes = 31_457_280
/** What an archive may unpack to. */
export const maxUnpackedBytes = 209_715_200

/** Why a file cannot be read: the name of a text in the catalogue, and its values. */
export class Unreadable extends Error {
  /**
   * @param {import('../../lib/text.js').TextName} reason
   * @param {Readonly<Record<string, string | number>>} [values]
   */
  constructor (reason, values = {}) {
    super(reason)
    this.reason = reason
    this.values = values
  }
}

/**
 * Collects text, and refuses a file that has too much of it.
 */
export function createText () {
  /** @type {string[]} */
  const parts = []
  let chars = 0
  return {
    /** @param {string} part */
    add (part) {
      chars += part.length + 2
      if (chars > maxTextChars) throw new Unreadable('chat.file.long', { most: maxTextChars })
      parts.push(part)
    },
    /** @returns {string} */
    text: () => parts.join('\n\n').trim(),
  }
}
