// `connect <client>`: runs the script that a gateway serves at /connect/, made from the same source. The address is the
// gateway of this machine, unless `--url` names another.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../../config.ts'
import { clients, isPlainOrigin, powerShellScript, shellScript } from '../../connect/script.ts'
import { UsageError, type Command } from './io.ts'

export const connect: Command = async (args, { env }) => {
  const { values, positionals: [client = '', ...more] } = parseArgs({ args: [...args], allowPositionals: true,
    options: { url: { type: 'string' }, user: { type: 'string' }, model: { type: 'string' }, undo: { type: 'boolean' },
      yes: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } })
  const { port, publicOrigin } = readConfig(env)
  const origin = (values.url ?? publicOrigin ?? `http://localhost:${port}`).replace(/\/+$/, '')
  if (!isPlainOrigin(origin)) throw new UsageError('--url is the address of a gateway, such as http://localhost:8787.')
  if (!clients.includes(client) || more.length > 0) {
    throw new UsageError(`It is "connect <client>", and the client one of ${clients.join(', ')}.`)
  }
  const { user = '', model, undo = false, yes = false, 'dry-run': dryRun = false } = values
  if (process.platform === 'win32') {
    return runPowerShell(powerShellScript(client, origin) ?? '', [...user === '' ? [] : ['-user', user],
      ...model === undefined ? [] : ['-model', model], ...undo ? ['-undo'] : [], ...yes ? ['-yes'] : [],
      ...dryRun ? ['-dryRun'] : []])
  }
  return run('sh', ['-c', shellScript(client, origin) ?? '', 'connect', ...user === '' ? [] : [user],
    ...model === undefined ? [] : ['--model', model], ...undo ? ['--undo'] : [], ...yes ? ['--yes'] : [],
    ...dryRun ? ['--dry-run'] : []])
}

async function runPowerShell (script: string, args: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'copilot-proxy-connect-'))
  try {
    const file = join(folder, 'connect.ps1')
    writeFileSync(file, script)
    return await run('powershell', ['-NoProfile', '-ExecutionPolicy', 'Bypass', '-File', file, ...args])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The key comes from the terminal or from COPILOT_PROXY_KEY: the script has the terminal and environment. */
function run (command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    spawn(command, args, { stdio: 'inherit' }).once('error', reject).once('close', code => {
      resolve(code ?? 1)
    })
  })
}
