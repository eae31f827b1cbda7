// The import rules: the table of `docs/architecture.md#who-may-import-whom`, compared with the import lines of src/.
// Types cost nothing at run time, so a few more of them may cross; each such line is listed here.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

interface Import {
  readonly from: string
  readonly to: string
  readonly isType: boolean
}

const root = fileURLToPath(new URL('../../src/', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => /\.(?:ts|js)$/.test(name)).map(
  name => name.replaceAll('\\', '/')
)
const statement =
  /^(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

const imports: Import[] = files.flatMap(from =>
  [...readFileSync(join(root, from), 'utf8').matchAll(statement)].map(([, type, fixed, dynamic]) => {
    const to = fixed ?? dynamic ?? ''
    return { from, to: to.startsWith('.') ? relative(root, join(root, dirname(from), to)).replaceAll('\\', '/') : to,
      isType: type !== undefined }
  })
)

/** Patterns of what a folder may import; `leaf` means the leaves. `types`: by `import type` only. */
interface Rule {
  readonly of: RegExp
  readonly may: readonly RegExp[]
  readonly types?: readonly RegExp[]
}

const leaves = ['contract', 'allowed-hosts', 'errors', 'bytes', 'json', 'limiter', 'single-flight', 'security-headers',
  'cors', 'config', 'scrub', 'model-entry', 'meter', 'audit', 'body', 'append', 'pause', 'next-turn', 'steps',
  'json-pieces', 'json-writer', 'system-clock']
const leaf = new RegExp(`^(?:${leaves.join('|')})\\.ts$`)
const sharedDialect = /^dialects\/(?:contract|shared)\//
const modelFacts = /^rules\/model-(?:facts|names)\.ts$/
const store = /^store\/(?:store|keys)\.ts$/
const core = /^(?:auth|upstream|relay|usage|dialects|rules|witness|handlers)\/|^core\.ts$/
const pure = /^(?:lru-cache|openai|@anthropic-ai\/sdk|gpt-tokenizer)(?:\/|$)/
const own = (folder: string) => new RegExp(`^${folder}/`)

const rules: readonly Rule[] = [{ of: /^contract\.ts$/, may: [], types: [/^errors\.ts$/, /^auth\/account\.ts$/] }, {
  of: /^errors\.ts$/,
  may: [],
}, { of: /^core\.ts$/, may: [], types: [leaf, core, store] }, { of: leaf, may: [leaf, pure] },
  ...['chat', 'responses', 'messages'].map((name): Rule => ({ of: own(`dialects/${name}`),
    may: [own(`dialects/${name}`), sharedDialect, modelFacts, leaf, pure] })
  ), { of: sharedDialect, may: [sharedDialect, modelFacts, leaf, pure] }, { of: own('rules'),
  may: [own('rules'), sharedDialect, leaf] }, { of: own('relay'),
  may: [own('relay'), sharedDialect, modelFacts, leaf, pure], types: [/^auth\/account\.ts$/, /^rules\/rule\.ts$/] }, {
  of: own('auth'),
  may: [own('auth'), store, leaf, pure, /^upstream\/secrets\.ts$/],
}, { of: own('upstream'), may: [own('upstream'), store, leaf, pure], types: [/^auth\/account\.ts$/] }, {
  of: own('usage'),
  may: [own('usage'), leaf, pure],
  types: [sharedDialect, /^auth\/account\.ts$/],
}, { of: own('handlers'), may: [core, store, leaf, pure, /^openapi\/document\.ts$/], types: [/^openapi\//] }, {
  of: own('witness'),
  may: [own('witness'), leaf, /^upstream\/free\.ts$/],
}, { of: own('openapi'), may: [own('openapi'), core, leaf], types: [/^routes\.ts$/] }, { of: /^(?:gateway|routes)\.ts$/,
  may: [core, store, leaf, pure, /^(?:gateway|routes)\.ts$/], types: [/^openapi\//] }]
const ruleOf = (file: string) =>
  file === 'contract.ts' || file === 'errors.ts' || file === 'core.ts'
    ? rules.find(({ of }) => of.test(file))
    : rules.find(({ of }) => of.test(file))
const isAllowed = ({ to, isType }: Import, { may, types = [] }: Rule) =>
  may.some(pattern => pattern.test(to)) || (isType && types.some(pattern => pattern.test(to)))
const listed = (some: readonly Import[]) =>
  some.map(({ from, to, isType }) => `${from} imports ${isType ? 'type ' : ''}${to}`)

t.test('the import lines were found', async t => {
  t.ok(files.length > 80 && imports.length > 300, `${files.length} files, ${imports.length} imports`)
  t.ok(imports.some(({ from, to }) => from === 'auth/sign-in.ts' && to === 'single-flight.ts'))
})

t.test('imports point inward: each folder of the core imports only what the table allows', async t => {
  t.strictSame(listed(imports.filter(line => {
    const rule = ruleOf(line.from)
    return rule !== undefined && !isAllowed(line, rule)
  })), [])
})

t.test('the description of the routes is loaded only when a client asks for it', async t => {
  const loads = /^\s*import (?!type\b)[^\n]*['"][^'"]*openapi\//m
  t.strictSame(files.filter(name => !name.startsWith('openapi/') && loads.test(readFileSync(join(root, name), 'utf8'))),
    [])
})

t.test('a dialect knows no other dialect', async t => {
  const folder = (file: string) => /^dialects\/(?!contract\/|shared\/)([^/]+)\//.exec(file)?.[1]
  t.strictSame(
    listed(imports.filter(({ from, to }) =>
      folder(from) !== undefined && folder(to) !== undefined && folder(from) !== folder(to)
    )),
    [],
  )
})

t.test('handlers and relay know no dialect by its name: what differs is a member of Dialect', async t => {
  const code = (name: string) => readFileSync(join(root, name), 'utf8').replaceAll(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, '')
  const named = /'(?:openai-chat|openai-responses|anthropic-messages)'|\bDialectName\b/
  const dialect = String.raw`\b(?:client|upstream|asked|dialect|messages)\??\.(?:name|path)`
  const compared = new RegExp(
    String.raw`${dialect}\s*[!=]==?\s*'|[!=]==?\s*${dialect}|${dialect.replace('|path', '')}\s*[!=]==?`,
  )
  t.ok(
    named.test("client === 'openai-chat'") && compared.test("plan.client.path === '/responses'")
      && compared.test('name !== upstream.name') && compared.test('asked.name === name'),
  )
  t.strictSame(
    files.filter(name => /^(?:handlers|relay)\//.test(name) && (named.test(code(name)) || compared.test(code(name)))),
    [],
  )
})

t.test('the core knows no runtime, no server, no driver and no emulator', async t => {
  const folders = /^(?:node|workers|emulator|build)\/|^store\/(?!store\.ts|keys\.ts)/
  const packages = /^(?:fastify|undici|pino|node:|@fastify\/|cloudflare)/
  const isOutside = (path: string): boolean => folders.test(path) || packages.test(path)
  t.strictSame(listed(imports.filter(({ from, to }) => ruleOf(from) !== undefined && isOutside(to))), [])
})

t.test("store drivers import only the store's own files and leaves", async t => {
  const may = [own('store'), leaf, pure, /^node:/, /^cloudflare(?:\/|$)/, /^@cloudflare\//]
  t.strictSame(
    listed(imports.filter(({ from, to }) => from.startsWith('store/') && !may.some(pattern => pattern.test(to)))),
    [],
  )
})

t.test('runtimes import neither each other nor a handler', async t => {
  t.strictSame(
    listed(imports.filter(({ from, to }) =>
      (from.startsWith('node/') && to.startsWith('workers/')) || (from.startsWith('workers/') && to.startsWith('node/'))
      || (/^(?:node|workers)\//.test(from) && to.startsWith('handlers/'))
    )),
    [],
  )
  t.strictSame(
    listed(imports.filter(({ from, to, isType }) =>
      from.startsWith('workers/') && !isType && /^(?:node:|fastify|undici|pino)/.test(to)
    )),
    [],
  )
})

t.test('only the demo imports the emulator', async t => {
  t.strictSame(
    listed(imports.filter(({ from, to }) =>
      to.startsWith('emulator/') && !from.startsWith('emulator/') && from !== 'node/cli/demo.ts'
    )),
    [],
  )
})

t.test('only the settings read the environment', async t => {
  const reads = files.filter(name =>
    !name.startsWith('emulator/') && !name.startsWith('build/')
    && /\bprocess\.env\b/.test(readFileSync(join(root, name), 'utf8').replaceAll(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, ''))
  )
  t.strictSame(reads, ['node/environment.ts'])
})

t.test('relay/ takes its time from the Clock', async t => {
  const own = /\b(?:setTimeout|setInterval|performance\.now|Date\.now)\b/
  t.strictSame(files.filter(name => name.startsWith('relay/') && own.test(readFileSync(join(root, name), 'utf8'))), [])
})
