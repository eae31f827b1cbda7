// Merges a user's days, `meta:<user>`: each of two stores may know a part.
import { readMeta, type Meta } from '../../auth/last-use.ts'
import { keys } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'

/** Keeps the earlier day of creation and the later day of use. @throws {StoreError} */
export async function carryDays (from: Store, to: Store, username: string, isThere: boolean): Promise<void> {
  const here = await from.get(keys.meta(username))
  const there = isThere ? await to.get(keys.meta(username)) : null
  const [one, two] = [readMeta(here), readMeta(there)]
  const days = (pick: 'created' | 'lastUsed') => [one[pick], two[pick]].filter(day => day !== null).sort()
  const merged = JSON.stringify(
    { created: days('created')[0] ?? null, lastUsed: days('lastUsed').at(-1) ?? null } satisfies Meta,
  )
  if (here !== null && merged !== there) await to.set(keys.meta(username), merged)
}
