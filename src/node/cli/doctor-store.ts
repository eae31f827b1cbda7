// The store: whether it is there, who else may read its file, and whether it reads and writes.
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { listKeys, listNames } from '../../auth/user-list.ts'
import type { Config } from '../../config.ts'
import type { Clock } from '../../contract.ts'
import { keys } from '../../store/keys.ts'
import { StoreError, type Store } from '../../store/store.ts'
import { sqliteFile } from '../open-store.ts'
import { isMissing, openConfigured } from './configured-store.ts'
import { fail, ok, warn, type Check } from './doctor-check.ts'

const probeMs = 60_000

/** Permissions first: opening the file would mend them. */
export function checkDataDir ({ store }: Config): Check[] {
  if (store.kind !== 'sqlite') return []
  const [dir, file] = [resolve(store.dir), sqliteFile(store)]
  if (!existsSync(dir)) return [canWrite(nearest(dir)) ? ok('data-dir', 'DATA_DIR is made at the first start') : fail('data-dir', 'DATA_DIR is not there and cannot be made', 'Make it, mode 0700, owned by the user that the server runs as.')]
  if (!canWrite(dir)) return [fail('data-dir', 'DATA_DIR cannot be written', 'Give it to the user that the server runs as.')]
  const others = statSync(dir).mode & 0o077
  const checks: Check[] = []
  if ((others & 0o022) !== 0) checks.push(fail('data-dir', `DATA_DIR is mode ${modeOf(dir)}: others may write to it`, 'chmod 700'))
  else if (others !== 0) checks.push(warn('data-dir', `DATA_DIR is mode ${modeOf(dir)}: others may look into it`, 'chmod 700'))
  else checks.push(ok('data-dir', `DATA_DIR is mode ${modeOf(dir)}`))
  for (const [name, path] of [['the SQLite file', file], ['its -wal file', `${file}-wal`], ['its -shm file', `${file}-shm`]] as const) {
    if (existsSync(path) && (statSync(path).mode & 0o077) !== 0) checks.push(fail('data-dir', `${name} is mode ${modeOf(path)}: others may read it`, 'chmod 600; the server does so at its next start'))
  }
  return checks
}

/** Reads, writes, reads again and deletes one key that means nothing. */
export async function checkStore (config: Config, clock: Clock): Promise<{ readonly store: Store | null, readonly checks: readonly Check[] }> {
  const { kind } = config.store
  if (kind === 'memory') return { store: null, checks: [ok('store', 'memory: nothing to ask; users are forgotten with the process')] }
  if (isMissing(config)) return { store: null, checks: [ok('store', 'sqlite: the file is made at the first start')] }
  let store: Store
  try { store = await openConfigured(config, clock) } catch (thrown) {
    // The message of a file that cannot be opened begins with its path.
    const said = thrown instanceof Error ? thrown.message.replace(/^The SQLite file .* cannot be used/, 'The SQLite file cannot be used') : 'it cannot be opened'
    return { store: null, checks: [fail('store', `${kind}: ${said}`)] }
  }
  try {
    const from = clock.monotonic()
    await store.get(keys.probe)
    const ms = Math.round(clock.monotonic() - from)
    return { store, checks: [ok('store', `${kind} answers`, { ms }), await checkWriting(store, clock), ok('users', `${(await listNames(store)).length} in the store`), ...await checkLayout(store)] }
  } catch (thrown) {
    if (!(thrown instanceof StoreError)) throw thrown
    await store.close()
    return { store: null, checks: [fail('store', `${kind} does not answer: ${thrown.message}`, remedyOf(thrown))] }
  }
}

/** Key names of the original project hold a password and a token; no value has to be read to see them. */
async function checkLayout (store: Store): Promise<Check[]> {
  const plain = (await listKeys(store, keys.seedPrefix)).filter(key => /^cred:[^:]*:[^:]+:gh[a-z]_/.test(key)).length
  return plain === 0 ? [] : [warn('users', `${plain} keys of the original project name a password and a GitHub token in plain text`, 'Seal them: copilot-proxy migrate. Then let those users revoke the old tokens at GitHub.')]
}

async function checkWriting (store: Store, { now, monotonic }: Clock): Promise<Check> {
  try {
    const [from, text] = [monotonic(), String(now())]
    await store.set(keys.doctorProbe, text, now() + probeMs)
    const seen = await store.get(keys.doctorProbe)
    await store.delete(keys.doctorProbe)
    const ms = Math.round(monotonic() - from)
    // On KV what was there a moment ago may still be seen.
    return seen === text || store.kind === 'cloudflare-kv' ? ok('store-write', 'a key was written, read and deleted', { ms }) : fail('store-write', 'what was written was not read again')
  } catch (thrown) {
    if (!(thrown instanceof StoreError)) throw thrown
    return fail('store-write', `the store cannot be written: ${thrown.message}`, remedyOf(thrown))
  }
}

function remedyOf ({ message }: StoreError): string | undefined {
  if (/answered 40[13]\b/.test(message)) return 'CF_API_TOKEN needs the permission Workers KV Storage: Edit for this account.'
  if (/answered 404\b/.test(message)) return 'CF_ACCOUNT_ID or CF_KV_NAMESPACE_ID names nothing that the token can see.'
  return undefined
}

function nearest (dir: string): string {
  return existsSync(dir) || dirname(dir) === dir ? dir : nearest(dirname(dir))
}

function canWrite (path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch { return false }
}

function modeOf (path: string): string {
  return `0${(statSync(path).mode & 0o777).toString(8)}`
}
