// Merges a user's days, `meta:<user>`: each of two stores may know a part.
import { readMeta, type Meta } from '../../auth/last-use.ts'
import { keys } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'

/** Keeps the earlier day of creation and the later days of use. @throws {StoreError} */
export async function carryDays (from: Store, to: Store, username: string, isThere: boolean): Promise<void> {
  const here = await from.get(keys.meta(username))
  const there = isThere ? await to.get(keys.meta(username)) : null
  const [one, two] = [readMeta(here), readMeta(there)]
  const days = (pick: 'created' | 'lastUsed') => [one[pick], two[pick]].filter(day => day !== null).sort()
  const ofEntries = (pick: 'keys' | 'devices') => {
    const both = Object.entries({ ...one[pick], ...two[pick] }).map(([id, day]) =>
      [id, [one[pick]?.[id], day].filter(each => each !== undefined).toSorted().at(-1)] as const
    )
    return both.length === 0 ? {} : { [pick]: Object.fromEntries(both) }
  }
  const merged = JSON.stringify(
    { created: days('created')[0] ?? null, lastUsed: days('lastUsed').at(-1) ?? null, ...ofEntries('keys'),
      ...ofEntries('devices') } satisfies Meta,
  )
  if (here !== null && merged !== there) await to.set(keys.meta(username), merged)
}
