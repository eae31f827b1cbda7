// Work on many items, a few at the same time. A leaf.

/**
 * The results in the order of the items.
 * @param most how many at the same time
 * @throws what `work` throws; no further items are begun then
 */
export async function mapAtOnce<T, U> (items: readonly T[], most: number, work: (item: T) => Promise<U>): Promise<U[]> {
  const out: U[] = []
  for (let at = 0; at < items.length; at += most) {
    for (const result of await Promise.all(items.slice(at, at + most).map(work))) out.push(result)
  }
  return out
}
