// The served scripts, run by sh and bash in homes of their own, against the gateway in front of the emulator. Each home
// is compared before and after, names, modes and bytes.
import { spawn } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startTarget } from '../fixtures/targets.ts'
import { call } from '../fixtures/http.ts'
import { connectTo, newHome, toolbox, withKey } from './connect-world.ts'
import { command } from './world.ts'

const target = await startTarget('node-memory')
const user = await withKey(await target.addUser())
t.teardown(() => target.close())
t.setTimeout(120_000)

const connect = connectTo(target, user)

for (const shell of ['sh', 'bash']) {
  t.test(`${shell}: every client is connected in an empty home, once, and undone to the byte`, async t => {
    for (const client of ['claude', 'codex', 'opencode', 'gemini', 'copilot', 'qwen', 'cline', 'continue', 'zed',
      'vscode', 'aider']) {
      const home = newHome(t)
      const first = await connect(home, client, ['--model', 'gpt-4.1'], { shell })
      t.equal(first.code, 0, client, first)
      t.match(first.out, /^ {2}new {7}~\//m)
      t.match(first.out, new RegExp(`^Proved: gpt-4\\.1 answered at /${user.username}/v1`, 'm'))
      t.notMatch(first.out, user.password, 'the terminal shows no key')
      const connected = home.snapshot()
      t.strictSame(connected.filter(line => !/ [67]00 /.test(line)), [], 'only its owner reads it')
      const second = await connect(home, client, ['--model', 'gpt-4.1'], { shell })
      t.notMatch(second.out, /^ {2}(?:new|change)/m, `${client}: nothing to do`)
      t.strictSame(home.snapshot(), connected)
      t.match(await connect(home, client, ['--undo'], { shell }), { code: 0 })
      t.strictSame(home.snapshot(), [], `${client}: the home is empty again`)
    }
  })
}

const claudeSettings =
  '{\n\t"permissions": {"allow": ["Bash(ls:*)"]},\n\t"env": {"ANTHROPIC_MODEL": "opus", "MINE": "1"},'
  + '\n\t"größe": 1.5\n}'

for (const [parser, more] of [['Node', ['node']], ['Python', ['python3']]] as const) {
  t.test(`${parser} merges JSON: what was there stays, in its place and with its indent; undo restores it`, async t => {
    const home = newHome(t)
    const PATH = toolbox(t, more)
    home.put('.claude/settings.json', claudeSettings, 0o640)
    home.put('.claude/other', 'x')
    const before = home.snapshot()
    const dry = await connect(home, 'claude', ['--dry-run'], { env: { PATH } })
    t.match(dry, { code: 0, out: /^ {2}change {4}~\/\.claude\/settings\.json$/m })
    t.strictSame(home.snapshot(), before, '--dry-run changes nothing')

    t.match(await connect(home, 'claude', ['--model', 'gpt-4.1'], { env: { PATH } }), { code: 0 })
    const text = home.read('.claude/settings.json')
    t.match(text, /^\{\n\t"permissions": \{\n\t\t"allow"/)
    t.notMatch(text, /\n$/, 'the end of the file stays as it was')
    const settings = JSON.parse(text)
    t.strictSame(Object.keys(settings), ['permissions', 'env', 'größe'])
    t.match(settings, { permissions: { allow: ['Bash(ls:*)'] }, größe: 1.5,
      env: { MINE: '1', ANTHROPIC_MODEL: 'gpt-4.1', ANTHROPIC_AUTH_TOKEN: user.password } })
    t.equal(lstatSync(join(home.path, '.claude/settings.json')).mode & 0o777, 0o600, 'it has a key')
    t.match(await connect(home, 'claude', ['--model', 'gpt-5-mini'], { env: { PATH } }), { code: 0 })
    t.equal(JSON.parse(home.read('.claude/settings.json')).env.ANTHROPIC_MODEL, 'gpt-5-mini', 'another model')
    t.match(await connect(home, 'claude', ['--undo'], { env: { PATH } }), { code: 0 })
    t.strictSame(home.snapshot(), before)
  })

  t.test(`${parser}: lists keep the entries of others, and an own one is replaced`, async t => {
    const home = newHome(t)
    const PATH = toolbox(t, more)
    const theirs = { name: 'Other', vendor: 'openai', models: [] }
    const old = { name: 'Copilot Proxy', vendor: 'customendpoint', models: [], note: 'old' }
    const file = '.config/Code/User/chatLanguageModels.json'
    home.put(file, `${JSON.stringify([theirs, old], null, 4)}\n`)
    const before = home.snapshot()
    t.match(await connect(home, 'vscode', [], { env: { PATH } }), { code: 0 })
    const [kept, own, ...rest] = JSON.parse(home.read(file))
    t.strictSame([kept, rest], [theirs, []])
    t.ok(own.name === 'Copilot Proxy' && own.models.length > 5 && own.note === undefined)
    await connect(home, 'vscode', ['--undo'], { env: { PATH } })
    t.strictSame(home.snapshot(), before)
  })

  t.test(`${parser}: a file that cannot be merged without a loss is left alone, and the snippet is shown`, async t => {
    const PATH = toolbox(t, more)
    const files: Record<string, string> = { comments: '// mine\n{"env": {}}', 'a trailing comma': '{"env": {},}',
      'a value of another type': '{"env": "none"}', 'two equal keys': '{"env": {}, "env": {"A": "1"}}',
      'a number that JSON would write otherwise': '{"a": 1.50, "env": {}}' }
    for (const [name, text] of Object.entries(files)) {
      const home = newHome(t)
      home.put('.claude/settings.json', text)
      const before = home.snapshot()
      const { code, out } = await connect(home, 'claude', [], { env: { PATH } })
      t.equal(code, 3, name, { out })
      t.match(out, /^ {2}by hand {3}~\/\.claude\/settings\.json: \S/m)
      t.match(out, /^--- ~\/\.claude\/settings\.json$[^]*"ANTHROPIC_AUTH_TOKEN": "<your key>"/m)
      t.strictSame(home.snapshot(), before)
    }
  })
}

t.test('without Node and Python a new file is written, and one that exists is left alone', async t => {
  const PATH = toolbox(t, [])
  const empty = newHome(t)
  t.match(await connect(empty, 'opencode', [], { env: { PATH } }), { code: 0 })
  const full = newHome(t)
  full.put('.config/opencode/opencode.json', '{}')
  t.match(await connect(full, 'opencode', [], { env: { PATH } }), { code: 3, out: /neither Node nor Python/ })
})

t.test('YAML that exists is left alone, and so is TOML without Python', async t => {
  const PATH = toolbox(t, ['node'])
  for (const [client, file] of [['codex', '.codex/config.toml'], ['continue', '.continue/config.yaml'], ['aider',
    '.aider.conf.yml']] as const) {
    const home = newHome(t)
    home.put(file, '# mine\n')
    const before = home.snapshot()
    t.match(await connect(home, client, [], { env: { PATH } }), { code: 3, out: /there is no safe way to merge this/ })
    t.strictSame(home.snapshot(), before)
  }
})

t.test('Python merges TOML: lines of the top level are replaced, tables are added, comments stay', async t => {
  const PATH = toolbox(t, ['python3'])
  const home = newHome(t)
  home.put('.codex/config.toml',
    '# mine\nmodel = "o3" # old\napproval_policy = "never"\n\n[projects."/x"]\n' + 'trust_level = "trusted"')
  const before = home.snapshot()
  for (const model of ['gpt-4.1', 'gpt-5-mini']) {
    t.match(await connect(home, 'codex', ['--model', model], { env: { PATH } }), { code: 0 })
    const text = home.read('.codex/config.toml')
    t.match(text, new RegExp(`\n# mine\nmodel = "${model}"\napproval_policy = "never"\n\n\\[projects\\."/x"\\]\n`))
    t.equal(text.match(/^model_provider = /gm)?.length, 1)
    t.match(text, /trust_level = "trusted"\n\n\[model_providers\.copilot-proxy\]\n/)
  }
  await connect(home, 'codex', ['--undo'], { env: { PATH } })
  t.strictSame(home.snapshot(), before)
})

t.test('TOML with a provider of the same name, a model over several lines or a mistake is left alone', async t => {
  for (const text of ['[model_providers.copilot-proxy]\nname = "mine"\n', 'model = """\na"""\n', 'model = = 1\n',
    'model_providers = { mine = { name = "x" } }\n']) {
    const home = newHome(t)
    home.put('.codex/config.toml', text)
    const before = home.snapshot()
    t.match(await connect(home, 'codex', []), { code: 3, out: /its own settings are in the way/ }, text)
    t.strictSame(home.snapshot(), before)
  }
})

t.test('on a terminal it asks for name and key, never shows the key, and asks before it changes anything', async t => {
  const home = newHome(t)
  const script = join(home.path, 'connect.sh')
  home.put('connect.sh', (await call(`${target.origin}/connect/claude.sh`)).text)
  for (const [goOn, code] of [['n', 0], ['y', 0]] as const) {
    const child = spawn('script', ['-qefc', `exec sh "${script}"`, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] ?? '', HOME: home.path, TERM: 'dumb' }, timeout: 30_000 })
    let shown = ''
    const answers: ReadonlyArray<readonly [string, string]> = [['User name at', user.username], ['not shown): ',
      user.password], ['Go on?', goOn]]
    let at = 0
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString()
      const [question, answer] = answers[at] ?? []
      if (question === undefined || !shown.includes(question)) return
      at++
      child.stdin.write(`${answer}\n`)
    })
    t.equal(await new Promise(resolve => child.once('close', resolve)), code, goOn)
    t.equal(at, 3)
    t.notMatch(shown, user.password)
    t.equal(existsSync(join(home.path, '.claude')), goOn === 'y')
  }
})

