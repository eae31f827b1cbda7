// The emulator by itself, and its place in the house.
import t from 'tap'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { call } from './client.ts'

const folder = new URL('../../src/emulator/', import.meta.url)

t.test('main.ts prints the settings of a gateway, and serves', async t => {
  const child = spawn(process.execPath, [new URL('main.ts', folder).pathname], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill())
  let printed = ''
  while (!printed.includes('ghu_')) printed += String((await once(child.stdout, 'data'))[0])
  const settings = Object.fromEntries(printed.split('\n').filter(line => /^[A-Z_]+=/.test(line)).map(line => line.split('=')))
  t.match(settings, { GITHUB_BASE_URL: /\/github$/, GITHUB_API_BASE_URL: /\/github-api$/, COPILOT_API_BASE_URL: /\/copilot$/, COPILOT_ACCOUNT_API_BASE_URL: /\/account\/\{account\}$/ })
  t.equal((await call(`${settings.COPILOT_API_BASE_URL}/_ping`)).status, 200)
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null], 'it ends when told to')
})

t.test('the emulator imports nothing from the rest of the house, and no package', async t => {
  // demo.ts is where the two meet: it starts the gateway in front of the emulator.
  for (const name of (await readdir(folder)).filter(name => name !== 'demo.ts')) {
    const source = await readFile(new URL(name, folder), 'utf8')
    const imports = Array.from(source.matchAll(/ from '([^']+)'/g), match => match[1] ?? '')
    t.same(imports.filter(from => !/^\.\/[a-z-]+\.ts$|^node:/.test(from)), [], name)
  }
})
