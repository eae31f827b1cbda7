// How far two words are apart, to guess what a person meant.

/**
 * The least number of letters to insert, delete, replace or swap with their neighbour, to make one word of the other
 * (optimal string alignment). Takes time in the product of the lengths, so callers bound both.
 */
export function editDistance (a: string, b: string): number {
  let [beforeLast, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, isSwap ? (beforeLast[j - 2] ?? 0) + 1 : Infinity),
      )
    }
    ;[beforeLast, last] = [last, row]
  }
  return last[b.length] ?? 0
}

/** The nearest of these words, if it is at most `most` letters away; the first of equals. */
export function nearestWord (word: string, words: Iterable<string>, most: number): string | null {
  const near = [...words].filter(each => Math.abs(each.length - word.length) <= most).map(each => ({ each,
    distance: editDistance(word, each) })
  ).filter(({ distance }) => distance <= most)
  return near.sort((a, b) => a.distance - b.distance)[0]?.each ?? null
}