t.test('.env keeps its other lines; comments and an `export` in front of a name are understood', async t => {
  const home = newHome(t)
  home.put('.gemini/.env', '# mine\nOTHER=1\nexport GEMINI_API_KEY=old\nLAST=x')
  const before = home.snapshot()
  t.match(await connect(home, 'gemini', []), { code: 0 })
  t.equal(home.read('.gemini/.env'),
    `# mine\nOTHER=1\nGEMINI_API_KEY=${user.password}\nLAST=x\n`
      + `GOOGLE_GEMINI_BASE_URL=${target.origin}/${user.username}\n`)
  await connect(home, 'gemini', ['--undo'])
  t.strictSame(home.snapshot(), before)
})

t.test('a link to a settings file stays a link', async t => {
  const home = newHome(t)
  home.put('dotfiles/settings.json', '{}\n')
  mkdirSync(join(home.path, '.claude'))
  symlinkSync(join(home.path, 'dotfiles/settings.json'), join(home.path, '.claude/settings.json'))
  const before = home.snapshot()
  t.match(await connect(home, 'claude', []), { code: 0 })
  t.match(JSON.parse(home.read('dotfiles/settings.json')), { env: { ANTHROPIC_AUTH_TOKEN: user.password } })
  await connect(home, 'claude', ['--undo'])
  t.strictSame(home.snapshot(), before)
})

