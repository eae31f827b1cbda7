// Gemini CLI on Google's dialect, connected by the served script.
import { connect } from './connect.ts'
import { run, type House, type Run } from './harness.ts'

interface Task {
  readonly home: string
  readonly cwd: string
  readonly prompt: string
  readonly args?: readonly string[]
}

export async function connectGemini (house: House, home: string, model: string): Promise<void> {
  const { code, stdout, stderr } = await connect(house, 'gemini', home, ['--model', model])
  if (code !== 0) throw new Error(stdout + stderr)
}

export async function geminiCli ({ home, cwd, prompt, args = [] }: Task): Promise<Run> {
  return run('gemini', ['--yolo', '--prompt', prompt, ...args], { cwd,
    env: { HOME: home, GEMINI_CLI_TRUST_WORKSPACE: 'true' } })
}
