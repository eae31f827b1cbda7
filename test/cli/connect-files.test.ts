// What the scripts of `connect` do with files that others can read, with links, odd contents and a plan of a hostile
// gateway, and what is left after a crash or a signal.
import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync,
  writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startTarget } from '../fixtures/targets.ts'
import { powerShellScript } from '../../src/connect/script.ts'
import { call } from '../fixtures/http.ts'
import { connectTo, newHome, toolbox, withKey, type Home } from './connect-world.ts'

const target = await startTarget('node-memory')
const user = await withKey(await target.addUser())
t.teardown(() => target.close())
t.setTimeout(120_000)
const connect = connectTo(target, user)

const modeOf = (home: Home, name: string): number => lstatSync(join(home.path, name)).mode & 0o777

async function gateway (t: Test, answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(answer ?? (() => {}))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('a file that gets a key is closed to others, and undo opens it again; no other file is', async t => {
  for (const [client, name, text] of [['claude', '.claude/settings.json', '{"a": 1}'], ['gemini', '.gemini/.env',
    'A=1\n']] as const) {
    const home = newHome(t)
    home.put(name, text, 0o644)
    home.put('.gemini/settings.json', '{}', 0o644)
    const before = home.snapshot()
    t.match(await connect(home, client, ['--dry-run']), { code: 0, out: /only you can read it/ })
    t.strictSame(home.snapshot(), before)
    t.match(await connect(home, client, []), { code: 0 })
    t.equal(modeOf(home, name), 0o600, client)
    t.match(home.read(name), user.password)
    t.equal(modeOf(home, '.gemini/settings.json'), 0o644, 'a file without a key stays open')
    t.match(await connect(home, client, ['--undo']), { code: 0 })
    t.strictSame(home.snapshot(), before)
  }
})

t.test('a file that has the key already is closed too, and shown as such', async t => {
  const home = newHome(t)
  home.put('.codex/copilot-proxy.key', `${user.password}\n`, 0o644)
  const before = home.snapshot()
  t.match(await connect(home, 'codex', []), { code: 0, out: /^ {2}protect {3}~\/\.codex\/copilot-proxy\.key$/m })
  t.equal(modeOf(home, '.codex/copilot-proxy.key'), 0o600)
  await connect(home, 'codex', ['--undo'])
  t.strictSame(home.snapshot(), before)
})

const outside = ['file json ../.profile', 'file json /etc/profile', 'file json a/../../.profile', 'file json a/./b',
  'file json a//b', 'file json b/', 'file sh .profile', 'file json a b', 'file ../x .profile', 'file json ..\\.profile',
  'file json C:\\x']

t.test('a plan can name no file outside the folder of the client, and no other word', async t => {
  const rest = '\n| x\nproof /x\n| {}\n'
  const plans = ['../../.profile evil\nrun x', '../../.profile', 'note.path x', 'proof.path /x', ...outside].map(line =>
    `model m\n${line}${rest}`
  )
  for (const plan of ['', '| x\n', 'model m\nproof @other.example/\n| {}\n', '<html>\n', ...plans]) {
    const origin = await gateway(t, (_, response) => response.end(plan))
    const home = newHome(t)
    const TMPDIR = join(home.path, 'tmp')
    mkdirSync(TMPDIR)
    const before = home.snapshot()
    for (const mode of ['--dry-run', '--yes']) {
      const done = await connect(home, 'claude', [mode, '--url', origin], { env: { TMPDIR } })
      t.match(done, { code: 1, out: /gave no plan that is understood/ }, plan)
      t.strictSame(home.snapshot(), before, plan)
    }
  }
})

t.test('a link to a missing file stays; undo removes the file behind it', async t => {
  for (const link of [(home: string) => join(home, 'dot/files/settings.json'), () => '../dot/files/settings.json']) {
    const home = newHome(t)
    mkdirSync(join(home.path, '.claude'))
    symlinkSync(link(home.path), join(home.path, '.claude/settings.json'))
    const before = home.snapshot()
    t.match(await connect(home, 'claude', []), { code: 0 })
    t.match(home.read('dot/files/settings.json'), user.password)
    t.equal(modeOf(home, 'dot/files/settings.json'), 0o600)
    t.match(await connect(home, 'claude', ['--model', 'gpt-4.1']), { code: 0 }, 'once more')
    t.match(await connect(home, 'claude', ['--undo']), { code: 0 })
    t.strictSame(home.snapshot(), before)
  }
})

t.test('a link in a circle, a folder or a device in place of the file is left alone', async t => {
  for (const [there, code] of [['settings.json', 1], ['..', 3], ['/dev/null', 3]] as const) {
    const home = newHome(t)
    mkdirSync(join(home.path, '.claude'))
    symlinkSync(there, join(home.path, '.claude/settings.json'))
    const before = home.snapshot()
    t.match(await connect(home, 'claude', []), { code }, there)
    t.strictSame(home.snapshot(), before)
  }
})

t.test('undo works after a crash at each step', async t => {
  const store = '.copilot-proxy/connect/claude'
  const steps: ReadonlyArray<readonly [string, ...Array<readonly [string, string]>]> = [['the folder of the record'], [
    'the folders',
    [`${store}/folders`, '@/.claude\n'],
  ], ['the name', [`${store}/1.path`, '@/.claude/settings.json']], ['the new text', [`${store}/1.path`,
    '@/.claude/settings.json'], [`${store}/1.written`, '{}']]]
  for (const [title, ...files] of steps) {
    const home = newHome(t)
    mkdirSync(join(home.path, store), { recursive: true })
    for (const [name, text] of files) home.put(name, text.replace('@', home.path))
    t.match(await connect(home, 'claude', ['--undo']), { code: 0, out: /is as it was/ }, title)
    t.strictSame(home.snapshot(), [], title)
  }
})

t.test('a signal leaves no key in the folder for temporary files', async t => {
  for (const shell of ['sh', 'bash']) {
    for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
      const home = newHome(t)
      const TMPDIR = mkdtempSync(join(tmpdir(), 'connect-signal-'))
      t.teardown(() => {
        rmSync(TMPDIR, { recursive: true })
      })
      let group = 0
      const plan = `model m\nrun x\nfile json settings.json\n| {"key": "@KEY@"}\nproof /x\n| {}\n`
      let keys: readonly string[] = []
      const origin = await gateway(t, ({ url }, response) => {
        if (url === '/x') {
          keys = filesWith(TMPDIR, user.password)
          process.kill(-group, signal)
        } else response.end(plan)
      })
      const done = await connect(home, 'claude', ['--url', origin], { shell, env: { TMPDIR }, watch: (_, pid) => {
        group = pid
      } })
      t.ok(keys.length > 0, 'while it runs, the key is there')
      t.match(done, { code }, `${shell} ${signal}`)
      t.strictSame(readdirSync(TMPDIR), [])
    }
  }
})

