// Lists and deletes users for the operator: names and days, no secrets. The admin routes and the command line use it.
import { keys } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { usageOf } from '../store/usage-of-store.ts'
import { readMeta } from './last-use.ts'

export interface ListedUser {
  readonly username: string
  readonly created: string | null
  readonly last_used: string | null
}

const metaAtOnce = 16

/** Sorted. @throws {StoreError} */
export async function listNames (store: Store): Promise<string[]> {
  return (await listKeys(store, keys.userPrefix)).map(key => key.slice(keys.userPrefix.length)).sort()
}

/** @throws {StoreError} */
export async function withDays (store: Store, names: readonly string[]): Promise<ListedUser[]> {
  const users: ListedUser[] = []
  for (let at = 0; at < names.length; at += metaAtOnce) {
    users.push(...await Promise.all(names.slice(at, at + metaAtOnce).map(async username => {
      const { created, lastUsed } = readMeta(await store.get(keys.meta(username)))
      return { username, created, last_used: lastUsed }
    })))
  }
  return users
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
