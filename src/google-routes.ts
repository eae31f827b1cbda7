// The rows of the route table for Google's API. One path carries all methods of a model: the address ends in
// `models/{model}:{method}`. Google's clients ask below `/v1beta`, and newer ones below `/v1`.
import type { ErrorRenderer, Handler } from './contract.ts'
import type { Core } from './core.ts'
import { googleForms, googleGemini, googleGeminiArray } from './dialects/gemini/index.ts'
import { renderOpenAiError } from './dialects/shared/openai-error.ts'
import { GatewayError } from './errors.ts'
import { countLocally } from './handlers/count-locally.ts'
import { embedContents } from './handlers/embed-contents.ts'
import { generate } from './handlers/generate.ts'
import { listModels, oneModel } from './handlers/models.ts'
import type { OperationId } from './openapi/operations.ts'
import type { Route } from './route.ts'

const { renderError } = googleGemini
/** Clients add a version to a base URL that may have one. */
const ownBases = ['/v1beta', '/v1beta/v1beta', '/v1/v1beta']
const bases = [...ownBases, '/v1', '', '/v1/v1']

export function googleRoutes (core: Core): readonly Route[] {
  const rows = (operation: OperationId, method: string, paths: readonly string[], handler: Handler): Route[] =>
    paths.map(path => ({ operation, methods: [method], path, handler, renderError, scope: 'api', takesKeyInUrl: true }))
  return [...rows('callGoogleModel', 'POST', bases.map(base => `/:username${base}/models/:id`), callModel(core)),
    ...rows('listModels', 'GET', ownBases.map(base => `/:username${base}/models`),
      listModels(core, googleForms.models)),
    ...rows('getModel', 'GET', ownBases.map(base => `/:username${base}/models/:id`),
      oneModel(core, googleForms.models))]
}

function callModel (core: Core): Handler {
  const events = generate(core, googleGemini)
  const array = generate(core, googleGeminiArray)
  const methods = new Map<string, Handler>([['generateContent', events], ['streamGenerateContent',
    call => (call.query.get('alt') === 'sse' ? events : array)(call)], ['countTokens',
    countLocally(core, googleGemini, googleForms.count)], ['embedContent',
    embedContents(core, googleForms.embedding, googleForms.modelOf)], ['batchEmbedContents',
    embedContents(core, googleForms.embeddings, googleForms.modelOf)]])
  return async call => {
    const handler = methods.get(googleForms.verbOf(call.params['id'] ?? ''))
    if (handler !== undefined) return handler(call)
    throw new GatewayError('not_found',
      `The address must end in a method: models/{model}:{method}, where the method is one of `
        + `${[...methods.keys()].join(', ')}.`)
  }
}

/** Whether one of Google's clients asks at an address that other clients share. */
function isGoogleClient (headers: Readonly<Record<string, string | undefined>>): boolean {
  return headers['x-goog-api-key'] !== undefined || headers['x-goog-api-client'] !== undefined
}

/** `GET /v1/models` in the form of the client that asks. */
export function sharedModels (core: Core): { readonly list: Handler, readonly one: Handler } {
  const byClient = (google: Handler, other: Handler): Handler => call =>
    (isGoogleClient(call.headers) || call.query.has('key') ? google : other)(call)
  return { list: byClient(listModels(core, googleForms.models), listModels(core)),
    one: byClient(oneModel(core, googleForms.models), oneModel(core)) }
}

export const renderSharedError: ErrorRenderer = (error, request) =>
  (isGoogleClient(request.headers) ? renderError : renderOpenAiError)(error, request)
