// Shared by the tests of real clients: the server in front of the emulator, a fresh home, and a child that ends by
// itself.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve as resolvePath } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { startEmulator, type Emulator, type RecordedRequest } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'

export const username = 'alice'
export const password = 'acpc-Ab3dEf6hIj'

export interface House {
  readonly origin: string
  readonly emulator: Emulator
  /** Model calls since the last `requests.length = 0`, in order. */
  readonly calls: () => RecordedRequest[]
  readonly close: () => Promise<void>
}
export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export async function startHouse (): Promise<House> {
  const emulator = await startEmulator()
  const server = await startServer(
    readConfig({ ...emulator.env, PORT: '0', STORE: 'memory', LOG_LEVEL: process.env['CLIENTS_LOG'] ?? 'silent',
      REGISTRATIONS_PER_10_MINUTES: '0', USER_REQUESTS_PER_MINUTE: '0' }),
  )
  const origin = server.origin.replace('localhost', '127.0.0.1')
  const saved = await fetch(origin, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, token: emulator.addSeat().githubToken }) })
  if (saved.status !== 201) throw new Error(`no user: ${saved.status}`)
  return {
    origin,
    emulator,
    calls: () =>
      emulator.requests.filter(request =>
        request.method === 'POST' && ['/chat/completions', '/responses', '/v1/messages'].includes(request.path)
      ),
    async close () {
      await server.close()
      await emulator.close()
    },
  }
}

/** Creates a directory as the client's home and project, and removes it afterwards. */
export async function inFreshHome<T> (work: (home: string) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'client-'))
  try {
    return await work(home)
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  }
}

/**
 * The child gets only this environment: no key, no proxy and no home of the person who runs the tests.
 * @param command the name of an installed client, or an absolute path
 */
export function run (
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 120_000 }: { cwd: string, env: Record<string, string>, timeoutMs?: number },
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(resolvePath(import.meta.dirname, 'node_modules', '.bin', command), args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'dumb', NO_PROXY: '127.0.0.1,localhost', ...env },
    })
    const text = { stdout: '', stderr: '' }
    child.stdout.on('data', chunk => {
      text.stdout += chunk
    })
    child.stderr.on('data', chunk => {
      text.stderr += chunk
    })
    child.once('error', reject)
    child.once('close', code => {
      resolve({ code, ...text })
    })
  })
}

/** A task that needs the tool: the answer is a random word in a file. */
export function shellTask (
  tool: string,
): { readonly prompt: string, readonly secret: string, readonly written: (cwd: string) => Promise<string> } {
  const secret = `word-${Math.random().toString(36).slice(2, 12)}`
  return {
    secret,
    prompt: `Use the ${tool} tool to run the shell command \`echo ${secret} > proof.txt && cat proof.txt\` and then `
      + `answer with what it printed.`,
    written: async cwd => (await readFile(join(cwd, 'proof.txt'), 'utf8').catch(() => '')).trim(),
  }
}
