// The route table that every runtime serves: one row a route, and for each what is public, who shapes its errors, and
// how large a body may be.
import { renderAnthropicError } from './dialects/anthropic-messages/errors.ts'
import { renderOpenAiError } from './dialects/openai-error.ts'
import type { ErrorRenderer, Handler } from './contract.ts'
import type { Core } from './core.ts'
import type { Dialect } from './dialects/dialect.ts'
import { GatewayError } from './errors.ts'
import { expelUser, listUsers, metrics, renderAdminError } from './handlers/admin.ts'
import { changePassword, deleteUser, saveUser } from './handlers/account.ts'
import { maxFormBytes, renderAccountError, renderFormError } from './handlers/account-form.ts'
import { countTokens } from './handlers/count-tokens.ts'
import { createDeviceFlow } from './handlers/device-flow.ts'
import { embeddings, maxEmbeddingsBytes } from './handlers/embeddings.ts'
import { generate } from './handlers/generate.ts'
import { healthz, readyz } from './handlers/health.ts'
import { listModels, oneModel } from './handlers/models.ts'
import { usage } from './handlers/usage.ts'

export interface Route {
  readonly methods: readonly string[]
  /** With `:name` parameters, in the common subset of Fastify's router and URLPattern. */
  readonly path: string
  /**
   * `api`: below a user name, with credentials and CORS. `probe`: below a user name, for everybody. `site`: pages'
   * own routes and operations, without CORS. `admin`: for the operator alone, who is asked for the ADMIN_TOKEN before
   * the body is read; without such a token there are none.
   */
  readonly scope: 'api' | 'probe' | 'site' | 'admin'
  readonly renderError: ErrorRenderer
  /** Of a body, where that is less than MAX_BODY_BYTES. */
  readonly maxBytes?: number
  readonly handler: Handler
}

export function createRoutes (core: Core, isDraining: () => boolean): readonly Route[] {
  const deviceFlow = createDeviceFlow(core)
  const site = (methods: readonly string[], path: string, handler: Handler, renderError = renderAccountError): Route => ({ methods, path, handler, renderError, scope: 'site', maxBytes: maxFormBytes })
  const api = (method: string, path: string, handler: Handler, renderError = renderOpenAiError): Route[] =>
    underEveryBase(path).map(full => ({ methods: [method], path: full, handler, renderError, scope: 'api' }))

  return [
    site(['POST'], '/', saveUser(core), renderFormError),
    site(['POST'], '/users/password', changePassword(core), renderFormError),
    site(['POST'], '/users/delete', deleteUser(core), renderFormError),
    site(['GET', 'POST'], '/github/get-device-code', deviceFlow.start),
    site(['POST'], '/github/poll-device-code', deviceFlow.poll),
    site(['GET', 'HEAD'], '/healthz', healthz),
    site(['GET', 'HEAD'], '/readyz', readyz(core, isDraining)),
    ...core.config.adminToken === null ? [] : adminRoutes(core),
    ...core.dialects.flatMap(dialect => api('POST', clientPath(dialect), generate(core, dialect), dialect.renderError)),
    ...underEveryBase('/responses').map((path): Route => ({ methods: ['GET'], path, scope: 'probe', renderError: renderOpenAiError, handler: refuseWebSocket })),
    ...core.dialects.filter(dialect => dialect.name === 'anthropic-messages').flatMap(dialect => api('POST', '/messages/count_tokens', countTokens(core, dialect), dialect.renderError)),
    ...api('POST', '/embeddings', embeddings(core)).map(route => ({ ...route, maxBytes: maxEmbeddingsBytes })),
    ...api('GET', '/models', listModels(core)),
    ...api('GET', '/models/:id', oneModel(core)),
    ...api('GET', '/usage', usage(core)),
    ...[...underEveryBase(''), ...underEveryBase('/'), '/:username/api/hello'].map((path): Route => ({ methods: ['HEAD'], path, scope: 'probe', renderError: renderOpenAiError, handler: async () => ({ status: 200, headers: {}, body: null }) })),
  ]
}

function adminRoutes (core: Core): Route[] {
  const admin = (method: string, path: string, handler: Handler): Route => ({ methods: [method], path, handler, scope: 'admin', renderError: renderAdminError })
  return [
    admin('GET', '/admin/users', listUsers(core)),
    admin('DELETE', '/admin/users/:username', expelUser(core)),
    ...core.exposition === null ? [] : [admin('GET', '/metrics', metrics(core.exposition))],
  ]
}

/** Codex tries a WebSocket first; at a 426 it turns to HTTP at once, at anything else after seven tries. */
const refuseWebSocket: Handler = async ({ headers }) => {
  if (headers['upgrade']?.toLowerCase() === 'websocket') throw new GatewayError('websocket_unsupported', 'Responses are served over HTTP here: POST to this address.', { headers: { upgrade: 'HTTP/1.1' } })
  throw new GatewayError('method_not_allowed', 'GET is not a method of this route.', { headers: { allow: 'POST, OPTIONS' } })
}

/** Copilot serves Messages below `/v1`, and only Messages; here `/v1` belongs to the base. */
function clientPath ({ path }: Dialect): string {
  return path.replace(/^\/v1/, '')
}

/** People paste base URLs with `/v1` and without it, and tools add another. */
function underEveryBase (path: string): string[] {
  return ['/v1', '', '/v1/v1'].map(base => `/:username${base}${path}`)
}

/** Who shapes the error of a path that no route has: Anthropic's clients look for theirs. */
export function rendererOfUnknown (path: string): ErrorRenderer {
  return /^\/[^/]+(?:\/v1){0,2}\/messages(?:\/|$)/.test(path) ? renderAnthropicError : renderOpenAiError
}
