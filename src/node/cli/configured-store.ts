// Opens the stores of commands: the store that the settings choose, or another one with the same settings. Reading
// never creates a file.
import { existsSync } from 'node:fs'
import { readConfig, type Config } from '../../config.ts'
import type { Clock } from '../../contract.ts'
import { createMemoryStore } from '../../store/memory.ts'
import type { Store } from '../../store/store.ts'
import type { Environment } from '../environment.ts'
import { openStore, sqliteFile } from '../open-store.ts'

export type LastingKind = Exclude<Store['kind'], 'memory'>

/** @throws {ConfigError} */
export function configFor (env: Environment, kind?: LastingKind): Config {
  return readConfig(kind === undefined ? env : { ...env, STORE: kind })
}

/** @throws {Error} in one line, for a store that is not configured, does not persist or cannot be opened */
export async function openConfigured (config: Config, clock: Clock): Promise<Store> {
  if (config.store.kind === 'memory') {
    throw new Error('STORE is memory: only the running server can read it.')
  }
  const store = await openStore(config, clock)
  if (store === null && 'missing' in config.store) {
    throw new Error(`Cloudflare KV is not configured: set ${config.store.missing.join(', ')}.`)
  }
  if (store === null) throw new Error('The store is not configured.')
  return store
}

/** For commands that write nothing new: if there is no SQLite file, none is created, and the store is empty. */
export async function openExisting (config: Config, clock: Clock): Promise<Store> {
  return isMissing(config) ? createMemoryStore(clock) : openConfigured(config, clock)
}

export function isMissing ({ store }: Pick<Config, 'store'>): boolean {
  return store.kind === 'sqlite' && !existsSync(sqliteFile(store))
}
