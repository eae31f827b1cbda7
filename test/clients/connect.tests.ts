// Every client of `connect` that npm has: connected in an empty home with the served script, then a whole tool loop,
// then undone to the byte.
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { connect, snapshot } from './connect.ts'
import { inFreshHome, run, shellTask, startHouse } from './harness.ts'

const quietOpencode = { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1',
  OPENCODE_DISABLE_LSP_DOWNLOAD: '1', OPENCODE_DISABLE_DEFAULT_PLUGINS: '1' }

interface Driven {
  readonly client: string
  readonly command: string
  readonly tool: string
  readonly model: string
  readonly path: string
  readonly args: (prompt: string) => readonly string[]
  readonly env?: Record<string, string>
}

const all: readonly Driven[] = [{ client: 'claude', command: 'claude', tool: 'Bash', model: 'claude-sonnet-4.6',
  path: '/v1/messages', args: prompt => ['--print', prompt, '--allowedTools', 'Bash', '--max-turns', '6'],
  env: { DISABLE_AUTOUPDATER: '1' } }, { client: 'codex', command: 'codex', tool: 'exec_command',
  model: 'gpt-5.3-codex', path: '/responses',
  args: prompt => ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt] }, {
  client: 'opencode',
  command: 'opencode',
  tool: 'bash',
  model: 'gpt-4.1',
  path: '/chat/completions',
  args: prompt => ['run', prompt],
  env: quietOpencode,
}, { client: 'gemini', command: 'gemini', tool: 'run_shell_command', model: 'claude-sonnet-4.6', path: '/v1/messages',
  args: prompt => ['--yolo', '--prompt', prompt], env: { GEMINI_CLI_TRUST_WORKSPACE: 'true' } }, { client: 'qwen',
  command: 'qwen', tool: 'run_shell_command', model: 'gpt-4.1', path: '/chat/completions',
  args: prompt => ['--yolo', '--prompt', prompt] }, { client: 'cline', command: 'cline', tool: 'run_commands',
  model: 'gpt-4.1', path: '/chat/completions', args: prompt => ['--auto-approve', 'true', prompt] }, {
  client: 'continue',
  command: 'cn',
  tool: 'Bash',
  model: 'gpt-4.1',
  path: '/chat/completions',
  args: prompt => ['--auto', '--print', prompt],
},
  ...([['claude-sonnet-4.6', '/v1/messages'], ['gpt-5.4-mini', '/responses'], ['gpt-4.1',
    '/chat/completions']] as const).map(([model, path]): Driven => ({ client: 'copilot', command: 'copilot',
      tool: 'bash', model, path, args: prompt => ['--allow-all-tools', '--prompt', prompt],
      env: { COPILOT_OFFLINE: 'true' } })
    )]

const house = await startHouse()
t.teardown(() => house.close())

for (const { client, command, tool, model, path, args, env = {} } of all) {
  t.test(`${client}: connected, a tool loop with ${model}, undone`, async t => {
    await inFreshHome(home =>
      inFreshHome(async untouched => {
        const connected = await connect(house, client, home, ['--model', model])
        t.equal(connected.code, 0, 'it is connected', connected)
        t.match(connected.stdout, new RegExp(`is installed: .*${command}`))
        const own = [...snapshot(home).keys()]
        cpSync(home, untouched, { recursive: true })

        const project = join(home, 'project')
        mkdirSync(project)
        const task = shellTask(tool)
        house.emulator.requests.length = 0
        const loaded = client === 'copilot' ? exported(home) : {}
        const { code, stdout, stderr } = await run(command, args(task.prompt), { cwd: project,
          env: { HOME: home, ...loaded, ...env } })
        const output = `${stdout}\n${stderr}`.slice(-4_000)
        t.equal(code, 0, 'it ends well', { output })
        t.equal(await task.written(project), task.secret, 'the command was run', { output })
        t.ok(output.includes(task.secret), 'the answer quotes the output', { output })
        const main = house.calls().filter(call => call.body.includes(`"${tool}"`) && call.body.includes(task.secret))
        t.ok(main.length >= 2, 'a request and a tool round reached upstream')
        t.ok(main.every(call => call.path === path && call.status === 200), `all of them at ${path}`, {
          calls: main.map(call => [call.path, call.status]),
        })

        t.match(await connect(house, client, home, ['--undo']), { code: 0 })
        const files = own.filter(name => /\.(?:json|toml|yaml|env|key)$/.test(name) || name.includes('.copilot-proxy'))
        t.strictSame([...snapshot(home).keys()].filter(name => files.includes(name)), [], 'no file of ours is left')
        moveRecord(untouched, home)
        t.match(await connect(house, client, untouched, ['--undo']), { code: 0 })
        t.strictSame([...snapshot(untouched)], [], 'where the client wrote nothing, the home is empty again')
      })
    )
    t.strictSame(house.emulator.problems, [], 'no credential or header of the client reached upstream')
  })
}

/** What a person loads with `.` before they start Copilot CLI. */
function exported (home: string): Record<string, string> {
  const text = readFileSync(join(home, '.copilot/copilot-proxy.env'), 'utf8')
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
}

/** The record of `connect` names paths of the home in which it ran. */
function moveRecord (home: string, from: string): void {
  const folder = join(home, '.copilot-proxy')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.path$|folders$/.test(name)) continue
    const file = join(folder, name)
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(from, home))
  }
}
