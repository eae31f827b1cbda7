// Codex CLI, with the gateway as its only provider.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { password, run, username, type House, type Run } from './harness.ts'

export interface CodexOptions {
  readonly cwd: string
  readonly model: string
  readonly prompt: string
  /** With `command`, Codex asks for its catalogue by itself; with `key` it never does, and `file` gives it. */
  readonly access?:
    | 'key'
    | 'command'
    | 'file'
  /** A provider called `OpenAI` compacts by a trigger, any other by an ordinary request. */
  readonly provider?: string
  /** Tokens after which it compacts. */
  readonly compactAt?: number
  readonly webSockets?: boolean
  /** Another address of the house. */
  readonly origin?: string
}

export async function codex (
  house: House,
  { cwd, model, prompt, access = 'key', provider = 'gateway', compactAt, webSockets = false, origin = house.origin }:
    CodexOptions,
): Promise<Run> {
  const home = join(cwd, '.codex')
  await mkdir(home, { recursive: true })
  const base = `${origin}/${username}/v1`
  const catalogue = join(home, 'models.json')
  if (access === 'file') await writeFile(catalogue, await modelList(base))
  await writeFile(join(home, 'config.toml'), `
model = "${model}"
model_provider = "gateway"
check_for_update_on_startup = false
${access === 'file' ? `model_catalog_json = "${catalogue}"` : ''}
${compactAt === undefined ? '' : `model_auto_compact_token_limit = ${compactAt}`}

[analytics]
enabled = false

[model_providers.gateway]
name = "${provider}"
base_url = "${base}"
wire_api = "responses"
supports_websockets = ${webSockets}
${access === 'command' ? '' : 'env_key = "GATEWAY_KEY"'}
${access === 'command' ? '[model_providers.gateway.auth]\ncommand = "printenv"\nargs = ["GATEWAY_KEY"]' : ''}
`)
  return run('codex', ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--json', prompt],
    { cwd, env: { CODEX_HOME: home, GATEWAY_KEY: password } })
}

async function modelList (base: string): Promise<string> {
  const response = await fetch(`${base}/models?client_version=latest`, {
    headers: { authorization: `Bearer ${password}` },
  })
  return response.text()
}
