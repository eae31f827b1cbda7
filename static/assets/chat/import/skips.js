// What an import leaves out, by reason: the user sees all of it.

/** @typedef {ReturnType<typeof createSkips>} Skips */

const shownExamples = 3

export function createSkips () {
  /** @type {Map<string, { count: number, examples: Set<string> }>} */
  const byReason = new Map()
  return {
    /**
     * @param {string} reason
     * @param {string} example a title or a name; may be empty
     * @returns {null} in the place of what is left out
     */
    add (reason, example) {
      const entry = byReason.get(reason) ?? { count: 0, examples: new Set() }
      entry.count++
      const words = example.trim().replace(/\s+/g, ' ').slice(0, 60)
      if (words !== '' && entry.examples.size < shownExamples) entry.examples.add(words)
      byReason.set(reason, entry)
      return null
    },
    list: () =>
      [...byReason].map(([reason, { count, examples }]) => ({ reason, count, examples: [...examples] })).sort((a, b) =>
        b.count - a.count
      ),
  }
}
