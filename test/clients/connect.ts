// Connects a client with the script that the gateway serves, as a person does, in a home of its own.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { password, username, type House, type Run } from './harness.ts'

const bin = join(import.meta.dirname, 'node_modules', '.bin')

/** @param args `--model <id>`, `--undo` … */
export async function connect (house: House, client: string, home: string, args: readonly string[]): Promise<Run> {
  const script = await (await fetch(`${house.origin}/connect/${client}.sh`)).text()
  return new Promise((resolve, reject) => {
    // Without a terminal, so that the script asks nothing.
    const child = spawn('sh', ['-s', '--', username, ...args], { detached: true, stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 60_000,
      env: { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, HOME: home, COPILOT_PROXY_KEY: password } })
    const text = { stdout: '', stderr: '' }
    child.stdout.on('data', chunk => {
      text.stdout += chunk
    })
    child.stderr.on('data', chunk => {
      text.stderr += chunk
    })
    child.stdin.end(script)
    child.once('error', reject)
    child.once('close', code => {
      resolve({ code, ...text })
    })
  })
}

/** Each name below a folder, with its mode and the digest of its bytes. */
export function snapshot (folder: string): ReadonlyMap<string, string> {
  return new Map(readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().map(name => {
    const stat = lstatSync(join(folder, name))
    const bytes = stat.isFile() ? createHash('sha256').update(readFileSync(join(folder, name))).digest('hex') : ''
    return [name, `${(stat.mode & 0o7777).toString(8)} ${bytes}`]
  }))
}
