// Routes, errors, states and headers: compares the tables of docs/api.md with the tables of the code, in both
// directions.
import { readFileSync, readdirSync } from 'node:fs'
import t from 'tap'
import { reserved, usernameForm } from '../../src/auth/account.ts'
import { readConfig } from '../../src/config.ts'
import { statusOf, statusOfState, upstreamStatusOf } from '../../src/errors.ts'
import { createGateway } from '../../src/gateway.ts'
import { goodStates } from '../../src/handlers/account-form.ts'
import { replyHeaders, requestHeaders } from '../../src/openapi/headers.ts'
import { pages } from '../../src/openapi/pages.ts'
import { servedPages } from '../../src/page-files.ts'
import { everyPage } from '../../src/security-headers.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { systemClock } from '../../src/system-clock.ts'
import { pageOf } from '../../src/workers/assets.ts'
import { createFindRoute } from '../../src/workers/match.ts'
import { quoted, readPage, rows, section, withoutCode } from './markdown.ts'

const api = readPage('docs/api.md')
const routesText = section(api, '## Routes')
const headersText = section(api, '## Headers')
const nothing = () => {}
const { routes } = createGateway(readConfig({ STORE: 'memory', ADMIN_TOKEN: 'a-token-of-tests' }), {
  store: createMemoryStore(systemClock),
  send: async () => {
    throw new Error('nothing is sent')
  },
  clock: systemClock,
  fingerprint: () => '',
  version: '0',
  log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  exposition: async () => ({ contentType: '', text: '' }),
})
const served = [...pages, ...routes].flatMap(({ methods, path, operation }) =>
  methods.map(method => ({ name: `${method} ${path}`, method, path, operation }))
)
const documented = rows(routesText).flatMap(([route = '']) => quoted(route)).filter(name => /^[A-Z]+ \//.test(name))

/** The source of all code that answers requests, by file. */
const sources = new Map(
  ['handlers', 'relay', 'dialects', 'node', 'workers', 'upstream', 'auth', 'store', 'usage', '.'].flatMap(folder =>
    readdirSync(`src/${folder}`, { recursive: folder !== '.', encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
      .map(name => [`${folder}/${name}`, readFileSync(`src/${folder}/${name}`, 'utf8')] as const)
  ),
)

t.test('every route that docs/api.md names is served', async t => {
  t.ok(documented.length > 20)
  t.strictSame(documented.filter(name => !served.some(route => route.name === name)), [])
})

t.test('every route that another page names is served', async t => {
  const findRoute = createFindRoute(routes)
  for (const page of [...readdirSync('.'), ...readdirSync('docs').map(name => `docs/${name}`)].filter(name =>
    name.endsWith('.md')
  )) {
    for (const [, method = '', path = ''] of withoutCode(readPage(page).text).matchAll(
      /`(GET|HEAD|POST|PUT|PATCH|DELETE) (\/[^`\s?]*)/g,
    )) {
      t.ok(
        pageOf(method, path, servedPages({ adminToken: '' })) !== null
          || findRoute(method, path.replaceAll(/:\w+|<[^>]+>/g, 'mona')).kind === 'route',
        `${page}: ${method} ${path}`,
      )
    }
  }
})

t.test('docs/api.md names every served route, in one of its spellings', async t => {
  const isNamed = (name: string) => documented.includes(name)
  // A HEAD route adds nothing to its GET route.
  const missing = served.filter(({ method, path, operation }) =>
    !(method === 'HEAD' && served.some(other => other.name === `GET ${path}`))
    && !served.some(other => other.operation === operation && other.method === method && isNamed(other.name))
  )
  t.strictSame(missing.map(({ name }) => name), [])
})

t.test('reserved user names, and the form of a user name, are those of the code', async t => {
  const paragraph = routesText.split('\n\n').find(text => text.includes(usernameForm.source)) ?? ''
  t.strictSame(quoted(paragraph).filter(word => /^[a-z0-9]+$/.test(word)).sort(), [...reserved].sort())
})

t.test('docs/api.md lists the errors of the code', async t => {
  const found = rows(section(api, '## Errors')).flatMap(([code = '', status = '']) =>
    quoted(code).map(name => [name, Number(status)] as const)
  )
  t.strictSame(Object.fromEntries(found), { ...statusOf, ...upstreamStatusOf })
  t.equal(found.length, new Set(found.map(([name]) => name)).size, 'each one once')
})

t.test('every error code is in a table', async t => {
  const own = [...sources].flatMap(([file, text]) =>
    [...text.matchAll(/new GatewayError\(\{[^}]*?code: '([^']+)'/g)].map(([, code = '']) => `${file}: ${code}`)
  )
  t.strictSame(
    own.filter(line =>
      !((line.split(': ')[1] ?? '') in { ...statusOf, ...upstreamStatusOf }) && !line.endsWith(': client_gone')
    ),
    [],
    'only the error of a client that left has no row',
  )
})

t.test('docs/api.md and the page have every state of the account routes, and no other', async t => {
  const account = section(api, '### Pages and account')
  const listed = /with the states ([^.]+)\./.exec(account)?.[1] ?? ''
  t.strictSame(quoted(listed).sort(), Object.keys(statusOfState).sort())
  const banner = readFileSync('static/assets/setup/banner.js', 'utf8')
  for (const state of [...goodStates, ...Object.keys(statusOfState)]) {
    t.match(api.text, new RegExp(`["\`]${state}["\`]`), state)
    t.match(banner, new RegExp(`'${state}': '(?:good|warn|bad)'`), `${state} on the page`)
  }
})

/** Headers of every HTTP reply or of every page. docs/api.md names only those of this proxy. */
const common = new Set([...Object.keys(everyPage), 'content-type', 'content-length', 'cache-control', 'connection',
  'vary', 'location'])
/** `x-quota-snapshot-*` names all headers with that beginning. */
const isOneOf = (name: string, names: readonly string[]) =>
  names.some(each => each === name || (each.endsWith('*') && name.startsWith(each.slice(0, -1))))

t.test('docs/api.md lists the reply headers that the code sends', async t => {
  const table = headersText.slice(headersText.indexOf('Of a reply'))
  const named = rows(table).flatMap(([header = '']) => quoted(header))
  const mentioned = quoted(table).filter(word => /^[a-z]+(?:-[a-z_*]+)+$/.test(word))
  t.strictSame(Object.keys(replyHeaders).filter(name => !isOneOf(name, [...named, ...mentioned]) && !common.has(name)),
    [], 'every sent header is documented')
  const known: readonly string[] = Object.keys(replyHeaders)
  t.strictSame(
    named.filter(name =>
      !known.includes(name) && !known.some(each => name.endsWith('*') && each.startsWith(name.slice(0, -1)))
    ),
    [],
    'every documented header is sent',
  )
})

t.test('docs/api.md lists the request headers that the code reads', async t => {
  const named = rows(headersText.slice(0, headersText.indexOf('Of a reply'))).flatMap(([header = '']) => quoted(header))
  // `anthropic-version` has no effect, whatever its value.
  t.strictSame(Object.keys(requestHeaders).filter(name => !named.includes(name) && name !== 'anthropic-version'), [],
    'every header that the code reads is documented')
  for (const name of named) t.ok([...sources.values()].some(text => text.includes(`'${name}'`)), name)
})

t.test('every header of this proxy in the source is documented', async t => {
  const known = [...Object.keys(replyHeaders), ...Object.keys(requestHeaders), ...Object.keys(everyPage)]
  // Read from requests or from upstream, or sent there.
  const others = ['x-api-key', 'x-initiator', 'x-forwarded-host', 'x-forwarded-for', 'x-github-api-version',
    'x-interaction-type', 'x-copilot-service', 'x-vscode-user-agent-library-version', 'x-claude-code-session-id',
    'x-opencode-session', 'x-session-id', 'x-goog-api-key', 'x-goog-api-client', 'x-server-timeout']
  const literals = [...sources].filter(([file]) =>
    !file.startsWith('upstream/copilot') && !file.startsWith('upstream/exchange')
  ).flatMap(([file, text]) =>
    [...text.matchAll(/'(x-[a-z0-9_-]+[a-z0-9])'/g)].map(([, name = '']) => `${file}: ${name}`)
  )
  t.ok(literals.length > 10)
  t.strictSame(
    literals.filter(line => !known.includes(line.split(': ')[1] ?? '') && !others.includes(line.split(': ')[1] ?? '')),
    [],
  )
})
