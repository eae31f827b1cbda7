// opencode, on Chat Completions.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { password, run, username, type House, type Run } from './harness.ts'

export async function opencode (
  house: House,
  { cwd, model, prompt }: { cwd: string, model: string, prompt: string },
): Promise<Run> {
  await writeFile(join(cwd, 'opencode.json'), JSON.stringify({
    $schema: 'https://opencode.ai/config.json',
    autoupdate: false,
    share: 'disabled',
    small_model: `gateway/${model}`,
    permission: { bash: 'allow' },
    provider: {
      gateway: {
        npm: '@ai-sdk/openai-compatible',
        name: 'gateway',
        options: { baseURL: `${house.origin}/${username}/v1`, apiKey: password },
        models: { [model]: { name: model } },
      },
    },
  }))
  return run('opencode', ['run', '--model', `gateway/${model}`, prompt], {
    cwd,
    env: {
      XDG_DATA_HOME: join(cwd, '.data'),
      XDG_CONFIG_HOME: join(cwd, '.config'),
      XDG_CACHE_HOME: join(cwd, '.cache'),
      XDG_STATE_HOME: join(cwd, '.state'),
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    },
  })
}
