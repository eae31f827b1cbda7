// Checks the store: whether it exists, which other users may read its file, and whether it reads and writes.
import { invocation } from './invocation.ts'
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

/** Checks permissions first: opening the file would repair them. */
export function checkDataDir ({ store }: Config): Check[] {
  if (store.kind !== 'sqlite') return []
  const [dir, file] = [resolve(store.dir), sqliteFile(store)]
  if (!existsSync(dir)) {
    return [
      canWrite(nearest(dir))
        ? ok('data-dir', 'DATA_DIR is created at the first start')
        : fail('data-dir', 'DATA_DIR does not exist and cannot be created',
          'Create it with mode 0700, owned by the user that the server runs as.'),
    ]
  }
  if (!canWrite(dir)) {
    return [fail('data-dir', 'DATA_DIR cannot be written', 'Make the user that the server runs as its owner.')]
  }
  const others = statSync(dir).mode & 0o077
  const checks: Check[] = []
  if ((others & 0o022) !== 0) {
    checks.push(fail('data-dir', `DATA_DIR is mode ${modeOf(dir)}: other users may write to it`, 'chmod 700'))
  } else if (others !== 0) {
    checks.push(warn('data-dir', `DATA_DIR is mode ${modeOf(dir)}: other users may list it`, 'chmod 700'))
  } else checks.push(ok('data-dir', `DATA_DIR is mode ${modeOf(dir)}`))
  for (const [name, path] of [['the SQLite file', file], ['its -wal file', `${file}-wal`], ['its -shm file',
    `${file}-shm`]] as const) {
    if (existsSync(path) && (statSync(path).mode & 0o077) !== 0) {
      checks.push(
        fail('data-dir', `${name} is mode ${modeOf(path)}: other users may read it`,
          'chmod 600; the server does so at its next start'),
      )
    }
  }
  return checks
}

/** Writes, reads and deletes a test key. */
export async function checkStore (
  config: Config,
  clock: Clock,
): Promise<{ readonly store: Store | null, readonly checks: readonly Check[] }> {
  const { kind } = config.store
  if (kind === 'memory') {
    return { store: null, checks: [ok('store', 'memory: nothing to check; the users are lost when the process ends')] }
  }
  if (isMissing(config)) return { store: null, checks: [ok('store', 'sqlite: the file is created at the first start')] }
  let store: Store
  try {
    store = await openConfigured(config, clock)
  } catch (thrown) {
    // The message of a file that cannot be opened begins with its path.
    const reason = thrown instanceof Error
      ? thrown.message.replace(/^The SQLite file .* cannot be used/, 'The SQLite file cannot be used')
      : 'it cannot be opened'
    return { store: null, checks: [fail('store', `${kind}: ${reason}`)] }
  }
  try {
    const from = clock.monotonic()
    await store.get(keys.probe)
    const ms = Math.round(clock.monotonic() - from)
    return { store,
      checks: [ok('store', `${kind} answers`, { ms }), checkHot(store), await checkWriting(store, clock),
        ok('users', `${(await listNames(store)).length} in the store`), ...await checkLayout(store)] }
  } catch (thrown) {
    if (!(thrown instanceof StoreError)) throw thrown
    await store.close()
    return { store: null, checks: [fail('store', `${kind} does not answer: ${thrown.message}`, remedyOf(thrown))] }
  }
}

/** Which engine holds what several processes share. */
function checkHot ({ hot }: Store): Check {
  return hot === undefined || hot === null
    ? ok('hot-state', 'memory: limits and remembered answers hold for one process')
    : ok('hot-state', `${hot.kind}: limits and remembered answers hold for all processes`)
}

/** Key names of the original project contain a password and a token. The check finds them without reading a value. */
async function checkLayout (store: Store): Promise<Check[]> {
  const plain = (await listKeys(store, keys.seedPrefix)).filter(key => /^cred:[^:]*:[^:]+:gh[a-z]_/.test(key)).length
  return plain === 0
    ? []
    : [
      warn('users', `${plain} keys of the original project name a password and a GitHub token in plain text`,
        `Seal them: ${invocation} migrate. Then let those users revoke the old tokens at GitHub.`),
    ]
}

async function checkWriting (store: Store, { now, monotonic }: Clock): Promise<Check> {
  try {
    const [from, text] = [monotonic(), String(now())]
    await store.set(keys.doctorProbe, text, now() + probeMs)
    const seen = await store.get(keys.doctorProbe)
    await store.delete(keys.doctorProbe)
    const ms = Math.round(monotonic() - from)
    // KV may still show a value that was there a moment ago.
    return seen === text || store.kind === 'cloudflare-kv'
      ? ok('store-write', 'a key was written, read and deleted', { ms })
      : fail('store-write', 'the store did not return the value that was written')
  } catch (thrown) {
    if (!(thrown instanceof StoreError)) throw thrown
    return fail('store-write', `the store cannot be written: ${thrown.message}`, remedyOf(thrown))
  }
}

function remedyOf ({ message }: StoreError): string | undefined {
  if (/answered 40[13]\b/.test(message)) {
    return 'CF_API_TOKEN needs the permission Workers KV Storage: Edit for this account.'
  }
  if (/answered 404\b/.test(message)) {
    return 'CF_API_TOKEN cannot see the account or namespace of CF_ACCOUNT_ID and CF_KV_NAMESPACE_ID.'
  }
  return undefined
}

function nearest (dir: string): string {
  return existsSync(dir) || dirname(dir) === dir ? dir : nearest(dirname(dir))
}

function canWrite (path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

function modeOf (path: string): string {
  return `0${(statSync(path).mode & 0o777).toString(8)}`
}
