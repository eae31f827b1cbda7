// Lists and deletes users for the operator: names and days, no secrets. The admin routes and the command line use it.
import { GatewayError } from '../errors.ts'
import { mapAtOnce } from '../map-at-once.ts'
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { usageOf } from '../store/usage-of-store.ts'
import type { Entry } from './contents.ts'
import { readMeta } from './last-use.ts'

export interface ListedUser {
  readonly username: string
  readonly created: string | null
  readonly last_used:
    | string
    | null
  /** Null if the record cannot be read, such as for a missing pepper. */
  readonly keys: readonly ListedKey[] | null
}
export interface ListedKey {
  readonly id: string
  readonly name: string
  readonly last_used_day: string | null
  readonly expires_at: string | null
}

const usersAtOnce = 16

/** Sorted. @throws {StoreError} */
export async function listNames (store: Store): Promise<string[]> {
  return (await listKeys(store, keys.userPrefix)).map(key => key.slice(keys.userPrefix.length)).sort()
}

/**
 * Reads two keys of the store for each user.
 * @param entriesOf all keys and sessions of a user
 * @throws {StoreError}
 */
export async function describeUsers (
  store: Store,
  names: readonly string[],
  entriesOf: (username: string) => Promise<readonly Entry[]>,
): Promise<ListedUser[]> {
  return mapAtOnce(names, usersAtOnce, async username => {
    const [{ created, lastUsed, keys: days = {} }, entries] = await Promise.all([
      store.get(keys.meta(username)).then(readMeta),
      entriesOf(username).catch(nullIfUnreadable),
    ])
    return { username, created, last_used: lastUsed, keys: entries === null ? null : listedKeys(entries, days) }
  })
}

function listedKeys (entries: readonly Entry[], days: Readonly<Record<string, string>>): ListedKey[] {
  return entries.filter(({ kind }) => kind === 'key').map(({ id, name, expiresAt }) => ({
    id,
    name,
    last_used_day: days[id] ?? null,
    expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  }))
}

function nullIfUnreadable (thrown: unknown): null {
  if (thrown instanceof GatewayError && thrown.code !== 'store_unavailable') return null
  throw thrown
}

/**
 * Removes cached tokens (also those of the original layout), the lists of models, the days and the usage.
 * @returns whether there were tokens
 * @throws {StoreError}
 */
export async function removeTraces (store: Store, username: string): Promise<boolean> {
  const tokens = await listKeys(store, keys.tokenPrefix(username))
  const lists = await listKeys(store, keys.modelsPrefix(username))
  for (const key of [...tokens, ...lists, ...keys.ofUser(username)]) await store.delete(key)
  await usageOf(store).delete(username)
  return tokens.length > 0
}

/**
 * Collects all keys before returning, because callers write to the store while they walk the list. @throws {StoreError}
 */
export async function listKeys (store: Store, prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const key of store.keys(prefix)) found.push(key)
  return found
}
