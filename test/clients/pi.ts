// pi, on Responses, Messages and Chat.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { password, run, username, type House, type Run } from './harness.ts'

export async function pi (
  house: House,
  { cwd, model, prompt }: { cwd: string, model: string, prompt: string },
): Promise<Run> {
  const root = `${house.origin}/${username}`
  const family = model.split('-')[0]
  const [api, baseUrl] = family === 'claude'
    ? ['anthropic-messages', root]
    : [family === 'gpt' ? 'openai-responses' : 'openai-completions', `${root}/v1`]
  await mkdir(join(cwd, '.pi', 'agent'), { recursive: true })
  await writeFile(join(cwd, '.pi', 'agent', 'models.json'), JSON.stringify({
    providers: { gateway: { baseUrl, api, apiKey: password, models: [{ id: model }] } },
  }))
  return run('pi', ['--print', '--no-session', '--provider', 'gateway', '--model', model, prompt], { cwd,
    env: { PI_OFFLINE: '1' } })
}
