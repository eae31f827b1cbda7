// Codex CLI, with the gateway as its only provider.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { password, run, username, type House, type Run } from './harness.ts'

export async function codex (
  house: House,
  { cwd, model, prompt }: { cwd: string, model: string, prompt: string },
): Promise<Run> {
  const home = join(cwd, '.codex')
  await mkdir(home, { recursive: true })
  await writeFile(join(home, 'config.toml'), `
model = "${model}"
model_provider = "gateway"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.gateway]
name = "gateway"
base_url = "${house.origin}/${username}/v1"
env_key = "GATEWAY_KEY"
wire_api = "responses"
`)
  return run('codex', ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--json', prompt],
    { cwd, env: { CODEX_HOME: home, GATEWAY_KEY: password } })
}
