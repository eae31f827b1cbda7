// Work on many items, a few at the same time. A leaf.

/** @param most how many at the same time @throws what `work` throws, while others may still run */
export async function eachAtOnce<T> (
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = items.values()
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const item of rest) await work(item)
  }))
}
