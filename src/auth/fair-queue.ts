// A queue that is fair between networks. The /8 networks take turns, then the smaller networks inside each, then the
// addresses. An attacker with many addresses in few networks therefore waits behind their own requests.

export interface FairQueue<T> {
  readonly size: () => number
  readonly add: (address: string, item: T) => void
  /** False when the queue does not hold the item. */
  readonly remove: (address: string, item: T) => boolean
  /** The item whose turn it is. It stays in the queue, and each of its networks moves to the end of its row. */
  readonly next: () =>
    | T
    | undefined
  /**
   * The last item of the network and address that hold the most items.
   * @param newcomer the result is undefined if the newcomer already holds at least as many
   */
  readonly surplus: (newcomer: string | null) => T | undefined
}

/** A network or an address. Only addresses, the last level, hold items. */
interface Network<T> {
  size: number
  readonly parts: Map<string, Network<T>>
  readonly items: Set<T>
}

export function createFairQueue<T> (): FairQueue<T> {
  const root = newNetwork<T>()
  return {
    size: () => root.size,
    add (address, item) {
      let at = root
      root.size++
      for (const key of networksOf(address)) {
        const part = at.parts.get(key) ?? newNetwork<T>()
        at.parts.set(key, part)
        part.size++
        at = part
      }
      at.items.add(item)
    },
    remove (address, item) {
      const path = [root]
      const keys = networksOf(address)
      for (const key of keys) {
        const part = path.at(-1)?.parts.get(key)
        if (part === undefined) return false
        path.push(part)
      }
      if (path.at(-1)?.items.delete(item) !== true) return false
      for (const [level, network] of path.entries()) {
        network.size--
        if (network.size === 0) path[level - 1]?.parts.delete(keys[level - 1] ?? '')
      }
      return true
    },
    next () {
      let at = root
      while (at.parts.size > 0) {
        const [first] = at.parts
        if (first === undefined) break
        at.parts.delete(first[0])
        at.parts.set(...first)
        at = first[1]
      }
      for (const item of at.items) return item
      return undefined
    },
    surplus (newcomer) {
      let at = root
      /** Undefined once the newcomer's network differs from those that hold the most. */
      let own = newcomer === null ? undefined : networksOf(newcomer)
      for (let level = 0; at.parts.size > 0; level++) {
        const most = largest(at)
        const key = own?.[level]
        if (most === undefined) return undefined
        if (key === undefined) {
          at = most
          continue
        }
        const share = at.parts.get(key)
        // If the newcomer's network already holds as many items as the largest network, the newcomer makes room itself.
        if ((share?.size ?? 0) + 1 >= most.size) {
          if (share === undefined) return undefined
          at = share
        } else {
          own = undefined
          at = most
        }
      }
      return own === undefined ? [...at.items].at(-1) : undefined
    },
  }
}

function newNetwork<T> (): Network<T> {
  return { size: 0, parts: new Map(), items: new Set() }
}

/** If several networks are equally large, the last one in the row. */
function largest<T> ({ parts }: Network<T>): Network<T> | undefined {
  let most: Network<T> | undefined
  for (const part of parts.values()) if (part.size >= (most?.size ?? 0)) most = part
  return most
}

/**
 * The networks of an address, from the largest to the address itself: /8, /16 and /24 for IPv4; /16, /32 and /48 for
 * IPv6, where a /64 counts as one address. @param address in the form that limits count
 */
export function networksOf (address: string): readonly string[] {
  const separator = address.includes(':') ? ':' : '.'
  const parts = address.split(separator)
  return parts.length === 4
    ? parts.map((_part, at) => parts.slice(0, at + 1).join(separator) + separator)
    : [address, address, address, address]
}
