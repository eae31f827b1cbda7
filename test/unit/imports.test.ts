// The borders of src/: compares the table of docs/architecture.md#who-may-import-whom with the import lines, and checks
// what the table cannot express: no circles, no border that must stay shut.
import t from 'tap'
import { quoted, readPage, rows, section } from '../docs/markdown.ts'
import { circlesOf, codeOf, files, graphOf, imports, listed, reachable, sourceOf,
  type Import } from './helpers/imports.ts'

interface Permission {
  readonly text: string
  readonly isTypes: boolean
}
interface Row {
  readonly of: readonly string[]
  readonly isLeaf: boolean
  readonly permissions: readonly Permission[]
}

const table: readonly Row[] = rows(section(readPage('docs/architecture.md'), '## Who may import whom')).map((
  [of = '', may = '', types = ''],
) => ({
  of: quoted(of),
  isLeaf: of.includes('(leaf)'),
  permissions: [...permissionsOf(may, false), ...permissionsOf(types, true)],
}))

function permissionsOf (cell: string, isTypes: boolean): Permission[] {
  return [...(/\bleaves\b/.test(cell) ? ['leaves'] : []), ...quoted(cell)].map(text => ({ text, isTypes }))
}

/** `folder/` is every file below it; `*` is any name, or any path at the end of a package. */
function fits (pattern: string, path: string): boolean {
  const end = pattern.endsWith('/') ? '.+' : pattern.endsWith('/*') || pattern.endsWith(':*') ? '.+' : ''
  const start = (end === '' ? pattern : pattern.replace(/\*$/, '')).replaceAll(/[.+@/]/g, String.raw`\$&`)
  return new RegExp(`^${start.replaceAll('*', '[^/]+')}${end}$`).test(path)
}
const rowsOfFiles = new Map(files.map(file => [file, table.find(({ of }) => of.some(pattern => fits(pattern, file)))]))
const rowOf = (file: string): Row | undefined => rowsOfFiles.get(file)
/** `dialects/chat/` for a file of that dialect, `rules/` for one of `rules/`; a file next to the folders has none. */
const folderOf = (file: string): string | undefined => /^(?:dialects\/)?[^/]+\//.exec(file)?.[0]
const isOwn = ({ from, to }: Import): boolean => folderOf(from) !== undefined && folderOf(from) === folderOf(to)
const allows = ({ text, isTypes }: Permission, { to, isType }: Import): boolean =>
  (isType || !isTypes) && (text === 'leaves' ? rowOf(to)?.isLeaf === true : fits(text, to))

t.test('the import lines and the table were found', async t => {
  t.ok(files.length > 80 && imports.length > 300, `${files.length} files, ${imports.length} imports`)
  t.ok(imports.some(({ from, to }) => from === 'auth/sign-in.ts' && to === 'single-flight.ts'))
  t.ok(table.length > 20, `${table.length} rows`)
  t.strictSame(files.filter(file => rowOf(file) === undefined), [], 'each file has a row')
  t.ok(
    fits('node:*', 'node:fs/promises') && fits('dialects/*/index.ts', 'dialects/chat/index.ts')
      && fits('@fastify/*', '@fastify/cors') && fits('*.ts', 'json.ts'),
  )
  t.notOk(fits('*.ts', 'relay/scan.ts') || fits('openai/*', 'openai') || fits('auth/', 'auth.ts'))
})

t.test('each file imports only what the table allows', async t => {
  t.strictSame(
    listed(imports.filter(line =>
      !isOwn(line) && rowOf(line.from)?.permissions.some(permission =>
          allows(permission, line)
        ) !== true
    )),
    [],
  )
})

t.test('the table allows only imports that some file needs', async t => {
  t.strictSame(
    table.flatMap(row =>
      row.permissions.filter(permission =>
        !imports.some(line => rowOf(line.from) === row && !isOwn(line) && allows(permission, line))
      ).map(({ text, isTypes }) => `${row.of.join()} needs no ${isTypes ? 'type of ' : ''}${text}`)
    ),
    [],
  )
})

