// The real clients, whole tool loops. Each must run a shell command that writes a file, and report its output. Run by
// `npm run test:clients`, which installs them first; they are large.
import { join } from 'node:path'
import t from 'tap'
import { claudeCode, discoveredIn, windowsOf } from './claude-code.ts'
import { codex } from './codex.ts'
import { inFreshHome, shellTask, startHouse } from './harness.ts'
import { opencode } from './opencode.ts'
import { pi } from './pi.ts'

const cases = [{ client: 'Claude Code', drive: claudeCode, tool: 'Bash', model: 'claude-sonnet-4.6',
  path: '/v1/messages', how: 'natively' }, { client: 'Claude Code', drive: claudeCode, tool: 'Bash',
  model: 'gpt-5.3-codex', path: '/responses', how: 'translated to Responses' }, { client: 'Claude Code',
  drive: claudeCode, tool: 'Bash', model: 'gpt-4.1', path: '/chat/completions', how: 'translated to Chat' }, {
  client: 'Codex',
  drive: codex,
  tool: 'exec_command',
  model: 'gpt-5.3-codex',
  path: '/responses',
  how: 'natively',
}, { client: 'Codex', drive: codex, tool: 'exec_command', model: 'claude-sonnet-4.6', path: '/v1/messages',
  how: 'translated to Messages' }, { client: 'Codex', drive: codex, tool: 'exec_command', model: 'gpt-4.1',
  path: '/chat/completions', how: 'translated to Chat' }, { client: 'opencode', drive: opencode, tool: 'bash',
  model: 'gpt-4.1', path: '/chat/completions', how: 'natively' }, { client: 'opencode', drive: opencode, tool: 'bash',
  model: 'gpt-5.4-mini', path: '/responses', how: 'translated to Responses' }, { client: 'pi', drive: pi, tool: 'bash',
  model: 'gpt-5.4-mini', path: '/responses', how: 'natively' }, { client: 'pi', drive: pi, tool: 'bash',
  model: 'claude-sonnet-4.6', path: '/v1/messages', how: 'natively' }, { client: 'pi', drive: pi, tool: 'bash',
  model: 'gemini-3.1-pro-preview', path: '/chat/completions', how: 'natively' }] as const

const house = await startHouse()
t.teardown(() => house.close())

for (const { client, drive, tool, model, path, how } of cases) {
  t.test(`${client} runs a shell command with ${model}, ${how}`, async t => {
    await inFreshHome(async cwd => {
      const task = shellTask(tool)
      house.emulator.requests.length = 0
      const { code, stdout, stderr } = await drive(house, { cwd, model, prompt: task.prompt })
      const output = `${stdout}\n${stderr}`.slice(-4_000)
      t.equal(code, 0, 'it ends well', { output })
      t.equal(await task.written(cwd), task.secret, 'the command was run')
      t.ok(stdout.includes(task.secret), 'the answer quotes the output', { output })

      // The task is the requests that offer the tool. Others make a title or check the quota.
      const main = house.calls().filter(call => call.body.includes(`"${tool}"`) && call.body.includes(task.secret))
      t.ok(main.length >= 2, 'a request and a tool round reached upstream')
      t.ok(main.every(call => call.path === path && call.status === 200), `all of them at ${path}`, {
        calls: main.map(call => [call.path, call.status]),
      })
      t.strictSame(main.map(call => call.headers['x-initiator']), ['user', ...main.slice(1).map(() => 'agent')],
        "the first request is the user's, the rounds are the agent's")
      t.equal(house.calls().filter(({ headers }) => headers['x-initiator'] === 'user').length, 1,
        "no other call is the user's, as for a title")
    })
    t.strictSame(house.emulator.problems, [], 'no credential or header of the client reached upstream')
  })
}

