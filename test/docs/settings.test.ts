// The settings: compares the names that the code reads from the environment with docs/settings.md and .env.example.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError, readConfig } from '../../src/config.ts'
import { quoted, readPage, rows } from './markdown.ts'

const example = readFileSync('.env.example', 'utf8')
const source = readFileSync('src/config.ts', 'utf8')
const table = rows(readPage('docs/settings.md').text)
/** A row may name several settings, with as many defaults. */
const documented = table.flatMap(([names = '', defaults = '']) =>
  quoted(names).map((name, at) => ({ name,
    fallback: (defaults.includes('`') ? defaults.split(', ') : [defaults])[at] ?? defaults })
  )
)
const given = documented.filter(({ fallback }) => fallback.startsWith('`')).map(({ name, fallback }) => ({ name,
  value: quoted(fallback)[0] ?? '', onWorkers: /Workers: `([^`]+)`/.exec(fallback)?.[1] })
)
/** Settings that only have an effect together with another one. */
const together: Readonly<Record<string, Record<string, string>>> = { CF_API_BASE_URL: { STORE: 'cloudflare-kv' },
  VALKEY_CLUSTER: { STORE: 'valkey', VALKEY_URL: 'valkey://127.0.0.1' },
  KDF_ITERATIONS: { SECRET_PEPPER: Buffer.alloc(32, 1).toString('base64') } }

/** Every name that the one function reads from the environment. */
function settingsOfTheCode (): string[] {
  const asked = new Set<string>()
  readConfig(new Proxy({}, { get: (_target, name) => {
    if (typeof name === 'string') asked.add(name)
  } }))
  // A binding of a Worker is not a setting. Proxy settings also exist in lower case.
  return [...asked].filter(name => name === name.toUpperCase() && name !== 'TOKEN_KV').sort()
}

t.test('docs/settings.md names every setting once, and no other', async t => {
  t.strictSame(documented.map(({ name }) => name).sort(), settingsOfTheCode())
})

t.test('.env.example names every setting once, and no other', async t => {
  const named = [...example.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(match => match[1] ?? '').sort()
  t.strictSame(named, settingsOfTheCode())
})

t.test('a documented default is the value without a setting, and another value changes it', async t => {
  t.ok(given.length > 20, `${given.length} defaults`)
  for (const { name, value, onWorkers } of given) {
    const read = (more: Record<string, string>, runtime?: 'node' | 'worker') =>
      readConfig({ ...together[name], ...more }, runtime)
    t.strictSame(read({ [name]: value }), read({}), `${name}=${value}`)
    if (onWorkers !== undefined) {
      t.strictSame(read({ [name]: onWorkers }, 'worker'), read({}, 'worker'), `${name}=${onWorkers} on Workers`)
    }
    const others = [String(Number(value) - 1), `${value}/x`, `${value}0`, `${value.slice(0, -1)}9`, 'closed', 'debug',
      '1', 'off', 'https://other.example'].filter(other => isValid({ ...together[name], [name]: other }))
    t.ok(others.some(other => JSON.stringify(read({ [name]: other })) !== JSON.stringify(read({}))),
      `${name} has an effect`)
  }
})

t.test('if docs/settings.md gives no default, the code has none', async t => {
  for (const { name, fallback } of documented.filter(({ name }) => !given.some(each => each.name === name))) {
    if (fallback === 'see below') continue
    t.equal(fallback, '–', name)
    t.notMatch(source,
      new RegExp(
        `\\b(?:integer|seconds|oneOf|url|version)\\('${name}'|text\\('${name}'\\) \\?\\? (?!null|undefined|''|text\\()`,
      ), name)
  }
  t.equal(readConfig({}).store.kind, 'sqlite', 'STORE, without any CF_ credential')
  t.equal(readConfig({ CF_ACCOUNT_ID: 'x' }).store.kind, 'cloudflare-kv', 'STORE, with one')
})

t.test('the comments of .env.example give the same defaults', async t => {
  // Comments, and the settings that follow them.
  for (const [, comment = '', settings = ''] of example.matchAll(/((?:^#.*\n)+)((?:^[A-Z0-9_]+=.*\n)+)/gm)) {
    for (const { name, value } of given) {
      if (new RegExp(`^${name}=`, 'm').test(settings)) t.ok(comment.includes(value), `${name}: ${value}`)
    }
  }
})

t.test('.env.example begins with Cloudflare KV and empty credentials, as the original did', async t => {
  const values = new Map(
    [...example.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(match => [match[1] ?? '', match[2] ?? '']),
  )
  t.equal([...values.keys()][0], 'STORE')
  t.equal(values.get('STORE'), 'cloudflare-kv')
  t.strictSame([...values].filter(([name, value]) => name !== 'STORE' && value !== ''), [],
    'no other setting has a value')
})

t.test('every name in the docs that looks like a setting is one, or belongs to other software', async t => {
  const settings = settingsOfTheCode()
  const pages = [...readdirSync('.'), ...readdirSync('docs').map(name => `docs/${name}`)].filter(name =>
    name.endsWith('.md')
  )
  // Settings of clients, of Node and of systemd.
  const prefixes = 'ANTHROPIC|OPENAI|CLAUDE_CODE|NODE|AF|GEMINI|GOOGLE_GEMINI|COPILOT_PROVIDER'
  const foreign = new RegExp(`^(?:(?:${prefixes})_|(?:ENABLE_TOOL_SEARCH|COPILOT_MODEL)$)`)
  const elsewhere = ['.github', 'deploy', 'src', 'static/assets', '.'].filter(folder => existsSync(folder)).flatMap(
    folder =>
      readdirSync(folder, { recursive: folder !== '.', withFileTypes: true }).filter(entry =>
        entry.isFile() && !/\.md$|^\.env|^package-lock/.test(entry.name)
      ).map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  ).join('\n')
  for (const page of pages) {
    const named = new Set([...readPage(page).text.matchAll(/\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b/g)].map(([name]) => name))
    t.strictSame(
      [...named].filter(name =>
        !settings.includes(name) && !foreign.test(name) && !new RegExp(`\\b${name}\\b`).test(elsewhere)
      ),
      [],
      page,
    )
  }
})

function isValid (env: Record<string, string>): boolean {
  try {
    return readConfig(env).port >= 0
  } catch (thrown) {
    if (thrown instanceof ConfigError) return false
    throw thrown
  }
}
