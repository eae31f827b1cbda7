// An LRU cache that costs nothing until its first entry. `lru-cache` allocates all its places at once: 10,000 of them
// take a fifth of a megabyte, and each full collection of garbage walks through it. The server has some thirty caches,
// and most of them stay empty. A leaf.
import { LRUCache } from 'lru-cache'

/** The part of `LRUCache` that most caches need, with the same options. */
export class LateCache<K extends NonNullable<unknown>, V extends NonNullable<unknown>> {
  readonly #options: LRUCache.Options<K, V, unknown>
  #cache: LRUCache<K, V> | null = null

  constructor (options: LRUCache.Options<K, V, unknown>) {
    this.#options = options
  }

  get size (): number {
    return this.#cache?.size ?? 0
  }

  get (key: K): V | undefined {
    return this.#cache?.get(key)
  }

  has (key: K): boolean {
    return this.#cache?.has(key) ?? false
  }

  set (key: K, value: V): void {
    this.#cache ??= new LRUCache(this.#options)
    this.#cache.set(key, value)
  }

  delete (key: K): boolean {
    return this.#cache?.delete(key) ?? false
  }

  purgeStale (): void {
    this.#cache?.purgeStale()
  }
}
