// The route table that every runtime serves. Each row says who may call the route, which renderer shapes its errors,
// and how large a body may be.
import { alphaSearch } from './handlers/alpha-search.ts'
import { renderOpenAiError } from './dialects/shared/openai-error.ts'
import type { Handler } from './contract.ts'
import type { Core } from './core.ts'
import type { Dialect, DialectName } from './dialects/contract/dialect.ts'
import type { SocketForm } from './dialects/contract/socket-form.ts'
import { googleRoutes, renderSharedError, sharedModels } from './google-routes.ts'
import { expelUser, listUsers, metrics, renderAdminError } from './handlers/admin.ts'
import { closeOperatorSession, openOperatorSession } from './handlers/admin-session.ts'
import { compactResponse } from './handlers/answer-compaction.ts'
import { changePassword, deleteUser, saveUser } from './handlers/account.ts'
import { maxFormBytes, renderAccountError, renderFormError } from './handlers/account-form.ts'
import { downloadBackup } from './handlers/backup.ts'
import { connectPlan, connectScript, scriptPaths } from './handlers/connect.ts'
import { countTokens } from './handlers/count-tokens.ts'
import { createDeviceFlow } from './handlers/device-flow.ts'
import { embeddings, maxEmbeddingsBytes } from './handlers/embeddings.ts'
import { generate } from './handlers/generate.ts'
import { createStoreProbe, healthz, readyz, type StoreProbe } from './handlers/health.ts'
import { countInputTokens } from './handlers/input-tokens.ts'
import { createInvite, deleteInvite, listInvites } from './handlers/invites.ts'
import { openApi } from './handlers/openapi.ts'
import { createKey, deleteKey, editKey, listKeys, maxKeyBytes } from './handlers/keys.ts'
import { getStatus, getUsageOfAll, listErrors } from './handlers/operation.ts'
import { linkSeat, listSeats, removeSeat } from './handlers/seats.ts'
import { answerSocket } from './handlers/responses-socket.ts'
import { deleteResponse, getResponse, listInputItems } from './handlers/stored-responses.ts'
import { closeSession, deleteDevice, getSession, listDevices, offerDevice, openSession } from './handlers/sessions.ts'
import { usage } from './handlers/usage.ts'
import { usageHistory } from './handlers/usage-history.ts'
import { listQuestions, witness } from './handlers/witness.ts'
import type { OperationId } from './openapi/operations.ts'
import type { Route } from './route.ts'
import { notWebSocket } from './socket.ts'

