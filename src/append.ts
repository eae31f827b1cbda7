// Appends to a list of any length. `push(...items)` overflows the stack for a long list. A leaf.
export function append<T> (list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item)
}
