// Claude Code, as people start it, with an empty home and no traffic except to the gateway.
import { run, type House, type Run } from './harness.ts'
import { password, username } from './harness.ts'

export function claudeCode (
  house: House,
  { cwd, model, prompt }: { cwd: string, model: string, prompt: string },
): Promise<Run> {
  return run('claude', ['--print', prompt, '--model', model, '--allowedTools', 'Bash', '--output-format', 'json',
    '--max-turns', '6'], {
    cwd,
    env: {
      ANTHROPIC_BASE_URL: `${house.origin}/${username}`,
      ANTHROPIC_AUTH_TOKEN: password,
      ANTHROPIC_SMALL_FAST_MODEL: 'gpt-4.1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_AUTOUPDATER: '1',
    },
  })
}
