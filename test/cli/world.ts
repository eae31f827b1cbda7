// Shared by the tests of the command line: a folder, records of both kinds, and a command run in this process.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { randomBytes } from '../../src/bytes.ts'
import { writeOldRecord, type OldRecord } from '../../src/auth/old-record.ts'
import { run } from '../../src/node/main.ts'
import type { Io } from '../../src/node/cli/io.ts'
import type { Store } from '../../src/store/store.ts'
import { systemClock } from '../../src/system-clock.ts'
import type { WorkerdKv } from '../fixtures/workerd-kv.ts'

/** Fewer iterations take a third of the time, but need a pepper. */
export const fast = { KDF_ITERATIONS: '10000', SECRET_PEPPER: Buffer.alloc(32, 7).toString('base64') }

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly json: any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests read any field of it
}

export async function command (args: readonly string[], env: Io['env'], more: Partial<Io> = {}): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []]
  const io: Io = { env, clock: systemClock, out: line => {
    out.push(line)
  }, err: line => {
    err.push(line)
  }, ask: async () => null, ...more }
  const code = await run(args, io)
  return { code, out: out.join('\n'), err: err.join('\n'),
    json: args.includes('--json') && out.length > 0 ? JSON.parse(out.join('')) : undefined }
}

export function newDir (t: Test): string {
  const dir = mkdtempSync(join(tmpdir(), 'copilot-proxy-cli-'))
  t.teardown(() => {
    rmSync(dir, { recursive: true, force: true })
  })
  return dir
}

export function kvEnv ({ baseUrl, apiToken, accountId, namespaceId }: WorkerdKv) {
  return { CF_API_BASE_URL: baseUrl, CF_API_TOKEN: apiToken, CF_ACCOUNT_ID: accountId, CF_KV_NAMESPACE_ID: namespaceId }
}

/** A record of version 1 that the gateway can read, with a seal that cannot be opened. */
export function sealedRecord (username: string, more: Partial<OldRecord> = {}): string {
  return writeOldRecord({ version: 1, username, rid: randomBytes(16), gen: 1, iterations: 10_000, salt: randomBytes(16),
    pepperId: null, verifier: randomBytes(32), iv: randomBytes(12), ciphertext: randomBytes(56), ...more })
}

export interface Seed {
  readonly username: string
  readonly password: string
  readonly token: string
}

export function newSeed (
  username: string,
  token = `ghu_${'t'.repeat(20)}${username.replaceAll('-', '')}${'0'.repeat(10)}`,
): Seed {
  return { username, password: `acpc-${username.replaceAll('-', '').slice(-10).padStart(10, 'p')}`, token }
}

/** In the form of the original project: the record names a key, and that key contains all its secrets. */
export async function putSeed (put: Store['set'], { username, password, token }: Seed): Promise<void> {
  const key = `cred:${username}:${password}:${token}`
  await put(key, 'tid=0123;exp=1:abcd')
  await put(`user:${username}`, key)
}

export async function dump (store: Store): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const key of store.keys('')) found.set(key, await store.get(key) ?? '')
  return found
}

export const textOf = (entries: ReadonlyMap<string, string>): string =>
  [...entries].map(entry => entry.join('\t')).join('\n')