const aliases = { sonnet: 'claude-sonnet-5', opus: 'claude-opus-5', haiku: 'gpt-4.1', opusplan: 'claude-sonnet-5' }
for (const [alias, id] of Object.entries(aliases)) {
  t.test(`Claude Code: the alias ${alias} reaches ${id}, with the window of the seat`, async t => {
    await inFreshHome(async cwd => {
      house.emulator.requests.length = 0
      const { code, stdout, stderr } = await claudeCode(house, { cwd, model: 'claude-sonnet-4.6', alias, prompt: 'hi' })
      t.equal(code, 0, 'it ends well', { output: `${stdout}\n${stderr}`.slice(-4_000) })
      t.strictSame([...new Set(house.calls().map(({ json }) => (json as { model: string }).model))], [id])
      t.strictSame(windowsOf(stdout), { [id]: id === 'gpt-4.1' ? 128_000 : 200_000 })
      const found = await discoveredIn(cwd)
      t.ok(found.includes('claude-sonnet-4.6') && found.includes(aliases.opus), '/model lists the models of the seat')
    })
  })
}

t.test('Claude Code: the alias default works, and so does a Gemini model', async t => {
  for (const alias of ['default', 'gemini-3.1-pro-preview']) {
    await inFreshHome(async cwd => {
      const { code, stdout } = await claudeCode(house, { cwd, model: 'claude-sonnet-4.6', alias, prompt: 'hi' })
      t.equal(code, 0, alias)
      t.match((JSON.parse(stdout) as { result: string }).result, /Hello from/, alias)
    })
  }
})

t.test('Claude Code: tool search loads a tool of an MCP server, whatever the model is', async t => {
  const server = { command: process.execPath, args: [join(import.meta.dirname, 'notes-server.mjs')] }
  const args = ['--mcp-config', JSON.stringify({ mcpServers: { notes: server } }), '--allowedTools',
    'ToolSearch,mcp__notes__read_note']
  for (const model of ['claude-sonnet-5', 'gpt-5.3-codex', 'gpt-4.1']) {
    await inFreshHome(async cwd => {
      house.emulator.requests.length = 0
      house.emulator.answers.push({ model,
        toolCalls: [{ name: 'ToolSearch', arguments: '{"query":"select:mcp__notes__read_note"}' }] }, { model,
        toolCalls: [{ name: 'mcp__notes__read_note', arguments: '{"title":"fruit"}' }] }, { model, text: 'Read.' })
      const { code, stdout, stderr } = await claudeCode(house, { cwd, model, prompt: 'Read the note.', args,
        env: { ENABLE_TOOL_SEARCH: 'true' } })
      t.equal(code, 0, model, { output: `${stdout}\n${stderr}`.slice(-4_000) })
      t.match(house.calls().at(-1)?.body, /the note says plum/, `${model} gets the result`)
      t.equal(house.emulator.answers.pending, 0)
      t.ok(house.calls().every(({ status }) => status === 200))
    })
  }
})

t.test("Claude Code: compacts before gpt-4.1 overflows, goes on, and only the first request is the user's", async t => {
  await inFreshHome(async cwd => {
    house.emulator.requests.length = 0
    const model = 'gpt-4.1'
    house.emulator.answers.push({ model, usage: { inputTokens: 110_000 },
      toolCalls: [{ name: 'Bash', arguments: '{"command":"echo one","description":"Prints one"}' }] }, { model,
      text: '<analysis>short</analysis>\n<summary>The command printed one.</summary>' }, { model,
      text: 'It printed one.', usage: { inputTokens: 9_000 } })
    const { code, stdout } = await claudeCode(house, { cwd, model, prompt: 'Run echo one.' })
    t.equal(code, 0)
    t.equal((JSON.parse(stdout) as { result: string }).result, 'It printed one.')
    t.strictSame(house.calls().map(({ status, headers }) => [status, headers['x-initiator']]), [[200, 'user'], [200,
      'agent'], [200, 'agent']])
    t.match(house.calls()[1]?.body, /create a detailed summary of the conversation/)
  })
})

t.test('Claude Code: a wrong password ends within three seconds', async t => {
  await inFreshHome(async cwd => {
    const began = performance.now()
    const { code, stdout } = await claudeCode(house, { cwd, model: 'gpt-4.1', prompt: 'hi',
      env: { ANTHROPIC_AUTH_TOKEN: 'acpc-0000000000' } })
    t.not(code, 0)
    t.match(stdout, /Token is invalid|401/)
    t.comment(`${Math.round(performance.now() - began)} ms`)
    t.ok(performance.now() - began < 3_000)
  })
})