t.test('undo restores a file that the client has changed since, and keeps that version elsewhere', async t => {
  const home = newHome(t)
  const TMPDIR = mkdtempSync(join(tmpdir(), 'connect-aside-'))
  t.teardown(() => {
    rmSync(TMPDIR, { recursive: true })
  })
  home.put('.qwen/settings.json', '{"ui": {}}')
  const before = home.snapshot()
  await connect(home, 'qwen', [])
  home.put('.qwen/settings.json', '{"changed": true}')
  const { out } = await connect(home, 'qwen', ['--undo'], { env: { TMPDIR } })
  t.strictSame(home.snapshot(), before)
  const aside = /that version is in (\S+)/.exec(out)?.[1] ?? ''
  t.equal(readFileSync(join(aside, 'settings.json'), 'utf8'), '{"changed": true}')
})

t.test('a home with spaces and signs in its name, and the variables of the clients, are understood', async t => {
  const home = newHome(t)
  const odd = join(home.path, "it's a & | home")
  mkdirSync(odd)
  t.match(await connect({ ...home, path: odd }, 'codex', ['--model', 'gpt-4.1']), { code: 0 })
  t.match(home.read("it's a & | home/.codex/config.toml"), `args = ["${odd}/.codex/copilot-proxy.key"]`)
  const CODEX_HOME = join(home.path, 'elsewhere')
  t.match(await connect(home, 'codex', [], { env: { CODEX_HOME } }), { code: 0 })
  t.ok(existsSync(join(CODEX_HOME, 'config.toml')))
  t.match(await connect(home, 'codex', ['--undo'], { env: { CODEX_HOME } }), { code: 0 })
  t.notOk(existsSync(CODEX_HOME))
})

t.test('a wrong key, an unknown model, a missing name and a silent gateway change nothing', async t => {
  const home = newHome(t)
  const wrong = { ...user, password: 'acpc-0000000000' }
  t.match(await connect(home, 'claude', [], { who: wrong }), { code: 1, out: /user name or the key is wrong/ })
  t.match(await connect(home, 'claude', ['--model', 'none']), { code: 1, out: /no such chat model/ })
  t.match(await connect(home, 'claude', [], { who: { ...user, username: '' } }), { code: 1, out: /Name your user/ })
  t.match(await connect(home, 'claude', [], { who: { ...user, password: '' } }), { code: 1, out: /COPILOT_PROXY_KEY/ })
  t.match(await connect(home, 'claude', [], { who: { ...user, password: 'a"b' } }), { code: 1,
    out: /no password or key/ })
  t.match(await connect(home, 'claude', ['--url', 'http://127.0.0.1:1']), { code: 1, out: /does not answer/ })
  t.match(await connect(home, 'claude', ['--nonsense']), { code: 1, out: /There is no option --nonsense/ })
  t.match(await connect(home, 'claude', ['--undo']), { code: 0, out: /Nothing to undo/ })
  t.strictSame(home.snapshot(), [])
})

t.test('a download that breaks off does nothing', async t => {
  const home = newHome(t)
  const { text } = await call(`${target.origin}/connect/claude.sh`)
  for (const share of [0.2, 0.5, 0.9, 0.999]) {
    const child = spawn('sh', ['-s', '--', user.username], { detached: true, stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env['PATH'] ?? '', HOME: home.path, COPILOT_PROXY_KEY: user.password } })
    child.stdin.end(text.slice(0, Math.floor((text.length - 12) * share)))
    await new Promise(resolve => child.once('close', resolve))
  }
  t.strictSame(home.snapshot(), [])
})

t.test('the command line knows the same clients, and refuses others', async t => {
  t.match(await command(['connect'], {}), { code: 2, err: /one of claude, codex/ })
  t.match(await command(['connect', 'other'], {}), { code: 2 })
  t.match(await command(['connect', 'claude', 'more'], {}), { code: 2 })
  t.match(await command(['connect', 'claude', '--url', "http://x'; rm"], {}), { code: 2, err: /--url/ })
})
