// Names of clients, from the user agents that they send.
import t from 'tap'
import { clientNames, clientOf } from '../../../src/usage/client-of.ts'

const agents: ReadonlyArray<readonly [string, string]> = [['claude-cli/2.0.14 (external, cli)', 'claude-code'], [
  'codex_cli_rs/0.50.0 (Ubuntu 24.4.0; x86_64) xterm',
  'codex',
], ['codex_exec/0.50.0', 'codex'], ['GeminiCLI/0.9.0/gemini-2.5-pro (linux; x64) google-genai-sdk/1.20.0',
  'gemini-cli'], ['QwenCode/0.2.0 (linux; x64)', 'qwen-code'], ['opencode/1.0.20 ai-sdk/provider-utils/3.0.12',
  'opencode'], ['Cline/3.30.0', 'cline'], ['RooCode/3.28.0', 'roo-code'], ['Cursor/1.9', 'cursor'], ['litellm/1.77.0',
  'aider'], ['OpenAI/Python 2.6.1', 'openai-sdk'], ['AsyncOpenAI/Python 2.6.1', 'openai-sdk'], ['Anthropic/JS 0.65.0',
  'anthropic-sdk'], ['AsyncAnthropic/Python 0.70.0', 'anthropic-sdk'], ['google-genai-sdk/1.20.0 gl-node/v24',
  'google-sdk'], ['ai-sdk/openai/2.0.0', 'ai-sdk'], ['curl/8.5.0', 'curl'], [
  'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  'other',
], ['discontinued/1', 'other'], ['', 'other']]

t.test('clientOf() knows the usual clients', async t => {
  for (const [agent, name] of agents) t.equal(clientOf({ 'user-agent': agent }), name, agent)
  t.equal(clientOf({}), 'other')
  t.equal(clientOf({ 'user-agent': 'Mozilla/5.0', 'sec-fetch-site': 'same-origin' }), 'page')
})

t.test('clientOf() gives no other names, and is quick with long ones', async t => {
  for (const agent of ['codex'.repeat(10_000), '\n', 'claude-cli\u0000', 'CODEX-like']) {
    t.ok(clientNames.includes(clientOf({ 'user-agent': agent })), agent.slice(0, 20))
  }
})
