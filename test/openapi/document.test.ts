// The document itself: valid, complete, and consistent with the route tables of both runtimes.
import { Validator } from '@seriousme/openapi-schema-validator'
import t from 'tap'
import { reserved } from '../../src/auth/account.ts'
import { readConfig } from '../../src/config.ts'
import { statusOfState } from '../../src/errors.ts'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import { operations, type OperationId } from '../../src/openapi/operations.ts'
import { servedPages } from '../../src/page-files.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { systemClock } from '../../src/system-clock.ts'
import type { Json } from '../fixtures/http.ts'
import { createAjv } from '../fixtures/openapi.ts'
import { recorded, recordedCalls } from '../fixtures/python-sdks.ts'

const full = gatewayWith({ ADMIN_TOKEN: 'a-token-of-tests' }, true)
const document = await documentOf(full)
const template = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}')
/** Method and path of every description, in every spelling. */
const described = Object.entries(document.paths as Record<string, Json>).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Json>).flatMap(([method, operation]) =>
    [path, ...operation['x-also-at'] ?? []].map(at => `${method.toUpperCase()} ${at}`)
  )
)

function gatewayWith (settings: Record<string, string>, counts = false): Gateway {
  const nothing = () => {}
  return createGateway(readConfig({ STORE: 'memory', ...settings }), {
    store: createMemoryStore(systemClock),
    send: async () => {
      throw new Error('nothing is sent')
    },
    clock: systemClock,
    fingerprint: () => '',
    version: '1.2.3',
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    ...counts && { exposition: async () => ({ contentType: 'text/plain', text: '' }) },
  })
}

async function documentOf ({ routes }: Gateway): Promise<Json> {
  const reply = await routes.find(({ path }) => path === '/openapi.json')?.handler({} as never)
  return JSON.parse(reply?.body as string)
}

t.test('it is OpenAPI 3.1', async t => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  t.ok(valid, JSON.stringify(errors))
  t.match(document, { openapi: /^3\.1\./, info: { title: 'copilot-proxy', version: '1.2.3' } })
})

t.test('every schema is valid by itself, and every reference resolves', async t => {
  const ajv = createAjv({ strict: true })
  for (const [name, schema] of Object.entries(document.components.schemas as Record<string, object>)) {
    ajv.addSchema({ $id: `/${name}`, ...rooted(schema) as object })
  }
  for (const name of Object.keys(document.components.schemas)) t.doesNotThrow(() => ajv.getSchema(`/${name}`), name)
  for (const [, pointer = ''] of JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)) {
    const found = pointer.slice(1).split('/').reduce<Json>((at, step) => at?.[step], document)
    if (found === undefined) t.fail(pointer)
  }
})

/** With references to the names of this test's schemas. */
function rooted (schema: object): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '/'))
}

t.test('the document allows everything that real clients send', async t => {
  const ajv = createAjv({ strict: false })
  ajv.addSchema({ ...document, $id: 'document' })
  for (const sdk of ['openai', 'anthropic'] as const) {
    for (const { call, body, path } of recordedCalls(sdk).map(call => recorded(sdk, call)).filter(({ body }) =>
      body !== null
    )) {
      const { schema } = document.paths[path.split('?')[0] ?? ''].post.requestBody.content['application/json']
      t.ok(ajv.validate({ $ref: `document${schema.$ref}` }, JSON.parse(body ?? '')),
        `${sdk} ${call}: ${ajv.errorsText()}`)
      t.notOk(ajv.validate({ $ref: `document${schema.$ref}` }, { model: 7 }),
        `${sdk} ${call}, without a required field`)
    }
  }
})

t.test('every route of the table and every page is described, in every spelling, and nothing else', async t => {
  const served = [...full.routes.flatMap(({ methods, path }) => methods.map(method => `${method} ${template(path)}`)),
    ...servedPages({ adminToken: '' }).flatMap(path => [`GET ${path}`, `HEAD ${path}`])]
  t.strictSame(described.toSorted(), served.toSorted())
  t.equal(new Set(described).size, described.length)
})

t.test('every description belongs to a route', async t => {
  const named = new Set<OperationId>([...full.routes.map(({ operation }) => operation), 'setupPage', 'chatPage',
    'adminPage'])
  t.strictSame([...named].sort(), Object.keys(operations).sort())
  for (const [id, { summary, description }] of Object.entries(operations)) {
    t.ok(summary.length > 5 && description.length > 5, id)
  }
})

t.test('operation ids are unique, and the document marks the routes that need credentials', async t => {
  const ids: string[] = []
  for (const { operationId, security, tags } of Object.values(document.paths as Record<string, Json>).flatMap(item =>
    Object.values(item as Record<string, Json>)
  )) {
    ids.push(operationId)
    const scope = full.routes.find(({ operation }) => operationId.startsWith(operation))?.scope ?? 'site'
    t.strictSame(security ?? document.security,
      { api: [{ bearer: [] }, { apiKey: [] }, { googleKey: [] }], admin: [{ adminToken: [] }], site: [],
        probe: [] }[scope], operationId)
    t.ok(document.tags.some(({ name }: Json) => name === tags[0]), operationId)
  }
  t.equal(new Set(ids).size, ids.length)
})

t.test('names and states are those of the code', async t => {
  const { schemas } = document.components
  t.strictSame(schemas.SaveUser.properties.username.not.enum, [...reserved])
  t.strictSame(Object.keys(statusOfState).filter(state => !schemas.AccountError.properties.status.enum.includes(state)),
    [])
  const responses = document.paths['/'].post.responses
  for (const [state, status] of Object.entries(statusOfState)) {
    const shared = responses[status]?.$ref?.split('/').at(-1)
    const response = shared === undefined ? responses[status] : document.components.responses[shared]
    t.match(response?.description, `\`${state}\``, state)
  }
})

t.test('it is the same on every deployment, whatever its settings', async t => {
  const small = gatewayWith({})
  t.strictSame(await documentOf(small), document)
  t.ok(small.routes.length < full.routes.length)
  t.ok(small.routes.every(({ methods, path }) => described.includes(`${methods[0]} ${template(path)}`)))
})

t.test('it is small, and made once', async t => {
  const route = full.routes.find(({ path }) => path === '/openapi.json')
  const [first, second] = [await route?.handler({} as never), await route?.handler({} as never)]
  t.equal(first?.body, second?.body)
  t.ok((first?.body as string).length < 150_000)
  t.match(first?.headers, { 'content-type': 'application/json; charset=utf-8',
    'cache-control': /^public, max-age=\d+$/ })
})
