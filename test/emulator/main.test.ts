// The emulator as a process of its own, and its place in the repository.
import t from 'tap'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { call } from './client.ts'

const folder = new URL('../../src/emulator/', import.meta.url)

t.test('main.ts prints the settings for a gateway, and serves', async t => {
  const child = spawn(process.execPath, [new URL('main.ts', folder).pathname], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill())
  let printed = ''
  while (!printed.includes('ghu_')) printed += String((await once(child.stdout, 'data'))[0])
  const settings = Object.fromEntries(
    printed.split('\n').filter(line => /^[A-Z_]+=/.test(line)).map(line => line.split('=')),
  )
  t.match(settings, { GITHUB_BASE_URL: /\/github$/, GITHUB_API_BASE_URL: /\/github-api$/,
    COPILOT_API_BASE_URL: /\/copilot$/, COPILOT_ACCOUNT_API_BASE_URL: /\/account\/\{account\}$/ })
  t.equal((await call(`${settings.COPILOT_API_BASE_URL}/_ping`)).status, 200)
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null], 'it ends when it gets the signal')
})

t.test('the emulator imports nothing from the rest of the repository, and no package', async t => {
  // Only demo.ts imports both: it starts the gateway in front of the emulator.
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.ts') && name !== 'demo.ts')
  t.ok(names.length > 80 && names.includes('rules/rules.ts'))
  for (const name of names) {
    const source = await readFile(new URL(name, folder), 'utf8')
    // The vendors' types cost nothing at run time: they only check the shapes.
    const imports = Array.from(
      source.matchAll(/^(?:import|export) (?!type [^\n]* from '(?:openai|@anthropic-ai\/sdk)[/']).* from '([^']+)'/gm),
      match => match[1] ?? '',
    )
    t.same(
      imports.filter(from =>
        !from.startsWith('node:') && !new URL(from, new URL(name, folder)).href.startsWith(folder.href)
      ),
      [],
      name,
    )
  }
})
