// Runs the scripts of /connect/ in homes of their own.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync,
  writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { Target, User } from '../fixtures/targets.ts'
import { call } from '../fixtures/http.ts'

export interface Home {
  readonly path: string
  readonly put: (name: string, text: string, mode?: number) => void
  readonly read: (name: string) => string
  readonly snapshot: () => readonly string[]
}
export interface Run {
  readonly code: number | null
  readonly out: string
}

export function newHome (t: Test): Home {
  const path = mkdtempSync(join(tmpdir(), 'connect-home-'))
  t.teardown(() => {
    rmSync(path, { recursive: true })
  })
  const describe = (name: string): string => {
    const stat = lstatSync(join(path, name))
    const bytes = stat.isFile() ? createHash('sha256').update(readFileSync(join(path, name))).digest('hex') : ''
    return `${name} ${(stat.mode & 0o777).toString(8)} ${bytes}`
  }
  return {
    path,
    put (name, text, mode = 0o644) {
      mkdirSync(dirname(join(path, name)), { recursive: true })
      writeFileSync(join(path, name), text)
      chmodSync(join(path, name), mode)
    },
    read: name => readFileSync(join(path, name), 'utf8'),
    snapshot: () => readdirSync(path, { recursive: true, encoding: 'utf8' }).sort().map(describe),
  }
}

/** The tools that the script may use. Node and Python are there only if the test says so. */
export function toolbox (t: Test, more: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'connect-tools-'))
  t.teardown(() => {
    rmSync(folder, { recursive: true })
  })
  const usual = ['awk', 'cat', 'chmod', 'cmp', 'cp', 'curl', 'diff', 'dirname', 'head', 'ls', 'mkdir', 'mktemp', 'mv',
    'readlink', 'rm', 'rmdir', 'sed', 'sh', 'uname']
  for (const name of [...usual, ...more]) {
    const found = name === 'node'
      ? process.execPath
      : ['/usr/bin', '/bin', '/usr/local/bin'].map(place => join(place, name)).find(existsSync)
    if (found !== undefined) symlinkSync(found, join(folder, name))
  }
  return folder
}

/** The same user with a key in place of the password: connect puts a given key into the files as it is. */
export async function withKey (user: User): Promise<User> {
  const { json } = await call(`${user.base}/keys`, { json: { name: 'given' }, headers: { 'x-api-key': user.password } })
  return { ...user, password: json.key }
}

interface Options {
  readonly shell?: string
  readonly env?: Record<string, string>
  readonly who?: User
  /** Sees what the script has printed so far, and can signal its process group. */
  readonly watch?: (out: string, group: number) => void
}
type Connect = (home: Home, client: string, args: readonly string[], options?: Options) => Promise<Run>

export function connectTo (target: Target, user: User): Connect {
  return (home, client, args, options = {}) => connect(target, { who: user, ...options }, home, client, args)
}

async function connect (
  target: Target,
  { shell = 'sh', env = {}, who, watch }: Options & { readonly who: User },
  home: Home,
  client: string,
  args: readonly string[],
): Promise<Run> {
  const { text } = await call(`${target.origin}/connect/${client}.sh`)
  const child = spawn(shell, ['-s', '--', who.username, ...args], { detached: true, stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: home.path, COPILOT_PROXY_KEY: who.password, ...env },
    timeout: 60_000 })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      watch?.(out, child.pid ?? 0)
    })
  }
  child.stdin.end(text)
  return new Promise(resolve => child.once('close', code => resolve({ code, out })))
}
