// The real clients, whole tool loops. Each must run a shell command that writes a file, and report its output. Run by
// `npm run test:clients`, which installs them first; they are large.
import t from 'tap'
import { claudeCode, discoveredIn, windowsOf } from './claude-code.ts'
import { codex } from './codex.ts'
import { inFreshHome, shellTask, startHouse } from './harness.ts'
import { opencode } from './opencode.ts'

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
  model: 'gpt-5.4-mini', path: '/responses', how: 'translated to Responses' }] as const

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
