// OpenAPI 3.1 for every route, generated from the served route table. Loaded and built on the first request for it.
import type { DocumentedRoute } from './documented-route.ts'
import { replyHeaders, requestHeaders, type ReplyHeader } from './headers.ts'
import { operations } from './operations.ts'
import { pages } from './pages.ts'
import { codesOfNone, formOf, refusalsOf } from './refusals.ts'
import { schemas, username, type SchemaName } from './schemas.ts'
import { ref, type Json } from './shape.ts'
import { shareResponses } from './share-responses.ts'
import { tags, type AnswerDoc, type Operation } from './types.ts'

const about = 'One address for each user, `/{username}/v1`, speaks OpenAI Chat Completions, OpenAI Responses and '
  + "Anthropic Messages, and `/{username}/v1beta` Google's Gemini API, for every model of that user's GitHub Copilot "
  + 'seat.\n\n'
  + 'Every path below `/{username}/v1` is also served without `/v1` and with it doubled; an operation lists its other '
  + 'addresses in `x-also-at`. `OPTIONS` there answers CORS preflights without credentials. An unknown path is 404, a '
  + 'wrong method 405 with `Allow`, both in the form of the dialect: see `components.responses`. Every reply has '
  + '`x-request-id`.'

/** @param routes every row of the table, including the operator's */
export function createDocument (routes: readonly DocumentedRoute[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  // One operation may have several addresses: its first address describes it.
  for (const spelled of Map.groupBy([...pages, ...routes], ({ operation }) => operation).values()) {
    const [route, ...others] = spelled
    if (route === undefined) continue
    const item = paths[toTemplate(route.path)] ??= {}
    for (const [at, method] of route.methods.entries()) {
      item[method.toLowerCase()] = describe(route, method, at, others.map(({ path }) => toTemplate(path)))
    }
  }
  const { paths: described, shared } = shareResponses(paths)
  return {
    openapi: '3.1.0',
    info: { title: 'copilot-proxy', version, description: about, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/', description: 'The address of this document.' }],
    security: securityOf.api, // of every operation that names none
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: described,
    components: { schemas, headers: replyHeaders,
      parameters: { username: inPath('username', username), ...headerParameters },
      responses: { ...responsesOfNone(routes), ...shared }, securitySchemes },
  }
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer',
    description: "The user's password, `acpc-…`, as OpenAI's clients send a key. If a request has both credentials, a "
      + 'well-formed bearer wins.' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key',
    description: "The user's password, as Anthropic's clients send a key." },
  googleKey: { type: 'apiKey', in: 'header', name: 'x-goog-api-key',
    description: "The user's password, as Google's clients send a key. With `ALLOW_KEY_IN_URL=1` also as `?key=`." },
  adminToken: { type: 'http', scheme: 'bearer', description: '`ADMIN_TOKEN`.' },
} as const
const securityOf = { api: [{ bearer: [] }, { apiKey: [] }, { googleKey: [] }], admin: [{ adminToken: [] }], site: [],
  probe: [] } as const

function describe (route: DocumentedRoute, method: string, at: number, alsoAt: readonly string[]): Json {
  const operation: Operation = operations[route.operation]
  const parameters = parametersOf(route, operation)
  return {
    operationId: at === 0 ? route.operation : `${route.operation}By${method}`,
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description,
    ...(operation.seeAlso === undefined
      ? {}
      : { externalDocs: { url: operation.seeAlso, description: "The vendor's reference." } }),
    ...(alsoAt.length === 0 ? {} : { 'x-also-at': alsoAt }),
    ...(route.scope === 'api' ? {} : { security: securityOf[route.scope] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(operation.body === undefined ? {} : { requestBody: bodyOf(route, operation, operation.body) }),
    responses: responsesOf(route, operation, method === 'HEAD'),
  }
}

const headerParameters = Object.fromEntries(
  Object.entries(requestHeaders).map(([name, header]) => [name, { name, in: 'header', ...header }]),
)

function parametersOf ({ path, scope }: DocumentedRoute, { headers = [], query = {} }: Operation): readonly Json[] {
  return [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) =>
      name === 'username' ? ref('parameters', name) : inPath(name, { type: 'string' })
    ),
    ...Object.entries(query).map(([name, more]) => ({ name, in: 'query', ...more })),
    ...[...headers, ...scope === 'api' ? ['x-copilot-seat'] : []].map(name => ref('parameters', name)),
  ]
}

function inPath (name: string, schema: Json): Json {
  return { name, in: 'path', required: true, schema }
}

function bodyOf (
  { maxBytes }: DocumentedRoute,
  { isForm = false }: Operation,
  name: NonNullable<Operation['body']>,
): Json {
  const content = { schema: ref('schemas', name) }
  return {
    required: true,
    description: `${
      maxBytes === undefined ? 'At most `MAX_BODY_BYTES`' : `At most ${maxBytes} bytes`
    }, in UTF-8 and not compressed.`,
    content: { 'application/json': content, ...(isForm ? { 'application/x-www-form-urlencoded': content } : {}) },
  }
}

/** The answers and refusals of an operation; a status may be both. */
function responsesOf (route: DocumentedRoute, operation: Operation, isHead: boolean): Json {
  const answers: Readonly<Record<number, AnswerDoc>> = operation.answers
  const refusals = refusalsOf(route, operation)
  const more = idsOf(formOf(route))
  const statuses = [...new Set([...Object.keys(answers).map(Number), ...refusals.keys()])].sort((a, b) => a - b)
  const responses = statuses.map(status => {
    const [answer, refusal] = [answers[status], refusals.get(status)]
    const says = [...(answer === undefined ? [] : [answer.says]),
      ...(refusal === undefined ? [] : [`${refusal.codes.map(code => `\`${code}\``).join(', ')}.`])]
    const names = [answer?.schema, refusal?.schema].filter(name => name !== undefined).map(name => ref('schemas', name))
    const content = isHead || names.length === 0 ? {} : {
      content: { [answer?.type ?? 'application/json']: { schema: names.length === 1 ? names[0] : { anyOf: names } },
        ...streamOf(answer) },
    }
    return [status, { description: says.join(' '),
      ...headersOf([...more, ...answer?.headers ?? [], ...refusal?.headers ?? []]), ...content }] as const
  })
  // Copilot's own refusals keep their status.
  const others = operation.codes?.includes('upstream_error') === true && route.scope === 'api'
    ? [
      ['4XX', { description: "Copilot's own refusal, with its status, message and code.",
        ...headersOf([...more, 'retry-after']),
        content: { 'application/json': { schema: ref('schemas', formOf(route)) } } }] as const,
    ]
    : []
  return Object.fromEntries<Json>([...responses, ...others])
}

function streamOf (answer: AnswerDoc | undefined): Json {
  return answer?.stream === undefined
    ? {}
    : { 'text/event-stream': { schema: { type: 'string', description: answer.stream } } }
}

/** Next to `x-request-id`, which is on every reply and described once: it would be a tenth of the document. */
function idsOf (form: SchemaName): readonly ReplyHeader[] {
  return form === 'AnthropicError' ? ['request-id'] : []
}

function headersOf (names: readonly ReplyHeader[]): Json {
  const headers = [...new Set(names)].map(name => [name, ref('headers', name)] as const)
  return headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }
}

/** Answers for unknown paths and methods, by the form of their errors. */
function responsesOfNone (routes: readonly DocumentedRoute[]): Json {
  const forms = [...new Set(routes.map(formOf))]
  return Object.fromEntries(
    forms.flatMap(form =>
      Object.entries(codesOfNone).map(([status, code]) => [`${form}${status}`, {
        description: `${status}: \`${code}\`.`,
        ...headersOf([...idsOf(form), ...(status === '405' ? ['allow'] as const : [])]),
        content: { 'application/json': { schema: ref('schemas', form) } },
      }])
    ),
  )
}

function toTemplate (path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}')
}