t.test('Ctrl-C at a question leaves no key either, also after the question for the key', async t => {
  const home = newHome(t)
  home.put('connect.sh', (await call(`${target.origin}/connect/claude.sh`)).text)
  const before = home.snapshot()
  for (const last of ['not shown): ', 'Go on?']) {
    const TMPDIR = mkdtempSync(join(tmpdir(), 'connect-signal-'))
    t.teardown(() => {
      rmSync(TMPDIR, { recursive: true })
    })
    const child = spawn('script', ['-qefc', `exec sh "${home.path}/connect.sh" ${user.username}`, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: 30_000,
      env: { PATH: process.env['PATH'] ?? '', HOME: home.path, TERM: 'dumb', TMPDIR },
    })
    let shown = ''
    let asked = 0
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString()
      const question = ['not shown): ', 'Go on?'][asked] ?? '\0'
      if (!shown.includes(question)) return
      asked++
      child.stdin.write(question === last ? '\x03' : `${user.password}\n`)
    })
    t.equal(await new Promise(resolve => child.once('close', resolve)), 130, last)
    t.match(shown, last)
    t.strictSame(readdirSync(TMPDIR), [], last)
    t.strictSame(home.snapshot(), before)
  }
})

function filesWith (folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    lstatSync(join(folder, name)).isFile() && readFileSync(join(folder, name), 'utf8').includes(text)
  )
}

t.test('bytes that are not UTF-8 are left alone', async t => {
  for (const [client, file, text] of [['claude', '.claude/settings.json', '{"name":"caf\xe9"}'], ['codex',
    '.codex/config.toml', '# caf\xe9\n']] as const) {
    for (const tool of client === 'claude' ? ['node', 'python3'] : ['python3']) {
      const home = newHome(t)
      home.put(file, '')
      writeFileSync(join(home.path, file), Buffer.from(text, 'latin1'))
      const before = home.snapshot()
      const done = await connect(home, client, [], { env: { PATH: toolbox(t, [tool]) } })
      t.match(done, { code: 3, out: /by hand .*: it is not UTF-8$/m }, tool)
      t.strictSame(home.snapshot(), before)
    }
  }
})

t.test('.env with a value over several lines is left alone, in the reading of a shell and of dotenv', async t => {
  for (const text of ['A="x\nGEMINI_API_KEY=inner\n"\n', "A='x\nGEMINI_API_KEY=inner\n'\n", 'A=`x\nB\n`\n',
    'A="\\"\nGEMINI_API_KEY=inner\n"', "A='\\'\nGEMINI_API_KEY=inner\n'", "A='\\\\'\nB='x\nGEMINI_API_KEY=inner'\n",
    'A=x\\\nGEMINI_API_KEY=inner\n', 'A=x"y\nGEMINI_API_KEY=inner\n"']) {
    const home = newHome(t)
    home.put('.gemini/.env', text)
    const before = home.snapshot()
    const done = await connect(home, 'gemini', [])
    t.match(done, { code: 3, out: /^ {2}by hand {3}~\/\.gemini\/\.env: a value goes over several lines$/m }, text)
    t.match(done.out, /^GEMINI_API_KEY=<your key>$/m)
    t.strictSame(home.snapshot(), before, text)
  }
})