export function createRoutes (core: Core, isLeaving: () => boolean): readonly Route[] {
  const deviceFlow = createDeviceFlow(core)
  const probeStore = createStoreProbe(core)
  const operators = adminRoutes(core, probeStore)
  const models = sharedModels(core)
  const takingKey = (route: Route): Route => ({ ...route, takesKeyInUrl: true })
  const small = (route: Route): Route => ({ ...route, maxBytes: maxKeyBytes })
  const site = (
    operation: OperationId,
    methods: readonly string[],
    path: string,
    handler: Handler,
    renderError = renderAccountError,
  ): Route => ({ operation, methods, path, handler, renderError, scope: 'site', maxBytes: maxFormBytes })
  const api = (
    operation: OperationId,
    method: string,
    path: string,
    handler: Handler,
    renderError = renderOpenAiError,
  ): Route[] =>
    underEveryBase(path).map(full => ({ operation, methods: [method], path: full, handler, renderError, scope: 'api' }))
  const openSocket = (dialect: Dialect, form: SocketForm): Route[] =>
    api('openResponsesSocket', 'GET', clientPath(dialect), refuseWithoutSocket, dialect.renderError).map(route => ({
      ...route,
      socket: answerSocket(core, dialect, form),
    }))
  const probe = (operation: OperationId, method: string, paths: readonly string[], handler: Handler): Route[] =>
    paths.map(path => ({ operation, methods: [method], path, handler, renderError: renderOpenAiError, scope: 'probe' }))

  const routes: readonly Route[] = [site('saveUser', ['POST'], '/', saveUser(core), renderFormError),
    site('changePassword', ['POST'], '/users/password', changePassword(core), renderFormError),
    site('deleteUser', ['POST'], '/users/delete', deleteUser(core), renderFormError),
    site('openSession', ['POST'], '/session', openSession(core)),
    site('offerDevice', ['POST'], '/session/device-code', offerDevice(core)),
    site('getSession', ['GET'], '/session', getSession(core)),
    site('closeSession', ['DELETE'], '/session', closeSession(core)),
    site('startDeviceFlow', ['GET', 'POST'], '/github/get-device-code', deviceFlow.start),
    site('pollDeviceFlow', ['POST'], '/github/poll-device-code', deviceFlow.poll),
    site('getHealth', ['GET', 'HEAD'], '/healthz', healthz(isLeaving)),
    site('getReadiness', ['GET', 'HEAD'], '/readyz', readyz(core, isLeaving, probeStore)),
    site('getOpenApi', ['GET', 'HEAD'], '/openapi.json',
      openApi(() => [...routes.filter(route => !operators.includes(route)), ...operators], core.version)),
    ...scriptPaths.map(path => site('getConnectScript', ['GET', 'HEAD'], path, connectScript(core, path))),
    ...core.config.adminToken === null
      ? []
      : operators.filter(({ operation }) => operation !== 'getMetrics' || core.exposition !== null),
    ...core.dialects.flatMap(dialect =>
      api(operationOf[dialect.name], 'POST', clientPath(dialect), generate(core, dialect), dialect.renderError)
    ), ...core.dialects.flatMap(dialect => dialect.socket === undefined ? [] : openSocket(dialect, dialect.socket)),
    ...core.dialects.filter(dialect => dialect.name === 'openai-responses').flatMap(
      dialect => [
        ...api('countInputTokens', 'POST', '/responses/input_tokens', countInputTokens(core, dialect),
          dialect.renderError),
        ...api('getResponse', 'GET', '/responses/:id', getResponse(core, dialect), dialect.renderError),
        ...dialect.compactions === undefined
          ? []
          : api('compactResponse', 'POST', '/responses/compact', compactResponse(core, dialect, dialect.compactions),
            dialect.renderError),
        ...api('listInputItems', 'GET', '/responses/:id/input_items', listInputItems(core, dialect)),
      ]
    ), ...api('deleteResponse', 'DELETE', '/responses/:id', deleteResponse(core)),
    ...core.dialects.filter(dialect => dialect.name === 'anthropic-messages').flatMap(dialect =>
      api('countTokens', 'POST', '/messages/count_tokens', countTokens(core, dialect), dialect.renderError)
    ),
    ...api('createEmbedding', 'POST', '/embeddings', embeddings(core)).map(route => ({ ...route,
      maxBytes: maxEmbeddingsBytes })
    ), ...api('searchForCodex', 'POST', '/alpha/search', alphaSearch(core)),
    ...api('listModels', 'GET', '/models', models.list, renderSharedError).map(takingKey),
    ...api('getModel', 'GET', '/models/:id', models.one, renderSharedError).map(takingKey), ...googleRoutes(core),
    ...api('listKeys', 'GET', '/keys', listKeys(core)),
    ...api('createKey', 'POST', '/keys', createKey(core)).map(small),
    ...api('editKey', 'PATCH', '/keys/:id', editKey(core)).map(small),
    ...api('deleteKey', 'DELETE', '/keys/:id', deleteKey(core)).map(small),
    ...api('listSeats', 'GET', '/seats', listSeats(core)),
    ...api('linkSeat', 'PUT', '/seats/:name', linkSeat(core)).map(small),
    ...api('removeSeat', 'DELETE', '/seats/:name', removeSeat(core)).map(small),
    ...api('listDevices', 'GET', '/devices', listDevices(core)),
    ...api('deleteDevice', 'DELETE', '/devices/:id', deleteDevice(core)).map(small),
    ...api('getUsage', 'GET', '/usage', usage(core)),
    ...api('getUsageHistory', 'GET', '/usage/history', usageHistory(core)),
    ...api('getConnectPlan', 'GET', '/connect/:client', connectPlan(core)),
    ...api('listWitnessQuestions', 'GET', '/witness', listQuestions),
    ...api('runWitness', 'POST', '/witness', witness(core)).map(route => ({ ...route, maxBytes: maxFormBytes })),
    ...probe('probe', 'HEAD', [...underEveryBase(''), ...underEveryBase('/'), '/:username/api/hello'],
      async () => ({ status: 200, headers: {}, body: null }))]
  return routes
}

const operationOf = { 'openai-chat': 'createChatCompletion', 'openai-responses': 'createResponse',
  'anthropic-messages': 'createMessage' } as const satisfies Record<DialectName, OperationId>

/**
 * All routes of the operator. The settings and the runtime decide which of them are served. A session is opened and
 * ended without one.
 */
function adminRoutes (core: Core, probe: StoreProbe): Route[] {
  const admin = (
    operation: OperationId,
    method: string,
    path: string,
    handler: Handler,
    scope: Route['scope'] = 'admin',
  ): Route => ({ operation, methods: [method], path, handler, scope, renderError: renderAdminError,
    maxBytes: maxFormBytes })
  return [admin('openOperatorSession', 'POST', '/admin/session', openOperatorSession(core), 'site'),
    admin('closeOperatorSession', 'DELETE', '/admin/session', closeOperatorSession(core), 'site'),
    admin('getStatus', 'GET', '/admin/status', getStatus(core, probe)),
    admin('listUsers', 'GET', '/admin/users', listUsers(core)),
    admin('expelUser', 'DELETE', '/admin/users/:username', expelUser(core)),
    admin('getUsageOfAll', 'GET', '/admin/usage', getUsageOfAll(core)),
    admin('listInvites', 'GET', '/admin/invites', listInvites(core)),
    admin('createInvite', 'POST', '/admin/invites', createInvite(core)),
    admin('deleteInvite', 'DELETE', '/admin/invites/:id', deleteInvite(core)),
    admin('listErrors', 'GET', '/admin/errors', listErrors(core)),
    admin('downloadBackup', 'GET', '/admin/backup', downloadBackup(core)),
    admin('getMetrics', 'GET', '/metrics', metrics(core))]
}

/** A runtime that cannot switch the protocol of this request calls it. */
const refuseWithoutSocket: Handler = async () => {
  throw notWebSocket()
}

/** Copilot serves Messages below `/v1`, and only Messages. In our paths, `/v1` belongs to the base. */
function clientPath ({ path }: Dialect): string {
  return path.replace(/^\/v1/, '')
}

/** People paste base URLs with and without `/v1`, and tools add another. */
function underEveryBase (path: string): string[] {
  return ['/v1', '', '/v1/v1'].map(base => `/:username${base}${path}`)
}
