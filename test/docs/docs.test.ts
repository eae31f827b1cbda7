// What the README and .env.example say, against what the code does.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { statusOf } from '../../src/errors.ts'

const readme = readFileSync('README.md', 'utf8')
const example = readFileSync('.env.example', 'utf8')

/** Every name that the one function asks the environment for. */
function settingsOfTheCode (): string[] {
  const asked = new Set<string>()
  readConfig(new Proxy({}, { get: (_target, name) => { if (typeof name === 'string') asked.add(name) } }))
  // A binding of Workers is no setting; proxies are also known by small letters.
  return [...asked].filter(name => name === name.toUpperCase() && name !== 'TOKEN_KV').sort()
}

t.test('.env.example names every setting, and no other', async t => {
  const named = [...example.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(match => match[1] ?? '').sort()
  t.strictSame(named, settingsOfTheCode())
})

t.test('the README\'s table names every setting, and no other', async t => {
  const table = readme.slice(readme.indexOf('## Settings'), readme.indexOf('**Which store.**'))
  const named = table.split('\n').filter(line => line.startsWith('| `')).flatMap(line => [...(line.split('|')[1] ?? '').matchAll(/`([A-Z0-9_]+)`/g)].map(match => match[1] ?? '')).sort()
  t.strictSame(named, settingsOfTheCode())
})

t.test('.env.example opens with Cloudflare KV and empty credentials, as the original did', async t => {
  const values = new Map([...example.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(match => [match[1] ?? '', match[2] ?? '']))
  t.equal([...values.keys()][0], 'STORE')
  t.equal(values.get('STORE'), 'cloudflare-kv')
  t.strictSame([...values].filter(([name, value]) => name !== 'STORE' && value !== ''), [], 'nothing else has a value')
})

t.test('the README\'s table of errors is the table of the code', async t => {
  const table = readme.slice(readme.indexOf('## Errors'), readme.indexOf('Copilot\'s own refusals'))
  const rows = [...table.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \|/gm)].map(match => [match[1], Number(match[2])])
  t.strictSame(Object.fromEntries(rows), { ...statusOf })
})