t.test('there are no circles of imports, types included', async t => {
  t.strictSame(circlesOf(graphOf(imports)), [])
  const example = new Map([['a', ['b']], ['b', ['c', 'd']], ['c', ['a']], ['d', ['e']], ['e', ['d']], ['f', ['a']]])
  t.strictSame(circlesOf(example), [['a', 'b', 'c'], ['d', 'e']], 'the check finds them')
  t.strictSame(circlesOf(new Map([['a', ['a']]])), [['a']])
})

t.test('no row opens a border that must stay shut', async t => {
  const core =
    /^(?:contract|errors|core|routes?|gateway)\.ts$|^(?:auth|upstream|usage|hot|relay|rules|dialects|handlers)\//
  const outside = new RegExp(
    String.raw`^(?:node|workers|emulator|build)/|^store/(?!(?:store|keys|usage-store|usage-of-store|hot-state)\.ts)|`
      + '^(?:fastify|undici|pino|node:|@fastify/|cloudflare)',
  )
  const dialect = (file: string) => /^dialects\/(?!contract\/|shared\/)([^/]+)\//.exec(file)?.[1]
  const shut: ReadonlyArray<(line: Import) => boolean> = [({ from, to }) => core.test(from) && outside.test(to),
    ({ from, to }) => dialect(from) !== undefined && dialect(to) !== undefined && dialect(from) !== dialect(to),
    ({ from, to }) => /^node\//.test(from) && /^(?:workers|handlers)\//.test(to),
    ({ from, to }) => /^workers\//.test(from) && /^(?:node|handlers)\/|^(?:node:|fastify|undici|pino)/.test(to),
    ({ from, to }) =>
      to.startsWith('emulator/') && !from.startsWith('emulator/')
      && !['node/cli/demo.ts', 'build/demo-worker.ts'].includes(from),
    ({ from, to }) => from.startsWith('emulator/') && files.includes(to) && !to.startsWith('emulator/')]
  for (const isShut of shut) t.strictSame(listed(imports.filter(isShut)), [])
})

t.test('the emulator is in no bundle except the chunk of the demo', async t => {
  const code = graphOf(imports.filter(({ isType }) => !isType))
  const emulated = (graph: typeof code, entry: string) => {
    t.ok(files.includes(entry), entry)
    return [...reachable(graph, entry)].filter(file => file.startsWith('emulator/'))
  }
  t.strictSame(emulated(code, 'workers/worker.ts'), [])
  t.strictSame(emulated(code, 'node/tokenizer-worker.ts'), [])
  t.not(emulated(code, 'node/launch.js').length, 0, 'the command line loads it')
  const chunk = graphOf(imports.filter(({ isType, isLazy }) => !isType && !isLazy))
  for (const entry of files.filter(file => !file.startsWith('emulator/'))) t.strictSame(emulated(chunk, entry), [])
})

t.test('the description of the routes is loaded only when a client asks for it', async t => {
  const loads = /^\s*import (?!type\b)[^\n]*['"][^'"]*openapi\//m
  t.strictSame(files.filter(name => !name.startsWith('openapi/') && loads.test(sourceOf(name))), [])
})

t.test('handlers and relay name no dialect: the differences are members of Dialect', async t => {
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
    files.filter(name =>
      /^(?:handlers|relay)\//.test(name) && (named.test(codeOf(name)) || compared.test(codeOf(name)))
    ),
    [],
  )
})

t.test('only the settings read the environment', async t => {
  t.strictSame(files.filter(name => !/^(?:emulator|build)\//.test(name) && /\bprocess\.env\b/.test(codeOf(name))), [
    'node/environment.ts',
  ])
})

t.test('relay/ reads the time from the Clock only', async t => {
  const own = /\b(?:setTimeout|setInterval|performance\.now|Date\.now)\b/
  t.strictSame(files.filter(name => name.startsWith('relay/') && own.test(sourceOf(name))), [])
})
