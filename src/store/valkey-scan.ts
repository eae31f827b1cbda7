// Lists keys of Valkey. The server looks at all its keys for that, so only operators' pages and rare events do so.
import type { ValkeyClient, ValkeyNode } from './valkey-client.ts'
import { patternOf } from './valkey-keys.ts'

/** Keys that one step looks at. */
const pageSize = 1_000

export interface ScannedPage {
  readonly node: ValkeyNode
  readonly keys: readonly string[]
}

/** Each key once, in pages. @throws {StoreError} */
export async function* scanValkey (client: ValkeyClient, prefix: string): AsyncGenerator<ScannedPage> {
  // SCAN may give a key twice while the server's table grows.
  const seen = new Set<string>()
  for (const node of await client.primaries()) {
    let cursor = '0'
    do {
      const reply = await node.call('SCAN', cursor, 'MATCH', patternOf(prefix), 'COUNT', String(pageSize))
      const [next, found] = reply as [string, string[]]
      const keys = found.filter(key => !seen.has(key))
      for (const key of keys) seen.add(key)
      if (keys.length > 0) yield { node, keys }
      cursor = next
    } while (cursor !== '0')
  }
}
