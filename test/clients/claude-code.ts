// Claude Code, as people start it with the settings of the setup page, with an empty home and no traffic except to the
// gateway.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, type House, type Run } from './harness.ts'
import { password, username } from './harness.ts'

interface Sized {
  readonly id: string
  readonly context: number | null
  readonly input: number | null
}
type Environment = (
  choice: { root: string, password: string, model: Sized, small: Sized, models: readonly Sized[] },
) => Record<string, string>

const path: string = '../../static/assets/connect/claude-code.js'
const { claudeEnvironment } = await import(path) as { claudeEnvironment: Environment }

interface Task {
  readonly cwd: string
  readonly model: string
  readonly prompt: string
  /** What `--model` gets, if not the model of the settings. */
  readonly alias?: string
  readonly args?: readonly string[]
  readonly env?: Record<string, string>
}

export async function claudeCode (
  house: House,
  { cwd, model, prompt, alias, args = [], env = {} }: Task,
): Promise<Run> {
  const chosen = ['--model', alias ?? model]
  return run('claude', ['--print', prompt, ...chosen, '--allowedTools', 'Bash', '--output-format', 'json',
    '--max-turns', '6', ...args], { cwd,
    env: { ...await environmentOf(house, model), DISABLE_AUTOUPDATER: '1', ...env } })
}

/** The settings that the page shows for this model. */
async function environmentOf (house: House, model: string): Promise<Record<string, string>> {
  const root = `${house.origin}/${username}`
  const answer = await fetch(`${root}/v1/models`, { headers: { authorization: `Bearer ${password}` } })
  const { data } = await answer.json() as {
    data: { id: string, context_length?: number, max_input_tokens?: number, policy?: { state?: string },
      capabilities: { type?: string } }[],
  }
  const models = data.filter(({ capabilities, policy }) =>
    capabilities.type === 'chat' && (policy?.state ?? 'enabled') === 'enabled'
  ).map(({ id, context_length: context = null, max_input_tokens: input = null }) => ({ id, context, input }))
  const find = (id: string) => models.find(each => each.id === id) ?? { id, context: null, input: null }
  return claudeEnvironment({ root, password, model: find(model), small: find('gpt-4.1'), models })
}

/** The windows that Claude Code used, by model, from its answer. */
export function windowsOf (stdout: string): Record<string, number> {
  const { modelUsage } = JSON.parse(stdout) as { modelUsage: Record<string, { contextWindow: number }> }
  return Object.fromEntries(Object.entries(modelUsage).map(([id, { contextWindow }]) => [id, contextWindow]))
}

/** The ids that Claude Code found at the gateway and offers in `/model`. */
export async function discoveredIn (home: string): Promise<readonly string[]> {
  const text = await readFile(join(home, '.claude', 'cache', 'gateway-models.json'), 'utf8')
  return (JSON.parse(text) as { models: { id: string }[] }).models.map(({ id }) => id)
}