t.test('.env with quotes that are closed, quotes in comments and CRLF is merged', async t => {
  const home = newHome(t)
  home.put('.gemini/.env', 'A="x y"\r\n# don\'t\r\nB=\'z "\' # isn\'t\r\nGEMINI_API_KEY="old" # c\r\nC=1')
  t.match(await connect(home, 'gemini', []), { code: 0 })
  t.equal(home.read('.gemini/.env'),
    `A="x y"\r\n# don't\r\nB='z "' # isn't\r\nGEMINI_API_KEY=${user.password}\r\nC=1\n`
      + `GOOGLE_GEMINI_BASE_URL=${target.origin}/${user.username}\n`)
})

t.test('every sign in the name of a folder is escaped in TOML, and shown as it is', async t => {
  const home = newHome(t)
  const CODEX_HOME = join(home.path, 'a "b" c\\d [e *')
  t.match(await connect(home, 'codex', [], { env: { CODEX_HOME } }), { code: 0, out: '~/a "b" c\\d [e */config.toml' })
  const args = /^args = \[(".*")\]$/m.exec(readFileSync(join(CODEX_HOME, 'config.toml'), 'utf8'))?.[1] ?? ''
  t.equal(JSON.parse(args), join(CODEX_HOME, 'copilot-proxy.key'), 'these escapes are those of JSON')
  t.match(await connect(home, 'codex', ['--undo']), { code: 0 })
  t.notOk(existsSync(CODEX_HOME))
  t.match(await connect(home, 'codex', [], { env: { CODEX_HOME: join(home.path, 'a\nb') } }), { code: 1,
    out: /control characters/ })
})

t.test('no argument of a program has the key', async t => {
  const home = newHome(t)
  const PATH = toolbox(t, ['node'])
  const log = join(home.path, 'arguments')
  for (const name of ['sed', 'awk', 'curl']) {
    const tools = readdirSync(PATH)
    t.ok(tools.includes(name))
    rmSync(join(PATH, name))
    writeFileSync(join(PATH, name), `#!/bin/sh\nprintf '%s\\n' "$0 $*" >>"${log}"\nexec /usr/bin/${name} "$@"\n`, {
      mode: 0o755,
    })
  }
  const owner = await target.addUser()
  for (const who of [user, owner, owner]) {
    home.put('.claude/settings.json', '{}')
    t.match(await connect(home, 'claude', [], { who, env: { PATH } }), { code: 0 })
    const seen = readFileSync(log, 'utf8')
    t.match(seen, /sed -f /)
    t.notMatch(seen, who.password)
    t.notMatch(seen, JSON.parse(home.read('.claude/settings.json')).env.ANTHROPIC_AUTH_TOKEN)
  }
})

t.test('the PowerShell script knows files by their whole paths, and takes the same plans', async t => {
  const script = powerShellScript('codex', target.origin) ?? ''
  const body = (name: string): string => new RegExp(`^function ${name}\\b[^]*?^\\}`, 'm').exec(script)?.[0] ?? ''
  const records = [...script.matchAll(/Get-Record ([^\s)]+)/g)].map(([, argument]) => argument)
  t.strictSame(records, ['$target', '$change.target'], 'another CODEX_HOME has other records')
  t.match(body('Undo-All'), /-not \$known\) \{[^}]*Copy-Item -LiteralPath \$target -Destination \$aside/)
  t.ok(
    body('Undo-All').indexOf('-Destination $aside') < body('Undo-All').indexOf('-LiteralPath $original -Destination'),
  )
  t.notMatch(body('Get-Merged'), 'ReadAllText($base', 'the text of a person is read strictly')

  const [, file = '', refused = ''] = /-cmatch '(\^file [^']+)'[^]*?-match '([^']+)'/.exec(body('Read-Plan')) ?? []
  const takes = (line: string): boolean => {
    const path = new RegExp(file).exec(line)?.[2]
    return path !== undefined && !new RegExp(refused).test(path)
  }
  const described = await call(`${target.origin}/${user.username}/v1/connect/codex`, { headers: {
    authorization: `Bearer ${user.password}`,
  } })
  const own = described.text.split('\n').filter(line => line.startsWith('file '))
  t.strictSame(own.map(takes), [true, true])
  t.strictSame(outside.filter(takes), [])
})
